/**
 * How instants and calendar days cross to PostgreSQL and back as texts. Both sides write the years 1 to 9999 alike; but the local
 * days of their ends, and bounds around them, lie in the years 0 and 10000: ISO 8601 writes those with a sign, PostgreSQL `BC` and
 * five digits.
 */

/** The text of an instant (milliseconds since the epoch), for a parameter of the type timestamptz. */
export function instantText(instant: number | Date): string {
  const iso = (typeof instant === 'number' ? new Date(instant) : instant).toISOString();
  return isPlain(iso) ? iso : withoutSign(iso);
}

/** The text of a calendar day, for a parameter of the type date. So it is read back, too. */
export function dayText(day: Temporal.PlainDate): string {
  const iso = day.toString();
  return isPlain(iso) ? iso : withoutSign(iso);
}

/** Reads a timestamptz as the server writes it, with the time zone UTC. Not a date for the infinite ones. */
export function readInstant(text: string): Date {
  // V8 reads `2026-11-20 10:00:00.123+00` as it is, and at half the cost; but of years below 100 it makes others.
  const isUsual = text.charCodeAt(4) === 0x2d && !text.startsWith('00') && text.endsWith('+00');
  return new Date(isUsual ? text : withSign(text));
}

/** Of four digits, and not the year 0. */
function isPlain(text: string): boolean {
  return text.charCodeAt(4) === 0x2d && !text.startsWith('0000');
}

function withoutSign(iso: string): string {
  const [, year = '', rest = ''] = /^([+-]?\d+)(.*)$/.exec(iso) ?? [];
  const signed = Number(year);
  return signed > 0 ? `${signed}${rest}` : `${String(1 - signed).padStart(4, '0')}${rest} BC`;
}

function withSign(text: string): string {
  const [, year = '', day = '', time = '', era] = /^(\d+)(-\d\d-\d\d) (.*)\+00( BC)?$/.exec(text) ?? [];
  const signed = era ? 1 - Number(year) : Number(year);
  return `${signed < 0 ? '-' : '+'}${String(Math.abs(signed)).padStart(6, '0')}${day}T${time}Z`;
}

/** SQL of the instant that a column of whole milliseconds since the epoch means; floating seconds would lose some far from it. */
export function fromMilliseconds(column: string): string {
  return `(to_timestamp(${column} / 1000) + ${column} % 1000 * interval '1 millisecond')`;
}
