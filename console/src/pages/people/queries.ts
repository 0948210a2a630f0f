import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';

/** Who was forgotten last. */
export function erasuresQuery(workspace: string) {
  return queryOptions({
    queryKey: ['erasures', workspace],
    queryFn: async () => {
      const params = { path: { workspace }, query: { limit: 20 } };
      return (await take(api.GET('/workspaces/{workspace}/erasures', { params }))).erasures;
    },
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ finishedAt }) => finishedAt === null) ? 2_000 : false,
  });
}
