import type { Landing } from './landing.ts';

/** Ways by which a person meets the brand. */
export const channels = [
  'custom-ads',
  'paid-search',
  'paid-social',
  'display',
  'affiliate',
  'paid',
  'email',
  'sms',
  'organic-search',
  'social',
  'referral',
  'other-campaign',
  'direct',
  'offline',
] as const;

export type Channel = (typeof channels)[number];

const searchEngine =
  /(?:^|\.)(?:google|bing|yahoo|duckduckgo|ecosia|qwant|yandex|baidu|startpage|search\.brave)\.[a-z.]+$/;
const socialNetwork =
  /(?:^|\.)(?:facebook|instagram|linkedin|twitter|x|pinterest|reddit|tiktok|youtube|snapchat|threads|whatsapp)\.[a-z]+$|(?:^|\.)(?:t\.co|lnkd\.in|youtu\.be|fb\.me)$/;

const searchNames = /^(?:google|bing|yahoo|duckduckgo|ecosia|qwant|yandex|baidu|adwords)/;
const socialNames = /^(?:facebook|fb|meta|instagram|ig|linkedin|twitter|x$|pinterest|reddit|tiktok|snapchat)/;

/** What a media's name in `utm_medium` says, by the words that are in common use. */
const mediums: readonly [RegExp, Channel][] = [
  [/^(?:e-?mail|newsletter)$/, 'email'],
  [/^(?:sms|text)$/, 'sms'],
  [/^(?:display|banner|cpm|expandable|interstitial)$/, 'display'],
  [/^affiliates?$/, 'affiliate'],
  [/^paid[-_ ]?social$/, 'paid-social'],
  [/^paid[-_ ]?search$/, 'paid-search'],
  [/^(?:social|social[-_ ](?:network|media)|sm)$/, 'social'],
  [/^organic$/, 'organic-search'],
  [/^(?:referral|link)$/, 'referral'],
];

const paidMedium = /^(?:cpc|ppc|cpv|cpa|cpp|retargeting|paid.*)$/;

/** Networks that mark the clicks on what they were paid for. Facebook marks every click, so its mark does not say paid. */
const clickChannels: Readonly<Record<string, Channel>> = {
  gclid: 'paid-search',
  gbraid: 'paid-search',
  wbraid: 'paid-search',
  msclkid: 'paid-search',
  dclid: 'display',
  ttclid: 'paid-social',
  twclid: 'paid-social',
  li_fat_id: 'paid-social',
  sccid: 'paid-social',
  rdt_cid: 'paid-social',
  epik: 'paid-social',
  yclid: 'paid-search',
  irclickid: 'affiliate',
  fbclid: 'social',
};

/** The parameters by which networks mark clicks. */
export const clickIdNames = Object.keys(clickChannels);

/** The channel that a visit came by: what the landing URL says comes before what the referrer shows. */
export function channelOfVisit(landing: Landing): Channel {
  const { source, medium, campaign } = landing.utm;
  if (medium !== undefined) {
    const named = channelOfMedium(medium.toLowerCase(), source?.toLowerCase() ?? '');
    if (named) return named;
  }
  const click = Object.keys(landing.clickIds)[0];
  if (click !== undefined) return clickChannels[click]!;
  if (source !== undefined || medium !== undefined || campaign !== undefined) return 'other-campaign';
  return channelOfReferrer(landing.host, landing.referrerHost);
}

function channelOfMedium(medium: string, source: string): Channel | undefined {
  for (const [words, channel] of mediums) if (words.test(medium)) return channel;
  if (!paidMedium.test(medium)) return undefined;
  if (searchNames.test(source)) return 'paid-search';
  return socialNames.test(source) ? 'paid-social' : 'paid';
}

function channelOfReferrer(host: string, referrerHost: string | null): Channel {
  if (referrerHost === null || withoutWww(referrerHost) === withoutWww(host)) return 'direct';
  if (searchEngine.test(referrerHost)) return 'organic-search';
  return socialNetwork.test(referrerHost) ? 'social' : 'referral';
}

function withoutWww(host: string): string {
  return host.startsWith('www.') ? host.slice(4) : host;
}

/**
 * Whether a page view is an arrival: it says which campaign or click led here, or comes from another site. The page views of a
 * visit that goes on do neither.
 */
export function isArrival(landing: Landing): boolean {
  const { wmktId, campaignSlug, utm } = landing;
  if (wmktId !== null || campaignSlug !== null || Object.keys(utm).length > 0) return true;
  return channelOfVisit(landing) !== 'direct';
}
