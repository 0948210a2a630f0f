import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import { isUnderWay, type Job } from '../../api/jobs.ts';
import { type Span, spans } from './route.ts';

const hour = 60 * 60 * 1000;
const hours: Readonly<Record<Span, number>> = { day: 24, week: 7 * 24, month: 31 * 24 };

/** The shortest span up to now that an hour is in; undefined: it is longer ago. */
export function spanOf(at: string): Span | undefined {
  const age = (Date.now() - Date.parse(at)) / hour;
  return spans.find((span) => age < hours[span]);
}

/** What became of what came in, by API and hour, up to now; or of the day around an hour that is long ago. */
export function accountingQuery(workspace: string, span: Span, around?: string) {
  return queryOptions({
    queryKey: ['accounting', workspace, span, around],
    queryFn: () => {
      const until = around === undefined ? Date.now() : Date.parse(around) + 12 * hour;
      const query = {
        since: new Date(until - hours[span] * hour).toISOString(),
        until: new Date(until).toISOString(),
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
