import type { Landing } from './landing.ts';

/** What attribution goes by of how a touchpoint came about; kept when the detail of it is emptied to anonymize somebody. */
export interface Arrival {
  /** Of the page that was arrived at. */
  readonly pageHost?: string;
  readonly referrerHost?: string;
  /** As the address, or the message, named them. */
  readonly source?: string;
  readonly medium?: string;
  readonly campaign?: string;
  /** Whether it says what led here: an integration, a campaign, a utm or a click id. */
  readonly namesCampaign: boolean;
}

/** What a landing says of it: the campaign by `cid`, else by `utm_campaign`. */
export function arrivalOf({ host, referrerHost, wmktId, campaignSlug, utm, clickIds }: Landing): Arrival {
  const { source, medium } = utm;
  const campaign = campaignSlug ?? utm.campaign;
  const named = [wmktId, campaignSlug, ...Object.values(utm), ...Object.values(clickIds)];
  return {
    ...(host !== '' && { pageHost: host }),
    ...(referrerHost !== null && { referrerHost }),
    ...(source !== undefined && { source }),
    ...(medium !== undefined && { medium }),
    ...(campaign !== undefined && { campaign }),
    namesCampaign: named.some((name) => name !== null),
  };
}
