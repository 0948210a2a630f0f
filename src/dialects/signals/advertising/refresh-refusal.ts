import { RequestError } from '../../../errors.ts';
import type { RefreshOutcome } from './refresh-outcome.ts';

const busySeconds = 10;
const unreachableSeconds = 60;
/** The daily job goes on with an account that was cut off a minute later. */
const resumeSeconds = 60;

/**
 * What a refresh that did not bring everything is refused with. What Meta's side failed at is 429, 502 or 503 and never a success.
 * @throws RequestError
 */
export function requireRefreshed(outcome: RefreshOutcome): void {
  switch (outcome.kind) {
    case 'refreshed':
      return;
    case 'unknown':
      throw new RequestError('not-found');
    case 'busy':
      throw new RequestError(
        'conflict',
        'A refresh of this account is under way: read it when that is done.',
        {
          retryAfterSeconds: busySeconds,
        },
      );
    case 'not-connected':
      throw new RequestError('conflict', 'No Facebook account with a token opens it: attach one first.');
    case 'token-rejected':
      throw new RequestError(
        'upstream-failed',
        'Meta refused the token: the Facebook account needs a new one.',
      );
    case 'rate-limited':
      throw new RequestError(
        'rate-limited',
        'Meta’s rate limit is reached; try again after Retry-After seconds.',
        {
          retryAfterSeconds: outcome.retryAfterSeconds,
        },
      );
    case 'unreachable':
      throw new RequestError(
        'upstream-failed',
        'Meta could not be reached, or had a fault; try again later.',
        {
          status: 503,
          retryAfterSeconds: unreachableSeconds,
        },
      );
    case 'out-of-time':
      throw new RequestError(
        'overloaded',
        'It took longer than a request may; what was read is kept, and the daily job goes on.',
        {
          retryAfterSeconds: resumeSeconds,
        },
      );
    case 'refused':
      throw new RequestError('upstream-failed', `Meta did not give what it was asked for: ${outcome.reason}`);
  }
}
