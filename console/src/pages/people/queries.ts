import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';

/** Who has this key in whole: an e-mail address, a phone number, an id that some API knows. Nobody is asked for without one. */
export function foundPeopleQuery(workspace: string, find: string) {
  return queryOptions({
    queryKey: ['people', workspace, 'found', find],
    enabled: find !== '',
    queryFn: async () => {
      const params = { path: { workspace }, query: { search: find, limit: 50 } };
      return (await take(api.GET('/workspaces/{workspace}/people', { params }))).people;
    },
  });
}
