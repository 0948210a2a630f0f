import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { timeOrNull } from '../../../native/date-times.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { badNext, wrong } from '../../../native/refusals.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import { isDay } from '../advertising/plan-days.ts';
import {
  type AdsWanted,
  type ListedAdDay,
  listAdDays,
  listSummedAds,
  type SummedAd,
} from '../advertising/query/ad-sums.ts';
import { AdDaysQuery, AdDaysReply, AdsQuery, AdsReply } from './ad-schemas.ts';

/** Ads and their numbers as they are known, whether Meta or somebody by hand has told of them. */
export function registerAdFigures(scope: FastifyInstance, services: NativeServices): void {
  registerOperations(scope, services, reads, { tag: 'Native: Signals', compile: compileNative });
}

const reads: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/signals/ads',
    summary: 'Ads with their campaigns, and what their days come to',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: AdsQuery },
    replies: { 200: AdsReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query }) => {
      const wanted = wantedBy(query);
      const found = await listSummedAds(services.database, workspace.id, wanted, query.after);
      const page = found.slice(0, query.limit);
      return {
        ads: page.map(presentAd),
        next: found.length > query.limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/signals/ad-days',
    summary: 'The daily numbers of ads, oldest day first',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: AdDaysQuery },
    replies: { 200: AdDaysReply, ...errors(404) },
    handle: async ({ services, access: { workspace }, query }) => {
      const after = query.next === undefined ? null : positionIn(query.next);
      const found = await listAdDays(services.database, workspace.id, wantedBy(query), after);
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      return {
        days: page.map(presentDay),
        next: found.length > query.limit && last ? `${last.day}.${last.adId}` : null,
      };
    },
  }),
];

/** One more than the page, so that its end is seen. @throws RequestError `invalid-request` */
function wantedBy({ ad, campaign, since, until, limit }: Static<typeof AdDaysQuery>): AdsWanted {
  for (const [name, day] of Object.entries({ since, until }))
    if (day !== undefined && !isDay(day))
      throw wrong(
        `querystring/${name}`,
        `querystring/${name} is no day of the calendar: write year, month and day, as 2026-03-01.`,
      );
  return {
    adId: ad ?? null,
    campaignId: campaign ?? null,
    since: since ?? null,
    until: until ?? null,
    limit: limit + 1,
  };
}

/** Behind which day and ad a page ended. @throws RequestError `invalid-request` */
function positionIn(text: string): { readonly day: string; readonly adId: string } {
  const dot = text.indexOf('.');
  const [day, adId] = [text.slice(0, dot), text.slice(dot + 1)];
  if (!isDay(day)) throw badNext();
  return { day, adId };
}

function presentAd(ad: SummedAd): Static<typeof AdsReply>['ads'][number] {
  const { account, adSetId, campaignId, pageId } = ad;
  return {
    id: ad.id,
    name: ad.name,
    status: ad.status,
    adAccount: account && { id: account.id, name: account.name, currency: account.currency },
    campaign: campaignId === null ? null : { id: campaignId, name: ad.campaignName },
    adSet: adSetId === null ? null : { id: adSetId, name: ad.adSetName, status: ad.adSetStatus },
    page: pageId === null ? null : { id: pageId, name: ad.pageName },
    createdTime: timeOrNull(ad.createdTime),
    updatedTime: timeOrNull(ad.updatedTime),
    clicks: ad.clicks,
    impressions: ad.impressions,
    spend: Number(ad.spend),
  };
}

function presentDay({ adId, day, clicks, impressions, spend, currency }: ListedAdDay) {
  return { adId, day, clicks, impressions, spend: Number(spend), currency };
}
