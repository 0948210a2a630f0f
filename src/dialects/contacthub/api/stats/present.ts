import type { DayRange } from '../../analytics/day-range.ts';
import { formatVendorDate } from '../../documents/dates.ts';

/** What was asked for, with what was left out and what was moved. */
export function presentParameters(
  { start, end }: Pick<DayRange, 'start' | 'end'>,
  others: Readonly<Record<string, string | null>>,
) {
  return { start: formatVendorDate(start), end: formatVendorDate(end), ...others };
}

/** A count in each interval (ruling 10). */
export function presentIntervals(
  intervals: readonly Temporal.PlainDate[],
  countOf: (datetime: string, place: number) => number,
) {
  return intervals.map((day, place) => {
    const datetime = day.toString();
    return { datetime, value: String(countOf(datetime, place)) };
  });
}
