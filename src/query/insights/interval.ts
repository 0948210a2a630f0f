/**
 * The intervals that are counted by (docs/spec/webmarketer.md ruling 1): each with its label of a local time. `at` is a column of the
 * type timestamp: calendars of the database, but never its time zones.
 */
const labels = {
  hour: (at: string) => datedLabel(at, 'YYYY-MM-DD"T"HH24'),
  day: (at: string) => datedLabel(at, 'YYYY-MM-DD'),
  week: (at: string) => datedLabel(at, 'IYYY-"W"IW'),
  month: (at: string) => datedLabel(at, 'YYYY-MM'),
  quarter: (at: string) => datedLabel(at, 'YYYY-"Q"Q'),
  year: (at: string) => datedLabel(at, 'YYYY'),
  hourOfDay: (at: string) => `extract(hour from ${at})::integer::text`,
  dayOfWeek: (at: string) => `extract(isodow from ${at})::integer::text`,
  monthOfYear: (at: string) => `extract(month from ${at})::integer::text`,
  weekOfYear: (at: string) => `extract(week from ${at})::integer::text`,
} as const;

/** The first hours of the year 1 are of the year 0 in the west, which PostgreSQL would show as another year 1. */
function datedLabel(at: string, form: string): string {
  const text = `to_char(${at}, '${form}')`;
  return `case when ${at} < timestamp '0001-01-01' then overlay(${text} placing '0000' from 1) else ${text} end`;
}

export type Interval = keyof typeof labels;

export const intervals = Object.keys(labels) as Interval[];

const cyclic: readonly Interval[] = ['hourOfDay', 'dayOfWeek', 'monthOfYear', 'weekOfYear'];

/** SQL of the label of a local time. */
export function labelOf(interval: Interval, at: string): string {
  return labels[interval](at);
}

/** Whether whole local days make up the interval. */
export function isOfDays(interval: Interval): boolean {
  return interval !== 'hour' && interval !== 'hourOfDay';
}

/** Cyclic intervals by their number, the others as text; the year 10000, which has local days, comes after 9999. */
export function compareLabels(interval: Interval, a: string, b: string): number {
  if (cyclic.includes(interval)) return Number(a) - Number(b);
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

const hour = 3_600_000;

/** Milliseconds of which no part can have more than so many intervals, whatever the months' lengths. */
export function longestSpan(interval: Interval, total: number): number {
  if (cyclic.includes(interval)) return Number.POSITIVE_INFINITY;
  const lengths = { hour, day: 24 * hour, week: 168 * hour, month: 672 * hour, quarter: 2160 * hour };
  const length = interval in lengths ? lengths[interval as keyof typeof lengths] : 8760 * hour;
  return (total - 1) * length;
}
