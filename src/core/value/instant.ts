import { isRecord } from './text.ts';

// RFC 3339, and what PHP and databases write in its place: a space for the `T`, no colon in the offset, no seconds,
// no time at all. Sub-millisecond digits are dropped.
const WALL_CLOCK = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?/;
const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;
// Webmarketer's page writes `2022-04-01Z05:00:00` for five o'clock UTC (docs/spec/webmarketer.md ruling 14).
const MISPLACED_Z = /^(\d{4}-\d{2}-\d{2})Z(\d{2}:\d{2}[\d:.]*)$/;
const ZONE_ID = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;
const MAXIMUM_LENGTH = 64;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The one bound of instants, in milliseconds since the epoch: the years 1 to 9999 of UTC, which every vendor's form of a date-time can
 * say. Their local days, in the years 0 and 10000 too, are the store's matter (store/instants.ts).
 */
export const firstInstant = Date.parse('0001-01-01T00:00:00.000Z');
export const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether an instant (ms) is one that is taken. */
export function isStorableInstant(instant: number): boolean {
  return instant >= firstInstant && instant <= lastInstant;
}

// Zone abbreviations that have one meaning in PHP's table, in hours east of UTC. Ambiguous ones (IST) are left out.
const ABBREVIATION_HOURS: ReadonlyMap<string, number> = new Map([
  ...['Z', 'UTC', 'GMT', 'WET'].map((name) => [name, 0] as const),
  ...['CET', 'BST', 'WEST'].map((name) => [name, 1] as const),
  ...['CEST', 'EET', 'SAST'].map((name) => [name, 2] as const),
  ...['EEST', 'MSK'].map((name) => [name, 3] as const),
  ...['HKT', 'AWST'].map((name) => [name, 8] as const),
  ...['JST', 'KST'].map((name) => [name, 9] as const),
  ...['NST', 'NDT'].map((name, index) => [name, index - 3.5] as const),
  ...['AST', 'EST', 'CST', 'MST', 'PST', 'AKST', 'HST'].map((name, index) => [name, -4 - index] as const),
  ...['ADT', 'EDT', 'CDT', 'MDT', 'PDT', 'AKDT'].map((name, index) => [name, -3 - index] as const),
  ...['ACST', 'ACDT'].map((name, index) => [name, 9.5 + index] as const),
  ...['AEST', 'AEDT', 'NZST', 'NZDT'].map((name, index) => [name, 10 + index] as const),
]);

/**
 * The instant that a value from a client means, to the millisecond; undefined when it means none. Taken are RFC 3339
 * texts, whose offset is honoured and is UTC when missing, dates alone (midnight UTC), and PHP's serialised DateTime
 * `{date, timezone_type, timezone}` (docs/spec/webmarketer.md section 0, rule 4). Years 1 to 9999.
 */
export function parseInstant(value: unknown): Date | undefined {
  if (typeof value === 'string') return toDate(parseText(value));
  return isRecord(value) ? toDate(parsePhpDateTime(value)) : undefined;
}

function toDate(milliseconds: number | undefined): Date | undefined {
  if (milliseconds === undefined || !isStorableInstant(milliseconds)) return undefined;
  return new Date(milliseconds);
}

function parseText(text: string): number | undefined {
  const plain = parsePlain(text);
  if (plain !== undefined || text.length > MAXIMUM_LENGTH) return plain;
  const [wallClock, rest] = parseWallClock(text.trim().replace(MISPLACED_Z, '$1T$2Z'));
  if (wallClock === undefined) return undefined;
  const offset = rest === '' || rest === 'Z' || rest === 'z' ? 0 : parseOffset(rest);
  return offset === undefined ? undefined : wallClock - offset;
}

/**
 * What nearly all clients write, read digit by digit, in a fifth of the time: date, `T`, time to the second, and `Z` or an offset. Undefined
 * where the text is another one, or means none.
 */
function parsePlain(text: string): number | undefined {
  if (text.length < 20 || text.length > 25) return undefined;
  const isDateTime =
    text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
  if (!isDateTime) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  // What is no digit is NaN, and so within no bounds. Of years before 100 Date.UTC makes others.
  const isWithin =
    year >= 100 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59;
  if (!isWithin) return undefined;
  const wallClock = Date.UTC(year, month - 1, day, hour, minute, second);
  if (day > 28 && new Date(wallClock).getUTCDate() !== day) return undefined;
  const offset = plainOffset(text);
  return offset === undefined ? undefined : wallClock - offset;
}

/** Of the offset at the end of a plain date-time: `Z`, `+0200` or `+02:00`. */
function plainOffset(text: string): number | undefined {
  const sign = text[19];
  if (sign === 'Z') return text.length === 20 ? 0 : undefined;
  const minutesAt = text[22] === ':' ? 23 : 22;
  if ((sign !== '+' && sign !== '-') || text.length !== minutesAt + 2) return undefined;
  const hours = twoDigits(text, 20);
  const minutes = twoDigits(text, minutesAt);
  const isWithin = hours <= 23 && minutes <= 59;
  return isWithin ? (sign === '-' ? -1 : 1) * (hours * HOUR + minutes * MINUTE) : undefined;
}

/** NaN where they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function parsePhpDateTime(members: Readonly<Record<string, unknown>>): number | undefined {
  const { date, timezone_type: zoneType, timezone } = members;
  if (typeof date !== 'string' || date.length > MAXIMUM_LENGTH || typeof timezone !== 'string')
    return undefined;
  const [wallClock, rest] = parseWallClock(date);
  if (wallClock === undefined || rest !== '') return undefined;
  if (zoneType === 3) return inZone(wallClock, timezone);
  const offset =
    zoneType === 1 ? parseOffset(timezone) : zoneType === 2 ? parseAbbreviation(timezone) : undefined;
  return offset === undefined ? undefined : wallClock - offset;
}

/** The date and time a text begins with, in milliseconds as if it were UTC, and what follows them. */
function parseWallClock(text: string): [milliseconds: number | undefined, rest: string] {
  const match = WALL_CLOCK.exec(text);
  if (match === null) return [undefined, text];
  const [matched, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match;
  const rest = text.slice(matched.length);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return [undefined, rest];
  // 60 is RFC 3339's leap second, which runs into the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return [undefined, rest];
  const millisecond = Number(fraction.padEnd(3, '0').slice(0, 3));
  const time = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * 1000 + millisecond;
  return [date.getTime() + time, rest];
}

/** Milliseconds east of UTC. */
function parseOffset(text: string): number | undefined {
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE);
}

/** Milliseconds east of UTC. */
function parseAbbreviation(name: string): number | undefined {
  const hours = name.length > 5 ? undefined : ABBREVIATION_HOURS.get(name.toUpperCase());
  return hours === undefined ? undefined : hours * HOUR;
}

// A wall clock that is skipped or repeated where the clocks change is read with the offset before the change.
function inZone(wallClock: number, zone: string): number | undefined {
  if (!ZONE_ID.test(zone)) return undefined;
  try {
    const local = Temporal.Instant.fromEpochMilliseconds(wallClock)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime();
    return local.toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
