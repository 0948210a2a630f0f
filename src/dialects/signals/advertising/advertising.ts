/** Ids are Meta's, as text: they are larger than 2^53. */

/** `unset`: there is none; `valid`: nothing is known against it; `rejected`: Meta refused it, a new one is needed. */
export type TokenState = 'unset' | 'valid' | 'rejected';

/** A Facebook account of the client. Its token is read by `readAccessToken` alone, and shown nowhere. */
export interface FacebookAccount {
  readonly id: string;
  readonly email: string | null;
  readonly tokenState: TokenState;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Why the last refresh failed, or that it did not. `incomplete`: it took too long, and goes on where it ended. */
export type RefreshState =
  | 'never'
  | 'ok'
  | 'incomplete'
  | 'not-connected'
  | 'token-rejected'
  | 'rate-limited'
  | 'unreachable'
  | 'refused';

export interface AdAccount {
  /** Digits, without `act_`. */
  readonly id: string;
  /** Null: no connection; its ads and numbers are imported. */
  readonly facebookAccountId: string | null;
  readonly name: string | null;
  /** ISO 4217: what `spend` is in. */
  readonly currency: string | null;
  /** IANA name: days are days in it. */
  readonly timezone: string | null;
  readonly refreshState: RefreshState;
  /** What failed, in words for an operator. */
  readonly refreshError: string | null;
  /** The last refresh that brought everything. */
  readonly refreshedAt: Date | null;
  readonly attemptedAt: Date | null;
  /** When the daily job takes it; null: never. */
  readonly nextRefreshAt: Date | null;
  /** `YYYY-MM-DD`: the oldest day that was asked for. */
  readonly backfilledFrom: string | null;
}

export interface AdCampaign {
  readonly id: string;
  readonly adAccountId: string | null;
  readonly name: string | null;
  readonly status: string | null;
  readonly startTime: Date | null;
  readonly stopTime: Date | null;
  readonly pageId: string | null;
  readonly pageName: string | null;
}

export interface Ad {
  readonly id: string;
  readonly adAccountId: string | null;
  readonly campaignId: string | null;
  readonly adSetId: string | null;
  readonly adSetName: string | null;
  readonly adSetStatus: string | null;
  readonly pageId: string | null;
  readonly pageName: string | null;
  readonly name: string | null;
  /** Meta's; `UNKNOWN` for an ad that only a message's referral has told of. */
  readonly status: string;
  /** The vendor's. */
  readonly createdTime: Date | null;
  readonly updatedTime: Date | null;
}

export const unknownAdStatus = 'UNKNOWN';
export const deletedAdStatus = 'DELETED';

/** The numbers of an ad's day, in the ad account's time zone and currency. */
export interface AdDay {
  readonly adId: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly clicks: number;
  readonly impressions: number;
  /** A decimal number as text, as exact as Meta gives it. */
  readonly spend: string;
}

/** What an id of Meta's looks like. */
export const metaIdPattern = /^\d{1,32}$/;
