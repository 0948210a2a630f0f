import { type AdFigures, computeInsight, computeSaleInsight } from '../advertising/insight.ts';

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
    clicks: insight.clicks,
    cpc: insight.costPerClick,
    cpm: insight.costPerThousandImpressions,
    ctr: insight.clickThroughRate,
    impressions: insight.impressions,
    spend: insight.spend,
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
