import { isStorableInstant } from '../../../core/value/instant.ts';
import { readInstant } from '../../../store/instants.ts';

/**
 * The vendor's date-times. Clients send `Z` with or without fractions, `+00:00`, `+0000` and, where a formatter
 * shortens whole hours, `+01` (docs/spec/contacthub.md B). Every quantifier is bounded: no backtracking.
 */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/;

const CALENDAR_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

const MILLISECONDS_PER_MINUTE = 60_000;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Whether the text is `yyyy-MM-dd` and that day exists (years 1 to 9999). */
export function isCalendarDate(value: string): boolean {
  const match = CALENDAR_DATE.exec(value);
  if (match === null) return false;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/**
 * Reads a date-time in any form that clients send: an existing day, a time of day with seconds (00 to 59), up to
 * nine digits of a fraction (what is below a millisecond is cut off), and an offset. Undefined for anything else,
 * and for instants outside the years 1 to 9999 in UTC.
 */
export function parseVendorDate(value: string): Date | undefined {
  const match = DATE_TIME.exec(value);
  if (match === null) return undefined;
  const [, day = '', hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  if (!isCalendarDate(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const local = Date.parse(`${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * MILLISECONDS_PER_MINUTE;
  const instant = sign === '-' ? local + offset : local - offset;
  return isStorableInstant(instant) ? new Date(instant) : undefined;
}

/** Reads a date-time of a query, where a plus sign that was not escaped arrives as a space. */
export function parseQueryDate(text: string): Date | undefined {
  return parseVendorDate(text.replace(' ', '+'));
}

/**
 * Writes an instant as the vendor does, `yyyy-MM-dd'T'HH:mm:ss.SSS+0000`, always in UTC: one client parses no other
 * form. Throws a RangeError for an invalid Date.
 */
export function formatVendorDate(date: Date): string {
  return `${date.toISOString().slice(0, -1)}+0000`;
}

/** The same of an instant as the database writes it, `2026-11-20 10:00:00.123+00`: for thousands of them, without making each a Date. */
export function vendorDateOf(instant: string): string {
  if (instant.charCodeAt(4) !== 0x2d || !instant.endsWith('+00'))
    return formatVendorDate(readInstant(instant));
  const fraction = instant.slice(20, -3).slice(0, 3).padEnd(3, '0');
  return `${instant.slice(0, 10)}T${instant.slice(11, 19)}.${fraction}+0000`;
}
