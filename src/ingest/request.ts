import { RequestError } from '../errors.ts';
import type { Outcome, SubmissionOutcome } from './outcome.ts';

/** The outcomes of a submission, or the error that tells the client to send it again. */
export function committedOutcomes(outcome: SubmissionOutcome): readonly Outcome[] {
  if (outcome.kind === 'committed') return outcome.outcomes;
  throw new RequestError('overloaded', undefined, { retryAfterSeconds: outcome.afterSeconds });
}
