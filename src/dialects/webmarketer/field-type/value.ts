import type { CheckedValue, FieldTypeName } from './field-type.ts';

/** A typed value as it is stored and shown (docs/spec/webmarketer.md B3). */
export interface FieldValue {
  /** As the client sent it. */
  raw: unknown;
  /** Its normal form; null when the value is invalid. */
  current: unknown;
  type: FieldTypeName;
  /** The instant since which it holds, as ISO 8601 in UTC with milliseconds. */
  date: string;
  anonymized: boolean;
  invalid: boolean;
}

/** Wraps a checked value; an invalid one is kept with `current` null (docs/spec/webmarketer.md B2). */
export function wrapValue(type: FieldTypeName, raw: unknown, checked: CheckedValue, date: Date): FieldValue {
  return {
    raw,
    current: checked.valid ? checked.current : null,
    type,
    date: date.toISOString(),
    anonymized: false,
    invalid: !checked.valid,
  };
}
