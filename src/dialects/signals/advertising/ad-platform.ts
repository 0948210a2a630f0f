import type { AdAccountFacts } from './ad-account-store.ts';
import type { DayScope, DaySpan } from './ad-day-store.ts';
import type { Ad, AdCampaign, AdDay } from './advertising.ts';

/** Why a platform did not answer what it was asked. Words are for an operator: no token and no personal data is in them. */
export type PlatformFailure =
  /** Only a new token helps. */
  | { readonly kind: 'token-rejected'; readonly reason: string }
  /** It asks for patience; `retryAfterSeconds` is what it said, or our guess. */
  | { readonly kind: 'rate-limited'; readonly reason: string; readonly retryAfterSeconds: number }
  /** Network, time-outs, its own faults: after some attempts. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** It answered, and not with what was asked for: no permission, or not the documented form. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Our own time was up, or the process is ending. */
  | { readonly kind: 'out-of-time' };

export type PlatformAnswer<Value> = { readonly kind: 'answer'; readonly value: Value } | PlatformFailure;

/** An ad as the platform tells of it, with its campaign. */
export interface PlatformAd {
  readonly ad: Ad;
  readonly campaign: AdCampaign | undefined;
}

/** What was asked for by id. What the platform does not have is in neither. */
export interface Found<Value> {
  readonly found: readonly Value[];
  /** Ids that the token has no permission for: whether they are there is not known. */
  readonly hidden: readonly string[];
}

/** An ad's day, with what it says of the ad beside: the ad may be known by nothing else. */
export interface PlatformDay extends AdDay {
  readonly adName: string | null;
  readonly adSetId: string | null;
  readonly adSetName: string | null;
  readonly campaignId: string | null;
  readonly campaignName: string | null;
}

/** What ads and their numbers are read from, under one token. Each method answers everything, over however many pages. */
export interface AdPlatform {
  listAdAccounts(): Promise<PlatformAnswer<AdAccountFacts[]>>;
  readAdAccount(id: string): Promise<PlatformAnswer<AdAccountFacts>>;
  listCampaigns(adAccountId: string): Promise<PlatformAnswer<AdCampaign[]>>;
  /** Of an account or a campaign: all but deleted ones. */
  listAds(scope: Exclude<DayScope, { readonly adId: string }>): Promise<PlatformAnswer<PlatformAd[]>>;
  /** By id, deleted ones too. */
  readAds(ids: readonly string[]): Promise<PlatformAnswer<Found<PlatformAd>>>;
  readCampaigns(ids: readonly string[]): Promise<PlatformAnswer<Found<AdCampaign>>>;
  /** Names of pages by id, as far as the token may read them. */
  readPageNames(ids: readonly string[]): Promise<PlatformAnswer<ReadonlyMap<string, string>>>;
  /** Numbers by ad and day. Days on which nothing happened are left out. */
  readDays(scope: DayScope, span: DaySpan): Promise<PlatformAnswer<PlatformDay[]>>;
}

export interface PlatformLimits {
  /** Milliseconds since the epoch: nothing is begun that can't end by then. */
  readonly deadline: number;
  /** The process is ending. */
  readonly signal: AbortSignal;
}

/** Opens a platform under a token. */
export type ConnectPlatform = (accessToken: string, limits: PlatformLimits) => AdPlatform;
