import { RequestError } from '../../../errors.ts';
import { TookTooLongError } from '../../../store/database-error.ts';

/** Why a search was dear, and by what it would be cheap. */
export interface Dearness {
  readonly why: string;
  readonly advice: string;
  /** The parameter that made it so. */
  readonly path: string;
}

/** What a search finds; one that was stopped is refused with what made it dear. @throws RequestError `took-too-long` */
export async function searchInTime<Found>(search: Promise<Found>, dearness: () => Dearness): Promise<Found> {
  try {
    return await search;
  } catch (error) {
    if (!(error instanceof TookTooLongError)) throw error;
    const { why, advice, path } = dearness();
    throw new RequestError(
      'took-too-long',
      `The search takes longer than the ${error.milliseconds / 1000} seconds that one may take, and was stopped: ${why}. Ask for less at once: ${advice}.`,
      { path, retryAfterSeconds: 10 },
    );
  }
}
