import { refuseArchived, type SourceName } from '../core/source/source.ts';
import { RequestError } from '../errors.ts';
import type { Outcome, SubmissionOutcome } from './outcome.ts';

/**
 * The outcomes of a submission, or the error that tells the client to send it again, or that its source is archived. `refuse`: as the
 * vendor words that.
 */
export function committedOutcomes(
  outcome: SubmissionOutcome,
  refuse: (source: SourceName) => RequestError = refuseArchived,
): readonly Outcome[] {
  if (outcome.kind === 'committed') return outcome.outcomes;
  if (outcome.kind === 'source-archived') throw refuse(outcome.source);
  throw new RequestError('overloaded', undefined, { retryAfterSeconds: outcome.afterSeconds });
}
