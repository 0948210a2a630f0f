import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client.ts';
import type { RuleModel, Span } from '../../components/attribution/asked.ts';
import type { Asked } from '../../components/attribution/use-asked.ts';

export function campaignQuery(workspace: string, campaignKey: string) {
  return queryOptions({
    queryKey: ['campaigns', workspace, campaignKey],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/attribution/campaigns/{campaignKey}', {
          params: { path: { workspace, campaignKey } },
        }),
      ),
    staleTime: 30_000,
  });
}

export type CampaignFacts = Awaited<ReturnType<NonNullable<ReturnType<typeof campaignQuery>['queryFn']>>>;

/** What it had, brought and cost, day by day. */
export function daysQuery(
  workspace: string,
  campaignKey: string,
  { query, dateOf }: Asked,
  model: RuleModel,
) {
  const asked = { ...query, model, dateOf };
  return queryOptions({
    queryKey: ['attribution', workspace, 'days', campaignKey, asked],
    queryFn: () =>
      take(
        api.GET('/workspaces/{workspace}/attribution/campaigns/{campaignKey}/days', {
          params: { path: { workspace, campaignKey }, query: asked },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export type CampaignDays = Awaited<ReturnType<NonNullable<ReturnType<typeof daysQuery>['queryFn']>>>;
export type CampaignDay = CampaignDays['days'][number];

export function touchpointsQuery(workspace: string, campaignKey: string) {
  return infiniteQueryOptions({
    queryKey: ['campaigns', workspace, campaignKey, 'touchpoints'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/workspaces/{workspace}/attribution/campaigns/{campaignKey}/touchpoints', {
          params: {
            path: { workspace, campaignKey },
            query: { limit: 20, ...(pageParam !== undefined && { next: pageParam }) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export type Touchpoint = Awaited<
  ReturnType<NonNullable<ReturnType<typeof touchpointsQuery>['queryFn']>>
>['touchpoints'][number];

/** What was spent on an integration's campaign. */
export function outlaysQuery(workspace: string, campaignId: string) {
  return queryOptions({
    queryKey: ['campaigns', workspace, campaignId, 'outlays'],
    queryFn: async () => {
      const params = { path: { workspace, campaignId }, query: { limit: 500 } };
      return (await take(api.GET('/workspaces/{workspace}/campaigns/{campaignId}/outlays', { params })))
        .outlays;
    },
  });
}

export type Outlay = Awaited<ReturnType<NonNullable<ReturnType<typeof outlaysQuery>['queryFn']>>>[number];

/** The ads of an advertising platform's campaign, with what their days of the span come to. */
export function adsQuery(
  workspace: string,
  which: { readonly campaign: string } | { readonly ad: string },
  span: Span,
) {
  const query = { ...which, ...span, limit: 500 };
  return queryOptions({
    queryKey: ['ads', workspace, query],
    queryFn: async () =>
      (await take(api.GET('/workspaces/{workspace}/signals/ads', { params: { path: { workspace }, query } })))
        .ads,
    placeholderData: keepPreviousData,
  });
}

export type Ad = Awaited<ReturnType<NonNullable<ReturnType<typeof adsQuery>['queryFn']>>>[number];
