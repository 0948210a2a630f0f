import type { FastifyInstance } from 'fastify';
import type { Services } from '../../../dialect.ts';
import {
  type CampaignView,
  type Subject,
  viewAdSets,
  viewAdsOfCampaign,
  viewCampaign,
  viewCampaigns,
  viewDays,
  viewEvents,
} from '../../advertising/query/view-ads.ts';
import { notFound } from '../../errors.ts';
import { pageOf, requireAdAccount } from '../ads/operations.ts';
import { parseCampaignInsights, parsePage } from '../ads/parse.ts';
import { presentAd, presentConversions, presentKeywords } from '../ads/present.ts';
import { PageQuery, pageReply } from '../ads/schemas.ts';
import { type AppRequest, appReads, clientAppPrefix } from '../app-routes.ts';
import { presentInsight } from '../present-insight.ts';
import { presentInstant } from '../present-time.ts';
import { AdAccountParameters, CampaignParameters } from '../schemas.ts';
import { CampaignInsightsQuery } from './insight-schemas.ts';
import { beginningOf, presentAdSet, presentCampaign, presentCampaignDay } from './present.ts';
import { CampaignReply } from './schemas.ts';

/** Campaigns and their insights (docs/spec/signals.md A2). */
export function registerCampaignRoutes(app: FastifyInstance, services: Services): void {
  const read = appReads(app, services, clientAppPrefix);
  read(
    '/campaigns/account/:adAccountId',
    {
      summary: 'Get campaigns',
      params: AdAccountParameters,
      querystring: PageQuery,
      response: { 200: pageReply(CampaignReply) },
    },
    (asked) => listCampaigns(services, asked),
  );
  read(
    '/campaigns/:campaignId',
    { summary: 'Get a campaign', params: CampaignParameters, response: { 200: CampaignReply } },
    async (asked) => presentCampaign(await requireCampaign(services, asked), now(services)),
  );
  read(
    '/campaigns/:campaignId/insights',
    {
      summary: 'Get insights of a campaign',
      description:
        'A page with the campaign for each day. `format=daily`: an array of the days’ insights. `level`: pages of ad sets or ads, or an array of keywords or conversions, of the whole span.',
      params: CampaignParameters,
      querystring: CampaignInsightsQuery,
    },
    (asked) => showInsights(services, asked),
  );
}

async function listCampaigns(services: Services, asked: AppRequest): Promise<object> {
  const page = parsePage(asked.query);
  const adAccountId = await requireAdAccount(services, asked.workspace, asked.metaId('adAccountId'));
  const { views, total } = await viewCampaigns(services.database, asked, adAccountId, page);
  const date = now(services);
  return pageOf(
    views.map((view) => presentCampaign(view, date)),
    total,
    page,
  );
}

async function showInsights(services: Services, asked: AppRequest): Promise<object> {
  const question = parseCampaignInsights(asked.query);
  const found = await requireCampaign(services, asked);
  const { campaign, currency } = found;
  const { span, page, level } = question;
  const date = now(services);
  if (level === 'campaign') return listDays(services, asked, found, question);
  if (level === 'ad') {
    const { views, total } = await viewAdsOfCampaign(services.database, asked, campaign.id, span, page);
    return pageOf(
      views.map((view) => presentAd(view, date)),
      total,
      page,
    );
  }
  if (level === 'ad_set') {
    const { views, total } = await viewAdSets(services.database, asked, campaign, span, page);
    return pageOf(
      views.map((view) => presentAdSet(view, campaign.id, date, currency)),
      total,
      page,
    );
  }
  const { events, figures } = await viewEvents(services.database, asked, subjectOf(found), span);
  return level === 'keyword' ? presentKeywords(figures) : presentConversions(events, figures);
}

/** C5: as the vendor's sample, a page of campaigns, one for each day; or the array that ads have. */
async function listDays(
  services: Services,
  asked: AppRequest,
  found: CampaignView,
  { span, isDaily, page }: ReturnType<typeof parseCampaignInsights>,
): Promise<object> {
  const { campaign, currency } = found;
  const days = await viewDays(services.database, asked, subjectOf(found), span);
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

/** @throws RequestError `not-found` */
async function requireCampaign(services: Services, asked: AppRequest): Promise<CampaignView> {
  const id = asked.metaId('campaignId');
  const view = await viewCampaign(services.database, asked, id);
  if (!view) throw notFound('campaign', id, 'refresh the campaigns of its account, which are known then');
  return view;
}

function subjectOf({ campaign }: CampaignView): Subject {
  return { level: 'campaign', id: campaign.id, account: campaign.account };
}

function now(services: Services): string {
  return presentInstant(new Date(services.clock()));
}
