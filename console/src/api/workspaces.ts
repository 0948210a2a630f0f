import { queryOptions } from '@tanstack/react-query';
import { api, take } from './client.ts';

/** Those that the session opens. */
export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: async () => (await take(api.GET('/workspaces'))).workspaces,
  staleTime: 30_000,
});

/** `workspace`: its slug. @throws Problem `not-found` */
export function workspaceQuery(workspace: string) {
  return queryOptions({
    queryKey: ['workspace', workspace],
    queryFn: () => take(api.GET('/workspaces/{workspace}', { params: { path: { workspace } } })),
    staleTime: 30_000,
  });
}

export type Workspace = Awaited<ReturnType<NonNullable<ReturnType<typeof workspaceQuery>['queryFn']>>>;
