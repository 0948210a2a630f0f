import { parseInstant } from '../core/value/instant.ts';

const dateTime = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/** The format `date-time` of the native API: RFC 3339, in the years 1 to 9999, which is what instants are taken from everywhere. */
export function isDateTime(text: string): boolean {
  return dateTime.test(text) && parseInstant(text) !== undefined;
}

/** Reads what a schema has found to be a date-time, to the millisecond. */
export function readDateTime(text: string): Date {
  const instant = parseInstant(text);
  if (!instant) throw new RangeError('a schema let a text pass that is no date-time');
  return instant;
}

export function timeOf(date: Date): string {
  return date.toISOString();
}

export function timeOrNull(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
