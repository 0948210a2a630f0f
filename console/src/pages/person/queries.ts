import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';

/** By what the profiles are one, undone evidence too. */
export function linksQuery(workspace: string, personId: string) {
  return queryOptions({
    queryKey: ['person', workspace, personId, 'links'],
    queryFn: async () => {
      const params = { path: { workspace, personId } };
      return (await take(api.GET('/workspaces/{workspace}/people/{personId}/links', { params }))).links;
    },
  });
}

export type StoredLink = Awaited<ReturnType<NonNullable<ReturnType<typeof linksQuery>['queryFn']>>>[number];

const eventsPerPage = 200;

/** What happened, over all APIs, the newest first; each page goes on where the one before ended. */
export function timelineQuery(workspace: string, personId: string) {
  return infiniteQueryOptions({
    queryKey: ['person', workspace, personId, 'timeline'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { limit: eventsPerPage, ...(pageParam === undefined ? {} : { next: pageParam }) };
      const params = { path: { workspace, personId }, query };
      return take(api.GET('/workspaces/{workspace}/people/{personId}/timeline', { params }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Undoes a link; with `dryRun` nothing is stored, and the answer says what would move. */
export function undoLink(workspace: string, linkId: string, dryRun: boolean) {
  return take(
    api.POST('/workspaces/{workspace}/links/{linkId}/undo', {
      params: { path: { workspace, linkId } },
      body: { dryRun },
    }),
  );
}
