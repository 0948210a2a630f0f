import { isStorableText } from '../../../core/event/storable.ts';
import { isRecord } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import { parseQueryInstant } from '../../../http/query-instant.ts';
import { isNumber } from '../../../json/exact-number.ts';
import type { Page } from '../../../query/page.ts';
import { parseInstant } from '../field-type/field-type.ts';

/** PHP sends an empty object as an empty list. */
export function parseObject(value: unknown, name: string): Record<string, unknown> {
  if (Array.isArray(value) && value.length === 0) return {};
  if (!isRecord(value)) throw invalid(`${name} must be an object`);
  return value;
}

export function requireText(value: unknown, name: string, maximumLength: number): string {
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  if (value === '') throw invalid(`${name} should not be empty`);
  if (value.length > maximumLength)
    throw invalid(`${name} must be shorter than or equal to ${maximumLength} characters`);
  if (!isStorableText(value))
    throw invalid(`${name} must be well-formed text, without U+0000 and halves of surrogate pairs`);
  return value;
}

/** A date-time, in any of the forms that clients send; undefined when it is absent or empty (ruling 7). */
export function parseDate(value: unknown, name: string): Date | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return requireInstant(parseInstant(value), name);
}

/** Likewise, of a query parameter. */
export function parseQueryDate(text: string | undefined, name: string): Date | undefined {
  return text ? requireInstant(parseQueryInstant(text), name) : undefined;
}

function requireInstant(instant: Date | undefined, name: string): Date {
  if (!instant)
    throw invalid(
      `${name} must be a RFC 3339 date-time, as 2026-03-01T12:00:00Z, in the years 1 to 9999 of UTC`,
    );
  return instant;
}

/** `0`, `1`, `true` or `false`, as the vendor's client and others write it (section 0, rule 3). */
export function parseFlag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  if (value === false || value === 0 || value === '0' || value === 'false') return false;
  throw invalid(`${name} must be a boolean: true, false, 1 or 0`);
}

const defaultLimit = 10;
const maximumLimit = 1000;

/** C8: 10 unless said; 0 is all there is, up to the most that one page holds. */
export function parsePage({ offset = 0, limit = defaultLimit }: Partial<Page>): Page {
  return { offset, limit: limit === 0 ? maximumLimit : Math.min(limit, maximumLimit) };
}

export function invalid(message: string): RequestError {
  return new RequestError('invalid-request', message);
}

/** C4: the sample's nonce is a number, which is its digits. What is neither is left to `requireText`. @throws RequestError */
export function toText(value: unknown, name: string): unknown {
  if (!isNumber(value)) return value;
  const text = String(value);
  if (!/^-?\d+$/.test(text)) throw invalid(`${name} must be a string or an integer`);
  return text;
}
