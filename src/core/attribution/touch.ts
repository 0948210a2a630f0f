import type { Channel } from '../campaign/channel.ts';
import type { DialectName } from '../dialect-name.ts';

/** What touches can be grouped by. */
export interface Origin {
  readonly dialect: DialectName;
  readonly channel: Channel;
  /** The integration. */
  readonly sourceId: number | null;
  readonly campaignId: string | null;
  readonly adId: string | null;
  /** The advertising platform's campaign that the ad is of. */
  readonly platformCampaign: string | null;
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
}

/** A touchpoint, as far as attribution looks at it. */
export interface Touch {
  readonly id: string;
  readonly profileId: string;
  /** The event that told of it. */
  readonly eventId: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly origin: Origin;
  /** As the arrival named its campaign: by `cid`, else by `utm_campaign`. */
  readonly campaignName: string | null;
  /** Whether the touch says what led here: an integration, a campaign, an ad, a utm or a click id. */
  readonly namesCampaign: boolean;
  /** In lower case; null where no page's referrer was told. */
  readonly referrerHost: string | null;
  /** Of the page that was arrived at. */
  readonly pageHost: string | null;
}

/** A converting event with the touches of its person that led to it. */
export interface Journey {
  readonly eventId: string;
  readonly profileId: string;
  readonly personId: string;
  /** Milliseconds since the epoch. */
  readonly convertedAt: number;
  /** Null where no value is asked for, or the event has none. `amount`: in plain decimal notation. `currency`: null of a number. */
  readonly value: { readonly amount: string; readonly currency: string | null } | null;
  /** From the beginning of the lookback up to the conversion, in no order; of very many the newest. */
  readonly touches: readonly Touch[];
}

/** The rules that leave out a touch, in the order in which they are asked. */
export const leftOutRules = [
  'after-conversion',
  'before-lookback',
  'conversion-itself',
  'excluded-referrer',
  'same-campaign',
  'direct-beside-others',
] as const;

export type LeftOut = (typeof leftOutRules)[number];

/** A touch with the rule that left it out; null: it counts. */
export interface JudgedTouch {
  readonly touch: Touch;
  readonly leftOut: LeftOut | null;
}

/**
 * The order of touches: by time, and at the same millisecond by what they say of themselves. Ids come last, since those of campaigns
 * and touchpoints follow the order of arrival, which credit must not depend on.
 */
export function compareTouches(left: Touch, right: Touch): number {
  if (left.at !== right.at) return left.at - right.at;
  const [one, other] = [orderText(left), orderText(right)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function orderText({ origin, campaignName, referrerHost, pageHost, id }: Touch): string {
  const { dialect, channel, utmSource, utmMedium, adId, sourceId, campaignId } = origin;
  const said = [dialect, channel, utmSource, utmMedium, campaignName, adId, referrerHost, pageHost];
  return JSON.stringify([...said, sourceId, campaignId, id]);
}
