import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

function takeRandom(bytes: number): number {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return used - bytes;
}

function format(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

let timeOfBeginning = Number.NaN;
let beginning = '';

/** The first 13 digits of a version 7 UUID, and the hyphens. The ids of a batch have them in common. */
function beginningAt(now: number): string {
  if (now !== timeOfBeginning) {
    const time = now.toString(16).padStart(12, '0');
    beginning = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    timeOfBeginning = now;
  }
  return beginning;
}

/** A version 7 UUID: rows that come in together lie together in the index. */
export function newId(now: number): string {
  const at = takeRandom(10);
  // RFC 9562's variant.
  pool[at + 2] = (pool[at + 2]! & 0x3f) | 0x80;
  const random = pool.toString('hex', at, at + 10);
  return `${beginningAt(now)}${random.slice(1, 4)}-${random.slice(4, 8)}-${random.slice(8)}`;
}

/**
 * A version 7 UUID of which 96 bits matter and the last 26 are zero, so that it has an equal form of 24 hex digits: some
 * vendors' ids are UUIDs and some are such object ids, and a record has to be found by either.
 */
export function newRecordId(now: number): string {
  const at = takeRandom(6);
  return fromObjectId(now.toString(16).padStart(12, '0') + pool.toString('hex', at, at + 6))!;
}

const objectIdPattern = /^[0-9a-f]{24}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Sorts before every id: where a reading by id begins. */
export const lowestId = '00000000-0000-0000-0000-000000000000';

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** The UUID of an object id; undefined for a text of another form. 48 bits of time, then 12 + 36 bits that are random. */
export function fromObjectId(text: string): string | undefined {
  const id = text.toLowerCase();
  if (!objectIdPattern.test(id)) return undefined;
  const low = BigInt(`0x${id.slice(15)}`) << 26n;
  const tail = (low | (1n << 63n)).toString(16).padStart(16, '0');
  return format(`${id.slice(0, 12)}7${id.slice(12, 15)}${tail}`);
}

/** The 24 hex digits of an id made by newRecordId; undefined for another UUID. */
export function toObjectId(id: string): string | undefined {
  const hex = id.replaceAll('-', '');
  const low = BigInt(`0x${hex.slice(16)}`) & ((1n << 62n) - 1n);
  if (hex[12] !== '7' || (low & ((1n << 26n) - 1n)) !== 0n) return undefined;
  return hex.slice(0, 12) + hex.slice(13, 16) + (low >> 26n).toString(16).padStart(9, '0');
}
