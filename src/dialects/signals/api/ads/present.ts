import { type AdFigures, computeInsight, costPer, percentageOf } from '../../advertising/insight.ts';
import type { AdView, ConfiguredAdView, EventSum } from '../../advertising/query/view-ads.ts';
import { presentAccount, presentCampaign } from '../campaigns/present.ts';
import { presentInsight, presentSaleInsight } from '../present-insight.ts';
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
    clicks: insight.clicks,
    cpc: insight.costPerClick,
    cpm: insight.costPerThousandImpressions,
    ctr: insight.clickThroughRate,
    impressions: insight.impressions,
    spend: insight.spend,
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
