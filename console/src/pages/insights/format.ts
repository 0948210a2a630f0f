import { formatAmount, formatCount } from '../../components/number.ts';
import type { Interval } from './route.ts';

export function formatMeasured(value: number, currency: string | null): string {
  return currency === null ? formatCount(value) : formatAmount(value, currency);
}

/** Written from the bound's own text, which is of the workspace's zone: `2026-03-29T00:00:00+01:00`. */
export function formatInterval(
  { label, since }: { readonly label: string; readonly since: string },
  interval: Interval,
): string {
  const local = new Date(`${since.slice(0, 19)}Z`);
  switch (interval) {
    case 'hour':
      return `${format(local, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })}, ${since.slice(11, 16)}`;
    case 'day':
      return format(local, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
    case 'week':
      return `${label.slice(5)} of ${label.slice(0, 4)}, from ${format(local, { day: 'numeric', month: 'short' })}`;
    case 'month':
      return format(local, { month: 'long', year: 'numeric' });
  }
}

function format(local: Date, form: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' }).format(local);
}
