import { RequestError } from '../../errors.ts';
import { maximumCounted, type TooDear } from '../../query/attribution/count-tally.ts';
import { wrong } from '../refusals.ts';

/** Why a question is not counted from the rows, and what to do; paths always are. */
export function tooDear(why: TooDear, asked: 'report' | 'paths' = 'report'): RequestError {
  const remedy =
    asked === 'paths'
      ? 'ask for fewer days.'
      : 'keep a conversion of these settings by POST …/conversions, whose sums answer at once, or ask for fewer days.';
  if (why === 'too-many')
    return wrong(
      'querystring/since',
      `There are more than ${maximumCounted} conversions in these days, too many to be counted from the rows: ${remedy}`,
    );
  return new RequestError('took-too-long', `It takes too long to count this from the rows: ${remedy}`, {
    retryAfterSeconds: 30,
  });
}
