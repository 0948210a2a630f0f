/** Most UTF-16 code units of a value of type `string`. */
export const MAXIMUM_STRING_LENGTH = 10_000;
/** Most UTF-16 code units of a value of type `message`. */
export const MAXIMUM_MESSAGE_LENGTH = 100_000;

/**
 * The value as text, untrimmed; undefined when it is neither text nor a finite number, is too long, or could not be
 * stored. Numbers are taken because clients send identifiers and codes as numbers. PostgreSQL's jsonb refuses
 * U+0000 and lone surrogates.
 */
export function readText(value: unknown, maximumLength: number): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > maximumLength) return undefined;
  return value.includes('\0') || !value.isWellFormed() ? undefined : value;
}

/** Whether the value is an object with members, other than an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
