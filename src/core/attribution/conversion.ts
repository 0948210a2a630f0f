import type { DialectName } from '../dialect-name.ts';
import { paymentAndSignInHosts } from './excluded-referrers.ts';

/** What a conversion counts, and by which rules its touches get credit. */
export interface ConversionSettings {
  readonly event: { readonly dialect: DialectName; readonly type: string };
  /** The key of a state: an event counts while this is 1, at the state's own date. Null: each event does, when it happened. */
  readonly state: string | null;
  /** The key of the metric that is the event's value. */
  readonly metric: string | null;
  /** Of 24 hours each. */
  readonly lookbackDays: number;
  /** Hosts in lower case, each also for its subdomains: who comes back from there did not come by them. */
  readonly excludedReferrers: readonly string[];
  /** Whether who comes from another host of the page's own site came by nothing. */
  readonly excludeOwnSite: boolean;
  /** Touches of one campaign within so many minutes are one. 0: each counts. */
  readonly sameCampaignMinutes: number;
  /** Whether direct visits count only where there is nothing else. */
  readonly directOnlyAlone: boolean;
  /** Of the model `position`, in percent: what is left of 100 is shared by the touches between. */
  readonly position: { readonly first: number; readonly last: number };
  /** Of the model `time-decay`: a touch that is so many days older has half the credit. */
  readonly halfLifeDays: number;
}

/** The rules by which a conversion's touches get credit, without what it counts. */
export type AttributionRules = Omit<ConversionSettings, 'event' | 'state' | 'metric'>;

export const defaultRules: AttributionRules = {
  lookbackDays: 30,
  excludedReferrers: paymentAndSignInHosts,
  excludeOwnSite: true,
  sameCampaignMinutes: 30,
  directOnlyAlone: true,
  position: { first: 40, last: 40 },
  halfLifeDays: 7,
};

export const longestLookbackDays = 365;
export const maximumExcludedReferrers = 200;
export const longestSameCampaignMinutes = 24 * 60;
/** A half-life may be a part of a day. */
export const halfLifeBounds = { least: 0.01, most: 365 };
