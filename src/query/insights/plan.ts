import { divides } from '../../projections/rollups/buckets.ts';
import { type Span, spansOf } from '../../projections/rollups/zone-spans.ts';
import { dayText } from '../../store/instants.ts';
import { type Interval, isOfDays } from './interval.ts';

/** Where the counts of a time are taken from. Each instant of it is in exactly one part. */
export interface InsightPlan {
  /** Whole local days (`dayText`), `until` exclusive: of rollup_day. */
  readonly days: { readonly from: string; readonly until: string } | null;
  /** Whole quarter hours of UTC: of rollup_quarter_hour. */
  readonly quarterHours: readonly Span[];
  /** What is off that grid: of the events and metrics themselves. */
  readonly rows: readonly Span[];
}

const quarterHour = 15 * 60 * 1000;

/**
 * Whole local days are read from the days' rollup where the interval is made of days, the rest from the quarter hours', and the
 * bounds off the grid from the rows. Zones whose offset is no whole quarter hours, as all had once, are read from the rows.
 * Milliseconds since the epoch, `until` exclusive.
 */
export function planInsights(interval: Interval, timezone: string, from: number, until: number): InsightPlan {
  const days = isOfDays(interval) ? wholeDays(timezone, from, until) : undefined;
  const pieces = days
    ? [...spansOf(timezone, from, days.starts), ...spansOf(timezone, days.ends, until)]
    : spansOf(timezone, from, until);
  return { days: days ? { from: days.from, until: days.until } : null, ...onGrid(pieces) };
}

/** The whole quarter hours of some spans, and what is off that grid. */
export function onGrid(pieces: readonly Span[]): Omit<InsightPlan, 'days'> {
  const quarterHours: Span[] = [];
  const rows: Span[] = [];
  for (const piece of pieces) {
    const first = Math.ceil(piece.from / quarterHour) * quarterHour;
    const last = Math.floor(piece.until / quarterHour) * quarterHour;
    if (first >= last || piece.offset % quarterHour !== 0) {
      rows.push(piece);
      continue;
    }
    quarterHours.push({ ...piece, from: first, until: last });
    if (piece.from < first) rows.push({ ...piece, until: first });
    if (last < piece.until) rows.push({ ...piece, from: last });
  }
  return { quarterHours, rows };
}

interface WholeDays {
  readonly from: string;
  readonly until: string;
  /** When they begin and end, in milliseconds since the epoch. */
  readonly starts: number;
  readonly ends: number;
}

/** The local days that lie wholly within the time; undefined when none does. A day that the clocks came back over ends no run of them. */
function wholeDays(timezone: string, from: number, until: number): WholeDays | undefined {
  const startOf = (instant: number) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).startOfDay();
  let first = startOf(from);
  while (first.epochMilliseconds < from || !divides(first)) first = first.add({ days: 1 }).startOfDay();
  let end = startOf(until);
  while (!divides(end)) end = end.subtract({ days: 1 }).startOfDay();
  if (first.epochMilliseconds >= end.epochMilliseconds) return undefined;
  return {
    from: dayText(first.toPlainDate()),
    until: dayText(end.toPlainDate()),
    starts: first.epochMilliseconds,
    ends: end.epochMilliseconds,
  };
}
