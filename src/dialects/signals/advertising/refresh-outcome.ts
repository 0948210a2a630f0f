import type { PlatformFailure } from './ad-platform.ts';
import type { RefreshState } from './advertising.ts';

/** What became of a refresh. Only `refreshed` means that everything is there. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed' }
  /** The workspace has no such ad, campaign or account. */
  | { readonly kind: 'unknown' }
  /** Another refresh of the account is under way. */
  | { readonly kind: 'busy' }
  /** No Facebook account with a token opens it. */
  | { readonly kind: 'not-connected' }
  | PlatformFailure;

const minute = 60_000;
const dayMilliseconds = 24 * 60 * minute;
/** Limits are counted by the hour. */
const leastLimitWait = 15 * minute;
const unreachableWait = 30 * minute;
const resumeWait = minute;

/** What an account's row says of an outcome. */
export function stateOf(outcome: RefreshOutcome): { state: RefreshState; error: string | null } {
  switch (outcome.kind) {
    case 'refreshed':
      return { state: 'ok', error: null };
    case 'out-of-time':
      return { state: 'incomplete', error: 'it took longer than it may; it goes on where it ended' };
    case 'token-rejected':
      return { state: 'token-rejected', error: `the Facebook account needs a new token (${outcome.reason})` };
    case 'rate-limited':
    case 'unreachable':
    case 'refused':
      return { state: outcome.kind, error: outcome.reason };
    default:
      return { state: 'not-connected', error: 'no Facebook account with a token opens it' };
  }
}

/** When the daily job takes the account again; null: not before somebody has done something about it. `now` in milliseconds. */
export function nextRefreshAfter(outcome: RefreshOutcome, now: number): Date | null {
  const wait = waitAfter(outcome);
  return wait === null ? null : new Date(now + wait);
}

function waitAfter(outcome: RefreshOutcome): number | null {
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
