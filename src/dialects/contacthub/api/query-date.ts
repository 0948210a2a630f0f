import { RequestError } from '../../../errors.ts';
import { parseQueryDate } from '../documents/dates.ts';

/** A date-time of a query; null where it is not given. @throws RequestError */
export function dateOf(parameter: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const date = parseQueryDate(text);
  if (!date)
    throw new RequestError(
      'invalid-request',
      `${parameter} must be a date-time, as 2026-03-01T12:00:00.000+0000`,
      { path: parameter },
    );
  return date;
}
