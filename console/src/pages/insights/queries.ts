import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, done, take } from '../../api/client.ts';
import { type Asked, daysOf, shownGroups } from './asked.ts';

export function chartQuery(workspace: string, timeZone: string, asked: Asked) {
  const { metrics, span, interval, groupBy, compare } = asked;
  const query = {
    metrics: metrics.join(','),
    ...daysOf(span, timeZone),
    interval,
    ...(groupBy === null ? {} : { groupBy }),
    limit: shownGroups,
    compare,
  };
  return queryOptions({
    queryKey: ['insights', workspace, query],
    queryFn: () =>
      take(api.GET('/workspaces/{workspace}/insights', { params: { path: { workspace }, query } })),
    placeholderData: keepPreviousData,
    // What moves with the calendar shows what has come in meanwhile.
    refetchInterval: 'days' in span ? 60_000 : false,
  });
}

export type Answer = Awaited<ReturnType<NonNullable<ReturnType<typeof chartQuery>['queryFn']>>>;
export type AnsweredMetric = Answer['metrics'][number];
export type Series = AnsweredMetric['series'][number];

/** Which point of a chart is explained. */
export interface Point {
  readonly metric: string;
  /** Null: all intervals. */
  readonly at: string | null;
  /** Null: everything. */
  readonly group: string | null;
}

/** The rows behind a point, page by page. `except`: the groups that the chart shows by themselves. */
export function readRows(
  workspace: string,
  timeZone: string,
  { span, interval, groupBy }: Asked,
  { metric, at, group }: Point,
  except: readonly string[],
  next: string | null,
) {
  const query = {
    metric,
    ...daysOf(span, timeZone),
    interval,
    ...(at === null ? {} : { at }),
    ...(groupBy === null || group === null ? {} : { groupBy, group }),
    ...(group === '(other)' ? { except: except.map(encodeURIComponent).join(',') } : {}),
    limit: 50,
    ...(next === null ? {} : { next }),
  };
  return take(
    api.GET('/workspaces/{workspace}/insights/explain', { params: { path: { workspace }, query } }),
  );
}

export type Explanation = Awaited<ReturnType<typeof readRows>>;

/** All event types, in the order of their names. */
export function typesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['event-types', workspace, 'insights'],
    queryFn: async () => {
      const query = { limit: 1000 };
      const { eventTypes } = await take(
        api.GET('/workspaces/{workspace}/event-types', { params: { path: { workspace }, query } }),
      );
      return eventTypes.toSorted((one, other) => one.name.localeCompare(other.name));
    },
    staleTime: 60_000,
  });
}

export function metricKeysQuery(workspace: string) {
  return queryOptions({
    queryKey: ['insights', workspace, 'metrics'],
    queryFn: async () =>
      (await take(api.GET('/workspaces/{workspace}/insights/metrics', { params: { path: { workspace } } })))
        .metrics,
    staleTime: 60_000,
  });
}

export function viewsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['views', workspace],
    queryFn: async () =>
      (await take(api.GET('/workspaces/{workspace}/views', { params: { path: { workspace } } }))).views,
  });
}

export type View = Awaited<ReturnType<NonNullable<ReturnType<typeof viewsQuery>['queryFn']>>>[number];

/** Saves a question under a name: as a new view, or in place of one. */
export function saveView(workspace: string, id: string | null, name: string, asked: Asked) {
  const body = { name, question: { ...asked, metrics: [...asked.metrics] } };
  return id === null
    ? take(api.POST('/workspaces/{workspace}/views', { params: { path: { workspace } }, body }))
    : take(
        api.PUT('/workspaces/{workspace}/views/{viewId}', {
          params: { path: { workspace, viewId: id } },
          body,
        }),
      );
}

export async function deleteView(workspace: string, viewId: string): Promise<void> {
  const params = { path: { workspace, viewId } };
  await done(api.DELETE('/workspaces/{workspace}/views/{viewId}', { params }));
}
