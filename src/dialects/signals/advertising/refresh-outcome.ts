import { SliceFailure } from '../../../jobs/job-kind.ts';
import type { PlatformFailure } from './ad-platform.ts';
import type { RefreshState } from './advertising.ts';
import type { ConnectionFailure } from './connection.ts';

/** What became of a refresh. Only `refreshed` means that everything is there. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed' }
  /** The workspace has no such ad, campaign or account. */
  | { readonly kind: 'unknown' }
  /** Another refresh of the account is under way. */
  | { readonly kind: 'busy' }
  | FailedRefresh;

/** What a refresh comes to that was begun. */
export type RefreshResult = Extract<RefreshOutcome, { readonly kind: 'refreshed' }> | FailedRefresh;

export type FailedRefresh = ConnectionFailure | PlatformFailure;

/** A refresh that has failed as a job: it is tried again by itself where time helps, with what was read so far. */
export class RefreshFailure extends SliceFailure {
  readonly outcome: FailedRefresh;

  /** `now` in milliseconds */
  constructor(outcome: FailedRefresh, now: number) {
    super(reasonOf(outcome), outcome.kind === 'refused' ? null : nextRefreshAfter(outcome, now));
    this.name = 'RefreshFailure';
    this.outcome = outcome;
  }
}

const minute = 60_000;
const dayMilliseconds = 24 * 60 * minute;
/** Limits are counted by the hour. */
const leastLimitWait = 15 * minute;
const unreachableWait = 30 * minute;
const resumeWait = minute;

/** What an account's row says of an outcome. */
export function stateOf(outcome: RefreshResult): { state: RefreshState; error: string | null } {
  switch (outcome.kind) {
    case 'refreshed':
      return { state: 'ok', error: null };
    case 'out-of-time':
      return { state: 'incomplete', error: reasonOf(outcome) };
    default:
      return { state: outcome.kind, error: reasonOf(outcome) };
  }
}

/** Why a refresh failed, in words for an operator. */
export function reasonOf(outcome: FailedRefresh): string {
  switch (outcome.kind) {
    case 'out-of-time':
      return 'it took longer than it may; it goes on where it ended';
    case 'token-rejected':
      return `the Facebook account needs a new token (${outcome.reason})`;
    case 'not-connected':
      return 'no Facebook account with a token opens it';
    default:
      return outcome.reason;
  }
}

/** When the daily job takes the account again; null: not before somebody has done something about it. `now` in milliseconds. */
export function nextRefreshAfter(outcome: RefreshResult, now: number): Date | null {
  const wait = waitAfter(outcome);
  return wait === null ? null : new Date(now + wait);
}

function waitAfter(outcome: RefreshResult): number | null {
  switch (outcome.kind) {
    case 'refreshed':
    case 'refused':
      return dayMilliseconds;
    case 'out-of-time':
      return resumeWait;
    case 'rate-limited':
      return Math.max(leastLimitWait, outcome.retryAfterSeconds * 1000);
    case 'unreachable':
      return unreachableWait;
    default:
      return null;
  }
}
