import type { ConversionSettings } from './conversion.ts';
import { isExcludedReferrer } from './excluded-referrers.ts';
import { compareTouches, type JudgedTouch, type LeftOut, type Touch } from './touch.ts';

/** What touches are judged for. */
export interface Occasion {
  /** Milliseconds since the epoch. */
  readonly convertedAt: number;
  /** The converting event; null: none, as for the end of a span. */
  readonly eventId: string | null;
}

const dayInMilliseconds = 24 * 60 * 60 * 1000;
const minuteInMilliseconds = 60 * 1000;

/**
 * Says of each touch of a person whether it counts for a conversion, or which rule left it out. In the order of touches, whatever the
 * order they are given in.
 */
export function judgeTouches(
  settings: ConversionSettings,
  occasion: Occasion,
  touches: readonly Touch[],
): JudgedTouch[] {
  const lastOfCampaigns = new Map<string, number>();
  const judged: JudgedTouch[] = touches.toSorted(compareTouches).map((touch) => {
    const leftOut = leftOutByItself(settings, occasion, touch) ?? repeatOf(settings, touch, lastOfCampaigns);
    return { touch, leftOut };
  });
  return settings.directOnlyAlone ? withoutDirectBesideOthers(judged) : judged;
}

/** The touches that count, in their order: what the models hand credit to. */
export function pathOf(judged: readonly JudgedTouch[]): Touch[] {
  return judged.filter(({ leftOut }) => leftOut === null).map(({ touch }) => touch);
}

function leftOutByItself(
  settings: ConversionSettings,
  { convertedAt, eventId }: Occasion,
  touch: Touch,
): LeftOut | null {
  if (touch.at > convertedAt) return 'after-conversion';
  if (touch.at < convertedAt - settings.lookbackDays * dayInMilliseconds) return 'before-lookback';
  // A visit that its own event tells of led to it; an interaction that is the conversion did not.
  if (touch.origin.channel === 'offline' && eventId !== null && touch.eventId === eventId)
    return 'conversion-itself';
  const excluded = isExcludedReferrer(touch, settings.excludedReferrers, settings.excludeOwnSite);
  return excluded ? 'excluded-referrer' : null;
}

/** Remembers the touches that count by their campaigns: the next is measured from them, not from one that was left out. */
function repeatOf(
  { sameCampaignMinutes }: ConversionSettings,
  touch: Touch,
  lastOfCampaigns: Map<string, number>,
): LeftOut | null {
  const campaign = sameCampaignMinutes > 0 ? campaignOf(touch) : undefined;
  if (campaign === undefined) return null;
  const last = lastOfCampaigns.get(campaign);
  if (last !== undefined && touch.at - last <= sameCampaignMinutes * minuteInMilliseconds)
    return 'same-campaign';
  lastOfCampaigns.set(campaign, touch.at);
  return null;
}

/** What makes two touches be of one campaign; undefined: it is of none, as a direct visit or one from another site. */
function campaignOf({ origin, namesCampaign, campaignName }: Touch): string | undefined {
  const { dialect, channel, campaignId, adId, utmSource, utmMedium } = origin;
  if (campaignId !== null) return `campaign ${campaignId}`;
  if (adId !== null) return `ad ${dialect} ${adId}`;
  return namesCampaign ? JSON.stringify([channel, utmSource, utmMedium, campaignName]) : undefined;
}

function withoutDirectBesideOthers(judged: readonly JudgedTouch[]): JudgedTouch[] {
  const somethingElse = judged.some(({ touch, leftOut }) => leftOut === null && !isDirect(touch));
  return judged.map(({ touch, leftOut }) =>
    leftOut === null && somethingElse && isDirect(touch)
      ? { touch, leftOut: 'direct-beside-others' }
      : { touch, leftOut },
  );
}

export function isDirect({ origin }: Pick<Touch, 'origin'>): boolean {
  return origin.channel === 'direct';
}
