import type { AdFigures } from '../../advertising/insight.ts';
import type { AdSetView, CampaignView, ListedAd, ListedCampaign } from '../../advertising/query/view-ads.ts';
import { presentInsight, presentSaleInsight } from '../present-insight.ts';
import { presentTime } from '../present-time.ts';

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

/** Of a day, naive as all dates of insights are (ruling 6). */
export function beginningOf(day: string): string {
  return `${day}T00:00:00`;
}
