import type { FastifyInstance } from 'fastify';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { readAdAccount } from '../../advertising/ad-account-store.ts';
import {
  currencyOf,
  type Subject,
  viewAd,
  viewAdsOfAccount,
  viewConfiguredAd,
  viewConfiguredAds,
  viewDays,
  viewEvents,
} from '../../advertising/query/view-ads.ts';
import { notFound } from '../../errors.ts';
import { readAppSettings } from '../../settings.ts';
import { type AppRequest, appReads, clientAppPrefix, legacyAppPrefix } from '../app-routes.ts';
import { beginningOf } from '../campaigns/present.ts';
import { presentInsight } from '../present-insight.ts';
import { presentInstant } from '../present-time.ts';
import { AdAccountParameters, AdParameters } from '../schemas.ts';
import { parseAdInsights, parseAdPage, parsePage } from './parse.ts';
import { presentAd, presentConversions, presentKeywords, presentLegacyAd } from './present.ts';
import {
  AdInsightsQuery,
  AdInsightsReply,
  AdReply,
  AdsQuery,
  AdsReply,
  LegacyAdAccountParameters,
  LegacyAdParameters,
  LegacyAdReply,
  LegacyAdsReply,
  PageQuery,
} from './schemas.ts';

/** Ads and their insights (docs/spec/signals.md A1). */
export function registerAdRoutes(app: FastifyInstance, services: Services): void {
  const read = appReads(app, services, clientAppPrefix);
  read(
    '/ads/account/:adAccountId',
    {
      summary: 'Get ads',
      params: AdAccountParameters,
      querystring: AdsQuery,
      response: { 200: AdsReply },
    },
    (asked) => listAds(services, asked),
  );
  read('/ads/:adId', { summary: 'Get an ad', params: AdParameters, response: { 200: AdReply } }, (asked) =>
    showAd(services, asked),
  );
  read(
    '/ads/:adId/insights',
    {
      summary: 'Get insights of an ad',
      params: AdParameters,
      querystring: AdInsightsQuery,
      response: { 200: AdInsightsReply },
    },
    (asked) => listAdInsights(services, asked),
  );
  registerLegacyRoutes(app, services);
}

function registerLegacyRoutes(app: FastifyInstance, services: Services): void {
  const read = appReads(app, services, legacyAppPrefix);
  read(
    '/ads/account/:adAccountId',
    {
      summary: 'Get ads (legacy)',
      params: LegacyAdAccountParameters,
      querystring: PageQuery,
      response: { 200: LegacyAdsReply },
    },
    (asked) => listLegacyAds(services, asked),
  );
  read(
    '/ads/:adId',
    { summary: 'Get an ad (legacy)', params: LegacyAdParameters, response: { 200: LegacyAdReply } },
    (asked) => showLegacyAd(services, asked),
  );
}

async function listAds(services: Services, asked: AppRequest): Promise<object> {
  const { campaignId, ...page } = parseAdPage(asked.query);
  const adAccountId = await requireAdAccount(services, asked.workspace, asked.metaId('adAccountId'));
  const filter = { adAccountId, campaignId };
  const { views, total } = await viewAdsOfAccount(services.database, asked, filter, page);
  const date = presentInstant(new Date(services.clock()));
  return pageOf(
    views.map((view) => presentAd(view, date)),
    total,
    page,
  );
}

async function showAd(services: Services, asked: AppRequest): Promise<object> {
  const view = await viewAd(services.database, asked, asked.metaId('adId'));
  if (!view) throw noSuchAd(asked);
  return presentAd(view, presentInstant(new Date(services.clock())));
}

async function listAdInsights(services: Services, asked: AppRequest): Promise<object> {
  const { span, level } = parseAdInsights(asked.query);
  const view = await viewAd(services.database, asked, asked.metaId('adId'));
  if (!view) throw noSuchAd(asked);
  const { id, account } = view.ad;
  const subject: Subject = { level: 'ad', id, account };
  if (level !== 'ad') {
    const { events, figures } = await viewEvents(services.database, asked, subject, span);
    return level === 'keyword' ? presentKeywords(figures) : presentConversions(events, figures);
  }
  const days = await viewDays(services.database, asked, subject, span);
  const currency = currencyOf(asked, account);
  return days.map(({ day, figures }) => presentInsight({ ad_id: id }, beginningOf(day), currency, figures));
}

async function listLegacyAds(services: Services, asked: AppRequest): Promise<object> {
  const page = parsePage(asked.query);
  const adAccountId = await requireAdAccount(services, asked.workspace, asked.metaId('adAccountId'));
  const { views, total } = await viewConfiguredAds(services.database, asked, adAccountId, page);
  const date = presentInstant(new Date(services.clock()));
  return pageOf(
    views.map((view) => presentLegacyAd(view, asked.app.externalId, date)),
    total,
    page,
  );
}

async function showLegacyAd(services: Services, asked: AppRequest): Promise<object> {
  const view = await viewConfiguredAd(services.database, asked, asked.metaId('adId'));
  if (!view) throw noSuchAd(asked);
  return presentLegacyAd(view, asked.app.externalId, presentInstant(new Date(services.clock())));
}

/** An ad is known once the account's ads were read, or a lead has come by it. */
function noSuchAd(asked: AppRequest): RequestError {
  const hint = 'refresh the ads of its account, or wait for a message of a lead that clicked on it';
  return notFound('ad', asked.metaId('adId'), hint);
}

/**
 * An ad account that is set up, or that one of the workspace's apps is bound to and nothing is known of yet.
 * @throws RequestError `not-found`
 */
export async function requireAdAccount(
  services: Services,
  workspace: Workspace,
  adAccountId: string,
): Promise<string> {
  const isBound = workspace.sources
    .values()
    .some(
      ({ dialect, settings }) =>
        dialect === 'signals' && readAppSettings(settings).adAccountId === adAccountId,
    );
  if (isBound || (await readAdAccount(services.database, workspace.id, adAccountId))) return adAccountId;
  throw notFound(
    'ad account',
    adAccountId,
    'attach it (throughline signals ad-account add), or name it in an app’s settings',
  );
}

/** C3: what was asked for is told again. */
export function pageOf(data: readonly object[], total: number, page: { offset: number; limit: number }) {
  return { data, total_count: total, offset: page.offset, limit: page.limit };
}
