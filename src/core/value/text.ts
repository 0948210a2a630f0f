import { ExactNumber, isNumber } from '../../json/exact-number.ts';

/** Most UTF-16 code units of a value of type `string`. */
export const MAXIMUM_STRING_LENGTH = 10_000;
/** Most UTF-16 code units of a value of type `message`. */
export const MAXIMUM_MESSAGE_LENGTH = 100_000;

/**
 * The value as text, untrimmed; undefined when it is neither text nor a number, is too long, or could not be
 * stored. Numbers are taken because clients send identifiers and codes as numbers. PostgreSQL's jsonb refuses
 * U+0000 and lone surrogates.
 */
export function readText(value: unknown, maximumLength: number): string | undefined {
  if (isNumber(value)) return String(value).length <= maximumLength ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > maximumLength) return undefined;
  return value.includes('\0') || !value.isWellFormed() ? undefined : value;
}

/** Direction marks, which come along when a number or a name is copied out of a chat: they say how it is drawn, and are no part of it. */
const mark = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const marks = new RegExp(`[${mark}]`, 'g');
const outerMarks = new RegExp(`^[\\s${mark}]+|[\\s${mark}]+$`, 'g');

/** The text without space and direction marks around it. */
export function stripMarks(text: string): string {
  return text.replace(outerMarks, '');
}

/** The text without any direction mark, and trimmed: for what is digits and signs alone. */
export function removeMarks(text: string): string {
  return text.replace(marks, '').trim();
}

/** Whether the value is what JSON calls an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}
