import type { FastifyRequest } from 'fastify';
import { cutText } from '../../../core/cut-text.ts';
import { hashKey } from '../../../core/dedupe/dedupe.ts';
import { parseInstant } from '../../../core/value/instant.ts';
import { isRecord } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import { parseJson } from '../../../http/body.ts';
import type { Reading } from '../../../http/ingest-operation.ts';
import { isNumber } from '../../../json/exact-number.ts';
import type { Endpoint } from '../access.ts';

/** docs/spec/webengage.md B4, C1: 49 characters pass, 50 do not. */
export const maximumNameLength = 49;
/** Ruling 1. */
const maximumStringLength = 999;
const maximumIdLength = 100;
/** Table A: items of a bulk call. */
export const maximumBulkItems = 25;

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
const maximumTimeLength = 35;

export interface UserIds {
  readonly kind: 'user' | 'anonymous';
  readonly id: string;
}

export interface Bulk<Item> {
  readonly items: readonly Item[];
  /** The JSON text of an item. */
  readonly raw: (index: number) => string;
}

/** The items of a bulk call. One bad item refuses the whole call, since the reply has no place to say so (C5). */
export function parseBulk<Item>(
  body: unknown,
  list: 'events' | 'users',
  parse: (item: unknown) => Item,
): Bulk<Item> {
  const sent = readObject(body, 'The body')[list];
  if (!Array.isArray(sent) || sent.length === 0)
    throw invalid(`${list} must be a list of 1 to ${maximumBulkItems} items.`);
  if (sent.length > maximumBulkItems)
    throw invalid(`${list} must not hold more than ${maximumBulkItems} items.`);
  const items = sent.map((item: unknown, index) => {
    try {
      return parse(item);
    } catch (error) {
      throw error instanceof RequestError ? invalid(`${list}[${index}]: ${error.message}`) : error;
    }
  });
  return { items, raw: (index) => JSON.stringify(sent[index]) };
}

/** The key that a repeat of a request to this endpoint is told by (B11), hex in either case; nothing without one. */
export function repeatOf(
  endpoint: Endpoint,
  { headers }: Pick<FastifyRequest, 'headers'>,
): Pick<Reading, 'dedupe'> {
  const requestId = headers['x-request-id'];
  if (typeof requestId !== 'string' || requestId === '') return {};
  const hash = hashKey(requestId.toLowerCase());
  return { dedupe: { scope: `webengage-${endpoint}`, hash, window: 'four-hours' } };
}

/** B2, C11: at least one, as text; with a userId, the anonymousId is not even looked at. */
export function parseUserIds(body: Record<string, unknown>): UserIds {
  const userId = parseId(body.userId, 'userId');
  if (userId !== undefined) return { kind: 'user', id: userId };
  const anonymousId = parseId(body.anonymousId, 'anonymousId');
  if (anonymousId !== undefined) return { kind: 'anonymous', id: anonymousId };
  throw invalid('Error: userId and anonymousId cannot be empty.');
}

function parseId(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = readText(value, name).trim();
  if (id === '') return undefined;
  if (id.length > maximumIdLength) throw invalid(`${name} must not be longer than 100 characters.`);
  return id;
}

/** C4: numbers are taken for texts, with all of their digits. @throws RequestError */
export function readText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  if (isNumber(value)) return String(value);
  throw invalid(`${name} must be a string.`);
}

/** C6: milliseconds since the epoch, undefined when none was sent. */
export function parseTime(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const isTime = typeof value === 'string' && value.length <= maximumTimeLength && timePattern.test(value);
  if (!isTime) throw invalid(`${name} must be in ISO format yyyy-MM-ddTHH:mm:ss±hhmm.`);
  const time = parseInstant(value);
  if (!time) throw invalid(`${name} must be a time that there is, in the years 1 to 9999 of UTC.`);
  return time.getTime();
}

/** C9: the page's table calls attributes a string, its examples are objects. */
export function parseAttributes(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null || value === '') return {};
  const document = typeof value === 'string' ? parseText(value, name) : value;
  // PHP writes an empty map as an empty list.
  return Array.isArray(document) && document.length === 0 ? {} : readObject(document, name);
}

function parseText(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw invalid(`${name} must be a JSON object.`);
  }
}

export function isTooLong(text: string): boolean {
  return text.length > maximumStringLength;
}

/** Ruling 1. */
export function cutLongText(text: string): string {
  return cutText(text, maximumStringLength);
}

export function readObject(value: unknown, what: string): Record<string, unknown> {
  if (!isRecord(value)) throw invalid(`${what} must be a JSON object.`);
  return value;
}

export function invalid(message: string): RequestError {
  return new RequestError('invalid-request', message);
}
