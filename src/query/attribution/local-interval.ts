import { localDayIn } from '../../projections/rollups/buckets.ts';
import type { Interval } from '../insights/interval.ts';
import type { ConvertedBetween } from './list-converting.ts';

export const attributionIntervals = ['day', 'week', 'month'] as const satisfies readonly Interval[];

export type AttributionInterval = (typeof attributionIntervals)[number];

/** Days of a time zone, from `since` up to, but not at, `until`: `YYYY-MM-DD`. */
export interface AskedDays {
  readonly since: string;
  readonly until: string;
}

/**
 * Clocks that go back over midnight bring an evening again: what lies so far outside of the days' bounds is looked at, too, and belongs to
 * them or not by its own local day.
 */
const margin = 3 * 60 * 60 * 1000;

/** All instants that can lie in the days. */
export function instantsOf({ since, until }: AskedDays, timezone: string): ConvertedBetween {
  return { from: startOf(since, timezone) - margin, until: startOf(until, timezone) + margin };
}

function startOf(day: string, timezone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timezone).epochMilliseconds;
}

/** The interval of the days that an instant lies in; null where none are told apart, undefined where it lies outside. */
export function intervalIn(
  { since, until }: AskedDays,
  timezone: string,
  interval: AttributionInterval | null,
): (instant: number) => string | null | undefined {
  const dayOf = localDayIn(timezone);
  const label = labelIn(interval);
  return (instant) => {
    const day = dayOf(instant);
    return day >= since && day < until ? label(day) : undefined;
  };
}

/** A function from a day to the interval that it lies in, as the rollups label it (query/insights/interval.ts). */
export function labelIn(interval: AttributionInterval | null): (day: string) => string | null {
  if (interval === null) return () => null;
  if (interval === 'day') return (day) => day;
  if (interval === 'month') return (day) => day.slice(0, 7);
  const weeks = new Map<string, string>();
  return (day) => weeks.getOrInsertComputed(day, () => weekOf(day));
}

/** The week of ISO 8601, as `2026-W01`. */
function weekOf(day: string): string {
  const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(day);
  return `${String(yearOfWeek).padStart(4, '0')}-W${String(weekOfYear).padStart(2, '0')}`;
}

/** Where the intervals of the days begin, and behind them where the last ends; the first begins with the days, and the last ends with them. */
export function boundsOf({ since, until }: AskedDays, interval: AttributionInterval | null): string[] {
  const bounds = [since];
  const end = Temporal.PlainDate.from(until);
  if (interval !== null)
    for (
      let day = nextOf(Temporal.PlainDate.from(since), interval);
      Temporal.PlainDate.compare(day, end) < 0;
      day = nextOf(day, interval)
    )
      bounds.push(day.toString());
  return [...bounds, until];
}

/** The first day of the next interval. */
function nextOf(day: Temporal.PlainDate, interval: AttributionInterval): Temporal.PlainDate {
  switch (interval) {
    case 'day':
      return day.add({ days: 1 });
    case 'week':
      return day.add({ days: 8 - day.dayOfWeek });
    case 'month':
      return day.add({ months: 1 }).with({ day: 1 });
  }
}
