import { type Span, spansOf } from '../../projections/rollups/zone-spans.ts';
import { type AskedDays, boundsOf, labelIn } from '../attribution/local-interval.ts';
import type { Interval } from './interval.ts';

export const chartIntervals = ['hour', 'day', 'week', 'month'] as const satisfies readonly Interval[];

export type ChartInterval = (typeof chartIntervals)[number];

/** One interval of a chart; the first begins with the days that are asked for, and the last ends with them. */
export interface ChartSlot {
  /** As the rollups label it (`interval.ts`). */
  readonly label: string;
  /** The instants that it consists of, in order: one span, unless clocks came back over its bounds. Without an offset. */
  readonly spans: readonly Omit<Span, 'offset'>[];
}

/** Days as a chart looks at them. */
export interface ChartTime {
  readonly days: AskedDays;
  readonly slots: readonly ChartSlot[];
  /** All instants whose local time lies in the days, cut where the zone's clocks change. */
  readonly spans: readonly Span[];
}

const day = 24 * 60 * 60 * 1000;
/** Further from UTC than any zone has ever been, a day that was left out at the date line counted. */
const farthest = 2 * day;

/** The intervals of some days. One that has no instant, as an hour that clocks were put forward over, is none. */
export function readChartTime(days: AskedDays, interval: ChartInterval, timezone: string): ChartTime {
  const [since, until] = [readLocal(days.since), readLocal(days.until)];
  const zone = spansOf(timezone, since - farthest, until + farthest);
  const slots = localSlots(days, interval).map(({ label, from, until }) => ({
    label,
    spans: joinSpans(within(zone, from, until)),
  }));
  return { days, slots: slots.filter(({ spans }) => spans.length > 0), spans: within(zone, since, until) };
}

/** How many intervals days have at most, counted without making them. */
export function countSlots({ since, until }: AskedDays, interval: ChartInterval): number {
  const days = (readLocal(until) - readLocal(since)) / day;
  if (interval === 'hour') return days * 24;
  if (interval === 'day') return days;
  return Math.ceil(days / (interval === 'week' ? 7 : 28)) + 1;
}

interface LocalSlot {
  readonly label: string;
  /** Local times, as if they were of UTC; `until` is exclusive. */
  readonly from: number;
  readonly until: number;
}

function localSlots(days: AskedDays, interval: ChartInterval): LocalSlot[] {
  if (interval === 'hour') return hoursOf(days);
  const bounds = boundsOf(days, interval);
  const label = labelIn(interval);
  return bounds.slice(0, -1).map((since, place) => ({
    label: label(since) ?? since,
    from: readLocal(since),
    until: readLocal(bounds[place + 1] ?? since),
  }));
}

const hour = 60 * 60 * 1000;

function hoursOf({ since, until }: AskedDays): LocalSlot[] {
  const slots: LocalSlot[] = [];
  for (let from = readLocal(since); from < readLocal(until); from += hour)
    slots.push({ label: new Date(from).toISOString().slice(0, 13), from, until: from + hour });
  return slots;
}

/** The instants whose local time lies from one up to, but not at, another. */
function within(zone: readonly Span[], from: number, until: number): Span[] {
  return zone
    .map((span) => ({
      ...span,
      from: Math.max(span.from, from - span.offset),
      until: Math.min(span.until, until - span.offset),
    }))
    .filter((span) => span.from < span.until);
}

/** Spans that follow on each other as one. */
export function joinSpans(spans: readonly Omit<Span, 'offset'>[]): Omit<Span, 'offset'>[] {
  const joined: { from: number; until: number }[] = [];
  for (const { from, until } of spans) {
    const last = joined.at(-1);
    if (last?.until === from) last.until = until;
    else joined.push({ from, until });
  }
  return joined;
}

/** A day's beginning as if it were of UTC. */
function readLocal(text: string): number {
  return Date.parse(`${text}T00:00:00.000Z`);
}

/** The days before some that are compared with them: as many, but as many months before whole months. */
export function daysBefore({ since, until }: AskedDays, interval: ChartInterval): AskedDays {
  const [first, end] = [Temporal.PlainDate.from(since), Temporal.PlainDate.from(until)];
  const isOfMonths = interval === 'month' && first.day === 1 && end.day === 1;
  const length = first.until(end, { largestUnit: isOfMonths ? 'month' : 'day' });
  return { since: first.subtract(length).toString(), until: since };
}
