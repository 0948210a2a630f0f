import {
  type AdFigures,
  computeInsight,
  computeSaleInsight,
  costPer,
  type Insight,
  percentageOf,
} from '../../advertising/insight.ts';
import type {
  AdSetView,
  AdView,
  CampaignView,
  ConfiguredAdView,
  EventSum,
  ListedAd,
  ListedCampaign,
} from '../../advertising/query/view-ads.ts';
import { presentTime } from '../present-time.ts';

/** In the order of the vendor's sample (docs/spec/signals.md B1). */
export function presentAd({ ad, currency, figures, campaign, activeGroups }: AdView, date: string) {
  return {
    id: ad.id,
    ad_account_id: ad.adAccountId,
    ad_account: presentAccount(ad.account),
    ad_set: { name: ad.adSetName, status: ad.adSetStatus },
    name: ad.name,
    status: ad.status,
    created_time: presentTime(ad.createdTime),
    updated_time: presentTime(ad.updatedTime),
    campaign: campaign && presentCampaign(campaign, date),
    page: { id: ad.pageId },
    insight: presentInsight({ ad_id: ad.id }, date, currency, figures),
    sale_insight: presentSaleInsight(ad.id, date, figures),
    active_event_groups_count: activeGroups,
  };
}

/** The shape of the legacy paths (docs/spec/signals.md A1). */
export function presentLegacyAd({ ad, figures }: ConfiguredAdView, appId: string, date: string) {
  return {
    id: ad.id,
    app_id: appId,
    name: ad.name,
    status: ad.status,
    created_time: presentTime(ad.createdTime),
    updated_time: presentTime(ad.updatedTime),
    ad_account: { id: ad.adAccountId, ...presentAccount(ad.account) },
    campaign: { name: ad.campaign?.name ?? null, start_time: presentTime(ad.campaign?.startTime ?? null) },
    page: { id: ad.pageId, name: ad.pageName },
    insight: presentLegacyInsight(ad.id, figures, date),
  };
}

function presentLegacyInsight(adId: string, figures: AdFigures, date: string) {
  const insight = computeInsight(figures);
  return {
    ad_id: adId,
    date,
    ...presentDelivery(insight),
    sessions: insight.sessions,
    unique_users: insight.uniqueUsers,
    keywords_count: insight.keywords.length,
  };
}

/** Ruling 8: what each text that was looked for brought. */
export function presentKeywords({ conversations, ads }: AdFigures) {
  return conversations.keywords.map(({ keyword, events }) => ({
    keyword,
    events,
    cvr: percentageOf(events, conversations.uniqueUsers),
    cost_per_event: costPer(ads.spend, events),
  }));
}

/** Ruling 8: a summary for each event that can be a conversion. */
export function presentConversions(events: readonly EventSum[], { conversations, ads }: AdFigures) {
  return events.map((event) => ({
    type: event.type,
    type_id: event.typeId,
    type_value: event.typeValue,
    events: event.events,
    cvr: percentageOf(event.events, conversations.uniqueUsers),
    cost_per_event: costPer(ads.spend, event.events),
  }));
}

/** In the order of the vendor's sample (docs/spec/signals.md B1). */
export function presentCampaign({ campaign, currency, figures }: CampaignView, date: string) {
  const { id } = campaign;
  return {
    id,
    ad_account_id: campaign.adAccountId,
    ad_account: presentAccount(campaign.account),
    name: campaign.name,
    status: campaign.status,
    start_time: presentTime(campaign.startTime),
    stop_time: presentTime(campaign.stopTime),
    page: { id: campaign.pageId },
    insight: presentInsight({ campaign_id: id }, date, currency, figures),
    sale_insight: presentSaleInsight(id, date, figures),
  };
}

/** C5: a campaign for each day, with that day's insight. */
export function presentCampaignDay(
  campaign: ListedCampaign,
  currency: string,
  { day, figures }: { readonly day: string; readonly figures: AdFigures },
) {
  return presentCampaign({ campaign, currency, figures }, beginningOf(day));
}

export function presentAdSet(
  { adSet, figures }: AdSetView,
  campaignId: string,
  date: string,
  currency: string,
) {
  return {
    id: adSet.id,
    campaign_id: campaignId,
    name: adSet.name,
    status: adSet.status,
    insight: presentInsight({ ad_set_id: adSet.id }, date, currency, figures),
    sale_insight: presentSaleInsight(adSet.id, date, figures),
  };
}

/** C4: the whole object, whatever of it is known. */
export function presentAccount(account: ListedAd['account']) {
  return { name: account?.name ?? null, currency: account?.currency ?? null };
}

/** The instant that a day is told by: naive, as all dates of insights are (ruling 6). */
export function beginningOf(day: string): string {
  return `${day}T00:00:00`;
}

/** What the ads were shown for, in the order of the vendor's samples. */
function presentDelivery(insight: Insight) {
  return {
    clicks: insight.clicks,
    cpc: insight.costPerClick,
    cpm: insight.costPerThousandImpressions,
    ctr: insight.clickThroughRate,
    impressions: insight.impressions,
    spend: insight.spend,
  };
}

/** Whose insight it is: the vendor names the key after the level. */
export type InsightKey =
  | { readonly ad_id: string }
  | { readonly ad_set_id: string }
  | { readonly campaign_id: string };

/** In the order of the vendor's sample. @param date of a day its beginning, of a sum the time that it is told at */
export function presentInsight(key: InsightKey, date: string, currency: string, figures: AdFigures) {
  const insight = computeInsight(figures);
  return {
    ...key,
    date,
    ...presentDelivery(insight),
    currency,
    sessions: insight.sessions,
    cost_per_session: insight.costPerSession,
    cvr_clicks_to_sessions: insight.sessionRate,
    unique_users: insight.uniqueUsers,
    cost_per_unique_user: insight.costPerUniqueUser,
    cvr_clicks_to_unique_users: insight.uniqueUserRate,
    engaged: insight.engaged,
    cost_per_engagement: insight.costPerEngagement,
    cvr_unique_users_to_engaged: insight.engagementRate,
    converted: insight.converted,
    cost_per_conversions: insight.costPerConversion,
    cvr_unique_users_to_converted: insight.conversionRate,
    events: { conversation: insight.conversationEvents, keyword: insight.keywordEvents },
    keywords: insight.keywords.map(({ keyword, events, rate }) => ({ keyword, events, cvr: rate })),
  };
}

/** C7: null when nothing was sold. The vendor's key stays `ad_id` even in a campaign (B1). */
export function presentSaleInsight(id: string, date: string, figures: AdFigures) {
  const sale = computeSaleInsight(figures);
  if (!sale) return null;
  return {
    ad_id: id,
    date,
    revenue: sale.revenue,
    count: sale.count,
    roas: sale.returnOnSpend,
    cvr: sale.saleRate,
    cvr_cost: sale.costPerSale,
    ...(sale.unconverted.length > 0 ? { unconverted: sale.unconverted } : {}),
  };
}
