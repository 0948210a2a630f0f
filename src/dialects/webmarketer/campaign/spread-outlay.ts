import type { Outlay } from './outlay.ts';

/** A local day: `YYYY-MM-DD`, and when it begins, in milliseconds since the epoch. */
export interface LocalDay {
  readonly day: string;
  readonly starts: number;
}

export function localDayOf(timezone: string, day: Temporal.PlainDate): LocalDay {
  return { day: day.toString(), starts: day.toZonedDateTime(timezone).epochMilliseconds };
}

/** The days of a time zone from `since` on, and behind them `until`, at whose beginning they end. */
export function localDaysOf(timezone: string, since: string, until: string): LocalDay[] {
  const days: LocalDay[] = [];
  const end = Temporal.PlainDate.from(until);
  for (let day = Temporal.PlainDate.from(since); ; day = day.add({ days: 1 })) {
    days.push(localDayOf(timezone, day));
    if (Temporal.PlainDate.compare(day, end) >= 0) return days;
  }
}

/** What of an outlay falls on a day, or on all days before the next of those that are given, in the smallest units of its currency. */
export interface DayShare {
  readonly day: string;
  readonly units: bigint;
}

/**
 * Spreads an outlay evenly over its time: each day gets what has been spent by its end less what had been spent by its beginning, both to
 * the smallest unit. So the shares of all its days sum to it, whichever of them are asked for; a day of 23 hours gets less than one of 25.
 */
export function spreadOutlay(
  { startsAt, endsAt }: Pick<Outlay, 'startsAt' | 'endsAt'>,
  units: bigint,
  days: readonly LocalDay[],
): DayShare[] {
  const [starts, ends] = [startsAt.getTime(), endsAt.getTime()];
  const total = BigInt(ends - starts);
  const spentBy = (instant: number) => {
    const elapsed = BigInt(Math.min(Math.max(instant, starts), ends) - starts);
    return (2n * units * elapsed + total) / (2n * total);
  };
  const shares: DayShare[] = [];
  for (let index = firstDayOf(days, starts); index < days.length - 1; index++) {
    const day = days[index];
    const next = days[index + 1];
    if (!day || !next || day.starts >= ends) break;
    shares.push({ day: day.day, units: spentBy(next.starts) - spentBy(day.starts) });
  }
  return shares;
}

/** The day within which the instant lies, or the first where it lies before. */
function firstDayOf(days: readonly LocalDay[], instant: number): number {
  let [low, high] = [0, days.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((days[middle]?.starts ?? 0) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
