import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import type { Grouping, RuleModel, WholeModel } from '../../components/attribution/asked.ts';
import type { Asked } from '../../components/attribution/use-asked.ts';

/** What each group has brought and cost. */
export function reportQuery(workspace: string, { query, model, dateOf }: Asked, groupBy: Grouping) {
  const asked = { ...query, model, groupBy, dateOf };
  return queryOptions({
    queryKey: ['attribution', workspace, 'report', asked],
    queryFn: () =>
      take(api.GET('/workspaces/{workspace}/attribution', { params: { path: { workspace }, query: asked } })),
    placeholderData: keepPreviousData,
  });
}

export type Report = Awaited<ReturnType<NonNullable<ReturnType<typeof reportQuery>['queryFn']>>>;
export type ReportRow = Report['rows'][number];

/** More campaigns than that nobody looks through. */
const mostPages = 10;

/** All campaigns of all APIs, by their keys. */
export function knownCampaignsQuery(workspace: string) {
  return queryOptions({
    queryKey: ['campaigns', workspace, 'all'],
    queryFn: async () => {
      const known = new Map<string, KnownCampaign>();
      let next: string | null = null;
      for (let page = 0; page < mostPages; page++) {
        const read = await readCampaigns(workspace, next);
        for (const campaign of read.campaigns) known.set(campaign.key, campaign);
        next = read.next;
        if (next === null) break;
      }
      return known;
    },
    staleTime: 30_000,
  });
}

function readCampaigns(workspace: string, next: string | null) {
  const query = { limit: 1000, ...(next !== null && { next }) };
  return take(
    api.GET('/workspaces/{workspace}/attribution/campaigns', { params: { path: { workspace }, query } }),
  );
}

export type KnownCampaign = Awaited<ReturnType<typeof readCampaigns>>['campaigns'][number];

/** The most frequent paths before a conversion. */
export function pathsQuery(workspace: string, { query }: Asked, groupBy: Grouping, limit: number) {
  const asked = { ...query, groupBy, limit };
  return queryOptions({
    queryKey: ['attribution', workspace, 'paths', asked],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/attribution/paths', {
          params: { path: { workspace }, query: asked },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export type Paths = Awaited<ReturnType<NonNullable<ReturnType<typeof pathsQuery>['queryFn']>>>;

/** Which of the conversions are listed. */
export interface ConvertedFilter {
  readonly group?: string | undefined;
  readonly unattributed?: true | undefined;
}

/** The events behind the numbers, those first that converted last. */
export function convertedQuery(
  workspace: string,
  { query }: Asked,
  model: RuleModel,
  groupBy: Grouping,
  { group, unattributed }: ConvertedFilter,
) {
  const asked = {
    ...query,
    model,
    groupBy,
    limit: 50,
    ...(group !== undefined && { group }),
    ...(unattributed && { unattributed }),
  };
  return infiniteQueryOptions({
    queryKey: ['attribution', workspace, 'events', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/workspaces/{workspace}/attribution/events', {
          params: {
            path: { workspace },
            query: { ...asked, ...(pageParam !== undefined && { next: pageParam }) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export type Converted = Awaited<
  ReturnType<NonNullable<ReturnType<typeof convertedQuery>['queryFn']>>
>['events'][number];

/** One conversion's credit, touch by touch. */
export function creditsQuery(
  workspace: string,
  eventId: string,
  asked: Pick<Asked, 'query'>,
  model: RuleModel,
) {
  const { conversion, lookbackDays } = asked.query;
  const query = { conversion, model, ...(lookbackDays !== undefined && { lookbackDays }) };
  return queryOptions({
    queryKey: ['attribution', workspace, 'credits', eventId, query],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/conversions/{eventId}/credits', {
          params: { path: { workspace, eventId }, query },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export type Credits = Awaited<ReturnType<NonNullable<ReturnType<typeof creditsQuery>['queryFn']>>>;
export type ExplainedTouch = Credits['touches'][number];

/** The job that makes a model's result, of which the refusal of the report tells; null: none does. */
export function modelJobQuery(workspace: string, refusal: string) {
  return queryOptions({
    queryKey: ['jobs', workspace, 'model', refusal],
    queryFn: async () => {
      const params = { path: { workspace }, query: { limit: 200 } };
      const { jobs } = await take(api.GET('/workspaces/{workspace}/jobs', { params }));
      return jobs.find(({ kind, id }) => kind === 'attribution-model' && refusal.includes(id)) ?? null;
    },
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'waiting' || data?.state === 'running' ? 1_000 : false,
  });
}

/** Has the result of a data-driven model made. */
export function beginModel(workspace: string, { query }: Asked, model: WholeModel, groupBy: Grouping) {
  return take(
    api.POST('/workspaces/{workspace}/attribution/models', {
      params: { path: { workspace } },
      body: { ...query, model, groupBy },
    }),
  );
}
