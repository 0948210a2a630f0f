import type { Grouping, InsightsSearch, Interval, Shape } from './route.ts';

/** One metric, as the builder sets it. */
export interface Metric {
  /** Whose values are summed; null: events are counted. */
  readonly key: string | null;
  /** Null: of all. */
  readonly api: string | null;
  readonly type: string | null;
}

export type Span = { readonly days: number } | { readonly since: string; readonly until: string };

/** What is asked, and how it is shown: what a saved view holds. */
export interface Asked {
  readonly metrics: readonly string[];
  readonly span: Span;
  readonly interval: Interval;
  readonly groupBy: Grouping | null;
  readonly compare: boolean;
  readonly shape: Shape;
}

export const maximumMetrics = 5;
/** Groups that are shown by themselves: as many as can be told apart. */
export const shownGroups = 5;
export const usualDays = 30;

const day = 24 * 60 * 60 * 1000;

export function readAsked({
  metrics,
  days,
  since,
  until,
  interval,
  by,
  compare,
  shape,
}: InsightsSearch): Asked {
  const span = since !== undefined && until !== undefined ? { since, until } : { days: days ?? usualDays };
  return {
    metrics: (metrics ?? 'count').split(',').slice(0, maximumMetrics),
    span,
    interval: interval ?? usualInterval(span),
    groupBy: by ?? null,
    compare: compare ?? false,
    shape: shape ?? 'line',
  };
}

/** The address of a question; what is usual is left out. */
export function searchOf({ metrics, span, interval, groupBy, compare, shape }: Asked): InsightsSearch {
  const text = metrics.join(',');
  return {
    ...(text === 'count' ? {} : { metrics: text }),
    ...('days' in span ? (span.days === usualDays ? {} : { days: span.days }) : span),
    ...(interval === usualInterval(span) ? {} : { interval }),
    ...(groupBy === null ? {} : { by: groupBy }),
    ...(compare ? { compare } : {}),
    ...(shape === 'line' ? {} : { shape }),
  };
}

function usualInterval(span: Span): Interval {
  const days = lengthOf(span);
  if (days <= 2) return 'hour';
  if (days <= 100) return 'day';
  return days <= 800 ? 'week' : 'month';
}

/** As many intervals as the API answers at once. */
const maximumSlots = 2000;

export function isAnswerable(interval: Interval, span: Span): boolean {
  return (
    lengthOf(span) * (interval === 'hour' ? 24 : 1) <= maximumSlots ||
    interval === 'week' ||
    interval === 'month'
  );
}

function lengthOf(span: Span): number {
  return 'days' in span ? span.days : (Date.parse(span.until) - Date.parse(span.since)) / day;
}

/** The days of a span, of which the last is today in the workspace's zone. */
export function daysOf(span: Span, timeZone: string): { readonly since: string; readonly until: string } {
  if (!('days' in span)) return span;
  const until = addDays(todayIn(timeZone), 1);
  return { since: addDays(until, -span.days), until };
}

export function todayIn(timeZone: string): string {
  // Swedes write a date as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date());
}

export function addDays(text: string, days: number): string {
  return new Date(Date.parse(`${text}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

/** Reads a metric as the API writes it. */
export function readMetric(text: string): Metric {
  const [measure, ...parts] = text.split(':');
  const key = measure === 'sum' ? decode(parts.shift() ?? '') : null;
  const [api, ...names] = parts;
  return { key, api: api ?? null, type: names.length > 0 ? decode(names.join(':')) : null };
}

/** Writes it so that a comma in a name ends nothing. */
export function writeMetric({ key, api, type }: Metric): string {
  const measure = key === null ? 'count' : `sum:${encodeURIComponent(key)}`;
  const of = api === null ? '' : `:${api}`;
  return `${measure}${of}${api === null || type === null ? '' : `:${encodeURIComponent(type)}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
