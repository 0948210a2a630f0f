import { type ConversionSettings, defaultRules } from '../../../src/core/attribution/conversion.ts';
import type { Origin, Touch } from '../../../src/core/attribution/touch.ts';
import type { Channel } from '../../../src/core/campaign/channel.ts';

export const minute = 60_000;
export const day = 24 * 60 * minute;
/** When the conversions of these tests took place. */
export const convertedAt = Date.UTC(2026, 5, 30, 12);

export const settings: ConversionSettings = {
  event: { dialect: 'webmarketer', type: 'order' },
  state: null,
  metric: null,
  ...defaultRules,
};

interface TouchParts extends Partial<Omit<Touch, 'origin'>> {
  /** Milliseconds before the conversion. */
  before?: number;
  channel?: Channel;
  origin?: Partial<Origin>;
}

/** A visit from another site, an hour before the conversion, unless it is said to be something else. */
export function touch(
  id: string,
  { before = 60 * minute, channel = 'referral', origin, ...rest }: TouchParts = {},
): Touch {
  return {
    id,
    profileId: 'profile',
    eventId: null,
    at: convertedAt - before,
    origin: {
      dialect: 'webmarketer',
      channel,
      sourceId: null,
      campaignId: null,
      adId: null,
      platformCampaign: null,
      utmSource: null,
      utmMedium: null,
      ...origin,
    },
    campaignName: null,
    namesCampaign: false,
    referrerHost: null,
    pageHost: 'www.shop.example',
    ...rest,
  };
}
