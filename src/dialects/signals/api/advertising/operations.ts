import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { type AppAccess, inApp, inClientApp } from '../../access.ts';
import { readAdAccount } from '../../advertising/ad-account-store.ts';
import {
  type AdFilter,
  type AdOrCampaign,
  type AskedDays,
  type CampaignView,
  currencyOf,
  viewAd,
  viewAdSets,
  viewCampaign,
  viewCampaigns,
  viewConfiguredAd,
  viewConfiguredAds,
  viewDays,
  viewEvents,
  viewListedAds,
} from '../../advertising/query/view-ads.ts';
import { notFound } from '../../errors.ts';
import { readAppSettings } from '../../settings.ts';
import { parseMetaId } from '../parse.ts';
import { clientApp, legacyApp } from '../paths.ts';
import { presentInstant } from '../present-time.ts';
import { AdAccountParameters, AdParameters, CampaignParameters } from '../schemas.ts';
import { parseAdInsights, parseAdPage, parseCampaignInsights, parsePage } from './parse.ts';
import {
  beginningOf,
  presentAd,
  presentAdSet,
  presentCampaign,
  presentCampaignDay,
  presentConversions,
  presentInsight,
  presentKeywords,
  presentLegacyAd,
} from './present.ts';
import {
  AdInsightsQuery,
  AdInsightsReply,
  AdReply,
  AdsQuery,
  AdsReply,
  CampaignInsightsQuery,
  CampaignReply,
  CampaignsReply,
  LegacyAdAccountParameters,
  LegacyAdParameters,
  LegacyAdReply,
  LegacyAdsReply,
  PageQuery,
} from './schemas.ts';

/** Ads and their insights (docs/spec/signals.md A1). */
const adOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: `${clientApp}/ads/account/:adAccountId`,
    summary: 'Get ads',
    guard: inClientApp,
    checks: { path: AdAccountParameters },
    documents: { query: AdsQuery },
    replies: { 200: AdsReply },
    handle: async ({ services, access, path, query }) => {
      const { campaignId, ...page } = parseAdPage(query);
      const adAccountId = await requireAdAccount(services, access.workspace, path.adAccountId);
      return showAds(services, access, { adAccountId, campaignId }, { span: null, page });
    },
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/ads/:adId`,
    summary: 'Get an ad',
    guard: inClientApp,
    checks: { path: AdParameters },
    replies: { 200: AdReply },
    handle: async ({ services, access, path }) => {
      const adId = parseMetaId(path.adId);
      const view = await viewAd(services.database, access, adId);
      if (!view) throw noSuchAd(adId);
      return presentAd(view, now(services));
    },
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/ads/:adId/insights`,
    summary: 'Get insights of an ad',
    guard: inClientApp,
    checks: { path: AdParameters },
    documents: { query: AdInsightsQuery },
    replies: { 200: AdInsightsReply },
    handle: async ({ services, access, path, query }) => {
      const { span, level } = parseAdInsights(query);
      const adId = parseMetaId(path.adId);
      const view = await viewAd(services.database, access, adId);
      if (!view) throw noSuchAd(adId);
      const { id, account } = view.ad;
      const subject: AdOrCampaign = { level: 'ad', id, account };
      if (level !== 'ad') return showSums(services, access, subject, span, level);
      const days = await viewDays(services.database, access, subject, span);
      const currency = currencyOf(access, account);
      return days.map(({ day, figures }) =>
        presentInsight({ ad_id: id }, beginningOf(day), currency, figures),
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${legacyApp}/ads/account/:adAccountId`,
    summary: 'Get ads (legacy)',
    guard: inApp,
    checks: { path: LegacyAdAccountParameters },
    documents: { query: PageQuery },
    replies: { 200: LegacyAdsReply },
    handle: async ({ services, access, path, query }) => {
      const page = parsePage(query);
      const adAccountId = await requireAdAccount(services, access.workspace, path.adAccountId);
      const { views, total } = await viewConfiguredAds(services.database, access, adAccountId, page);
      const date = now(services);
      return pageOf(
        views.map((view) => presentLegacyAd(view, access.app.externalId, date)),
        total,
        page,
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${legacyApp}/ads/:adId`,
    summary: 'Get an ad (legacy)',
    guard: inApp,
    checks: { path: LegacyAdParameters },
    replies: { 200: LegacyAdReply },
    handle: async ({ services, access, path }) => {
      const adId = parseMetaId(path.adId);
      const view = await viewConfiguredAd(services.database, access, adId);
      if (!view) throw noSuchAd(adId);
      return presentLegacyAd(view, access.app.externalId, now(services));
    },
  }),
];

/** Campaigns and their insights (docs/spec/signals.md A2). */
const campaignOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: `${clientApp}/campaigns/account/:adAccountId`,
    summary: 'Get campaigns',
    guard: inClientApp,
    checks: { path: AdAccountParameters },
    documents: { query: PageQuery },
    replies: { 200: CampaignsReply },
    handle: async ({ services, access, path, query }) => {
      const page = parsePage(query);
      const adAccountId = await requireAdAccount(services, access.workspace, path.adAccountId);
      const { views, total } = await viewCampaigns(services.database, access, adAccountId, page);
      const date = now(services);
      return pageOf(
        views.map((view) => presentCampaign(view, date)),
        total,
        page,
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/campaigns/:campaignId`,
    summary: 'Get a campaign',
    guard: inClientApp,
    checks: { path: CampaignParameters },
    replies: { 200: CampaignReply },
    handle: async ({ services, access, path }) =>
      presentCampaign(await requireCampaign(services, access, path.campaignId), now(services)),
  }),
  operation({
    method: 'GET',
    path: `${clientApp}/campaigns/:campaignId/insights`,
    summary: 'Get insights of a campaign',
    description:
      'A page with the campaign for each day. `format=daily`: an array of the days’ insights. `level`: pages of ad sets or ads, or an array of keywords or conversions, of the whole span.',
    guard: inClientApp,
    checks: { path: CampaignParameters },
    documents: { query: CampaignInsightsQuery },
    handle: async ({ services, access, path, query }) => {
      const question = parseCampaignInsights(query);
      const found = await requireCampaign(services, access, path.campaignId);
      switch (question.level) {
        case 'campaign':
          return listDays(services, access, found, question);
        case 'ad':
          return showAds(services, access, { adAccountId: null, campaignId: found.campaign.id }, question);
        case 'ad_set':
          return listAdSetsOf(services, access, found, question);
        default:
          return showSums(services, access, subjectOf(found), question.span, question.level);
      }
    },
  }),
];

export const advertisingOperations: readonly Operation<Services>[] = [...adOperations, ...campaignOperations];

type CampaignQuestion = ReturnType<typeof parseCampaignInsights>;

/** C5: as the vendor's sample, a page of campaigns, one for each day; or the array that ads have. */
async function listDays(
  services: Services,
  access: AppAccess,
  found: CampaignView,
  { span, isDaily, page }: CampaignQuestion,
): Promise<object> {
  const { campaign, currency } = found;
  const days = await viewDays(services.database, access, subjectOf(found), span);
  if (isDaily) {
    return days.map(({ day, figures }) =>
      presentInsight({ campaign_id: campaign.id }, beginningOf(day), currency, figures),
    );
  }
  const shown = days.slice(page.offset, page.offset + page.limit);
  return pageOf(
    shown.map((day) => presentCampaignDay(campaign, currency, day)),
    days.length,
    page,
  );
}

async function showAds(
  services: Services,
  access: AppAccess,
  filter: AdFilter,
  { span, page }: Pick<CampaignQuestion, 'span' | 'page'>,
): Promise<object> {
  const date = now(services);
  const { views, total } = await viewListedAds(services.database, access, filter, span, page);
  return pageOf(
    views.map((view) => presentAd(view, date)),
    total,
    page,
  );
}

async function listAdSetsOf(
  services: Services,
  access: AppAccess,
  { campaign, currency }: CampaignView,
  { span, page }: CampaignQuestion,
): Promise<object> {
  const date = now(services);
  const { views, total } = await viewAdSets(services.database, access, campaign, span, page);
  return pageOf(
    views.map((view) => presentAdSet(view, campaign.id, date, currency)),
    total,
    page,
  );
}

/** Ruling 8: of the whole span, what each keyword or each conversion brought. */
async function showSums(
  services: Services,
  access: AppAccess,
  subject: AdOrCampaign,
  span: AskedDays | null,
  level: 'keyword' | 'conversion',
): Promise<object> {
  const { events, figures } = await viewEvents(services.database, access, subject, span);
  return level === 'keyword' ? presentKeywords(figures) : presentConversions(events, figures);
}

/** An ad is known once the account's ads were read, or a lead has come by it. */
function noSuchAd(adId: string): RequestError {
  const hint = 'refresh the ads of its account, or wait for a message of a lead that clicked on it';
  return notFound('ad', adId, hint);
}

/** @throws RequestError `not-found` */
async function requireCampaign(services: Services, access: AppAccess, campaignId: string) {
  const id = parseMetaId(campaignId);
  const view = await viewCampaign(services.database, access, id);
  if (!view) throw notFound('campaign', id, 'refresh the campaigns of its account, which are known then');
  return view;
}

function subjectOf({ campaign }: CampaignView): AdOrCampaign {
  return { level: 'campaign', id: campaign.id, account: campaign.account };
}

/**
 * An ad account that is set up, or that one of the workspace's apps is bound to and nothing is known of yet.
 * @throws RequestError `not-found`
 */
async function requireAdAccount(services: Services, workspace: Workspace, id: string): Promise<string> {
  const adAccountId = parseMetaId(id);
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
function pageOf(data: readonly object[], total: number, page: { offset: number; limit: number }) {
  return { data, total_count: total, offset: page.offset, limit: page.limit };
}

function now(services: Services): string {
  return presentInstant(new Date(services.clock()));
}
