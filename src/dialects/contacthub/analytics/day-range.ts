import { dayText } from '../../../store/instants.ts';

export const modes = ['DAILY', 'WEEKLY', 'MONTHLY'] as const;
export type Mode = (typeof modes)[number];

/** How far back, by the calendar of a time zone. */
export type Span = { readonly months: number } | { readonly years: number };

/** How much of each mode is answered at once ("limitation date range"). */
export const longestOf: Readonly<Record<Mode, Span>> = {
  DAILY: { years: 1 },
  WEEKLY: { years: 5 },
  MONTHLY: { years: 10 },
};

/** A time that is asked for, and the local days that it touches, which are counted whole. */
export interface DayRange {
  readonly start: Date;
  readonly end: Date;
  readonly timezone: string;
  readonly first: Temporal.PlainDate;
  /** Inclusive. */
  readonly last: Temporal.PlainDate;
}

/** No instant that is kept is earlier (core/value/instant.ts). */
const earliest = Date.parse('0001-01-01T00:00:00Z');

/**
 * The time from `start`, which is moved where it is more than `longest` before the end; `usual` before it where none is given.
 * Undefined when it begins behind its end.
 */
export function rangeOf(
  timezone: string,
  { start, end }: { readonly start: Date | null; readonly end: Date },
  { usual, longest }: { readonly usual: Span; readonly longest: Span },
): DayRange | undefined {
  const zoned = (instant: number) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
  const before = (span: Span) => Math.max(zoned(end.getTime()).subtract(span).epochMilliseconds, earliest);
  const from = Math.max(start?.getTime() ?? before(usual), before(longest));
  if (from > end.getTime()) return undefined;
  return {
    start: new Date(from),
    end,
    timezone,
    first: zoned(from).toPlainDate(),
    last: zoned(end.getTime()).toPlainDate(),
  };
}

/** The days as the database takes them. */
export function daysOf({ first, last }: Pick<DayRange, 'first' | 'last'>) {
  return { first: dayText(first), last: dayText(last) };
}

/** As many days right before. */
export function rangeBefore({ first, last }: DayRange): Pick<DayRange, 'first' | 'last'> {
  const days = first.until(last, { largestUnit: 'days' }).days + 1;
  return { first: first.subtract({ days }), last: first.subtract({ days: 1 }) };
}

/** The first days of the intervals that the range touches; of the first interval it may be a day before the range. */
export function intervalsOf({ first, last }: DayRange, mode: Mode): Temporal.PlainDate[] {
  const step = { DAILY: { days: 1 }, WEEKLY: { weeks: 1 }, MONTHLY: { months: 1 } }[mode];
  const intervals: Temporal.PlainDate[] = [];
  for (let day = intervalStart(first, mode); Temporal.PlainDate.compare(day, last) <= 0; day = day.add(step))
    intervals.push(day);
  return intervals;
}

function intervalStart(day: Temporal.PlainDate, mode: Mode): Temporal.PlainDate {
  if (mode === 'MONTHLY') return day.with({ day: 1 });
  return mode === 'WEEKLY' ? day.subtract({ days: day.dayOfWeek - 1 }) : day;
}

/** When the intervals begin, the first with the range, and when it ends: one more than there are intervals, in order. */
export function boundsOf(range: DayRange, mode: Mode): number[] {
  const [, ...others] = intervalsOf(range, mode);
  return [range.first, ...others, range.last.add({ days: 1 })].map(
    (day) => day.toZonedDateTime(range.timezone).epochMilliseconds,
  );
}
