import { arrivalOf } from '../../../core/campaign/arrival.ts';
import { type Channel, channelOfVisit, isArrival } from '../../../core/campaign/channel.ts';
import { type Landing, readLanding } from '../../../core/campaign/landing.ts';
import type { TouchpointFacts } from '../../../core/campaign/touchpoint.ts';
import { cutText } from '../../../core/cut-text.ts';
import { isRecord } from '../../../core/value/text.ts';

interface Told {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly tracking: unknown;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
}

/** As of values in a landing URL. */
const longestValue = 500;

/** What of a campaign reaches a customer, or is followed by one. */
const interactions: ReadonlyMap<string, string> = new Map([
  ['campaignSent', 'sent'],
  ['campaignOpened', 'opened'],
  ['campaignLinkClicked', 'clicked'],
]);

const channels: ReadonlyMap<unknown, Channel> = new Map([
  ['EMAIL', 'email'],
  ['SMS', 'sms'],
]);

/**
 * The contact with the brand that an event tells of: a campaign's message, or a page view that a campaign, a click or another site led to. It
 * names no campaign of an integration's: tokens of pages are anybody's, and must not make any.
 */
export function touchpointOf({ type, properties, tracking, occurredAt }: Told): TouchpointFacts | undefined {
  const none = { at: occurredAt, sourceId: null, campaign: null, adId: null, cost: null } as const;
  const interaction = interactions.get(type);
  if (interaction !== undefined) {
    const { campaignId = null, campaignName = null, channel } = properties;
    const detail = { interaction, campaignId, campaignName };
    const named = campaignId ?? campaignName;
    const campaign =
      typeof named === 'string' || typeof named === 'number'
        ? { campaign: cutText(String(named), longestValue) }
        : {};
    const arrival = { ...campaign, namesCampaign: true };
    return { ...none, channel: channels.get(channel) ?? 'other-campaign', detail, arrival };
  }
  if (type !== 'viewedPage') return undefined;
  const { url, referer } = properties;
  // Neither a parameter nor another site led to it: taken apart, it would tell no more.
  if (typeof url === 'string' && !url.includes('?') && !referer) return undefined;
  const landing =
    typeof url === 'string'
      ? readLanding(url, typeof referer === 'string' ? referer : null)
      : landingOf(tracking);
  if (!landing || !isArrival(landing)) return undefined;
  const { page, referrerHost, utm, clickIds } = landing;
  const detail = { page, referrerHost, utm, clickIds };
  return { ...none, channel: channelOfVisit(landing), detail, arrival: arrivalOf(landing) };
}

/** What `tracking.ga` tells; the browser's SDK sends it with every event of half an hour, so that it counts only where no page says more. */
function landingOf(tracking: unknown): Landing | undefined {
  const ga = isRecord(tracking) && isRecord(tracking.ga) ? tracking.ga : {};
  const names = ['source', 'medium', 'campaign', 'term', 'content'] as const;
  const utm: Landing['utm'] = Object.fromEntries(
    names.flatMap((name) => {
      const value = ga[`utm_${name}`];
      return typeof value === 'string' && value !== '' && value.length <= longestValue ? [[name, value]] : [];
    }),
  );
  return { host: '', page: '', referrerHost: null, wmktId: null, campaignSlug: null, utm, clickIds: {} };
}
