import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import { isUnderWay, type Job } from '../../api/jobs.ts';
import type { Span } from './route.ts';

const hour = 60 * 60 * 1000;
const hours: Readonly<Record<Span, number>> = { day: 24, week: 7 * 24, month: 31 * 24 };

/** What became of what came in, by API and hour, up to now. */
export function accountingQuery(workspace: string, span: Span) {
  return queryOptions({
    queryKey: ['accounting', workspace, span],
    queryFn: () => {
      const now = Date.now();
      const query = {
        since: new Date(now - hours[span] * hour).toISOString(),
        until: new Date(now).toISOString(),
      };
      return take(api.GET('/workspaces/{workspace}/accounting', { params: { path: { workspace }, query } }));
    },
    refetchInterval: 15_000,
  });
}

export type Accounting = Awaited<ReturnType<NonNullable<ReturnType<typeof accountingQuery>['queryFn']>>>;
export type Hour = Accounting['hours'][number];

/** The comparison that was asked for last; null: none by now. While one is under way it is asked for again and again. */
export function lastVerifyQuery(workspace: string) {
  return queryOptions({
    queryKey: ['verify', workspace],
    queryFn: async (): Promise<Job | null> => {
      const params = { path: { workspace }, query: { limit: 200 } };
      const { jobs } = await take(api.GET('/workspaces/{workspace}/jobs', { params }));
      return jobs.find(({ kind }) => kind === 'verify') ?? null;
    },
    refetchInterval: ({ state: { data } }) => (data && isUnderWay(data.state) ? 500 : false),
  });
}

export function beginVerify(workspace: string) {
  return take(api.POST('/workspaces/{workspace}/verify', { params: { path: { workspace } } }));
}
