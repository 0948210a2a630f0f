import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';

/** How often a page that is looked at asks again. */
const everyFiveSeconds = 5_000;

/** What became of what came in, by API and hour, of the last 24 hours. */
export function accountingQuery(workspace: string) {
  return queryOptions({
    queryKey: ['accounting', workspace, 'last-day'],
    queryFn: () => take(api.GET('/workspaces/{workspace}/accounting', { params: { path: { workspace } } })),
    refetchInterval: everyFiveSeconds,
  });
}

export type Accounting = Awaited<ReturnType<NonNullable<ReturnType<typeof accountingQuery>['queryFn']>>>;

export function peopleCountQuery(workspace: string) {
  return queryOptions({
    queryKey: ['people', workspace, 'count'],
    queryFn: () => take(api.GET('/workspaces/{workspace}/people/count', { params: { path: { workspace } } })),
    // All persons are counted, which takes its time where there are many.
    refetchInterval: 30_000,
  });
}

export function summaryQuery(workspace: string) {
  return queryOptions({
    queryKey: ['summary', workspace],
    queryFn: () => take(api.GET('/workspaces/{workspace}/summary', { params: { path: { workspace } } })),
    refetchInterval: everyFiveSeconds,
  });
}

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: () => take(api.GET('/system')),
  refetchInterval: everyFiveSeconds,
});

export type System = Awaited<ReturnType<NonNullable<(typeof systemQuery)['queryFn']>>>;
