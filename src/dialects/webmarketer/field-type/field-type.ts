import { checkAmount, checkNumber } from '../../../core/value/amount.ts';
import { type CheckedValue, invalid, valid } from '../../../core/value/checked-value.ts';
import { parseInstant } from '../../../core/value/instant.ts';
import { normalizeEmail } from '../../../core/value/normal-form.ts';
import { parsePhone, toE164 } from '../../../core/value/phone-number.ts';
import { MAXIMUM_MESSAGE_LENGTH, MAXIMUM_STRING_LENGTH, readText } from '../../../core/value/text.ts';
import type { Geocoder } from './geocoder.ts';
import { checkLocation } from './location.ts';
import { offlineGeocoder } from './offline-geocoder.ts';

export { type CheckedValue, parseInstant, toE164 };

/** The types a declared field can have (docs/spec/webmarketer.md B1), in the order they are offered in. */
export const FIELD_TYPE_NAMES = [
  'string',
  'email',
  'phone',
  'boolean',
  'date',
  'location',
  'currency',
  'number',
  'message',
  'state',
] as const;

export type FieldTypeName = (typeof FIELD_TYPE_NAMES)[number];

/** What the normal form of a value depends on beside the value. */
export interface FieldContext {
  /** ISO 3166-1 alpha-2 codes, tried in this order for a phone number without a country calling code. */
  phoneCountries: string[];
  /** ISO 4217 code of the workspace's currency: the currency of an amount given as a bare number. */
  currency: string;
  /** When the value was received. */
  receivedAt: Date;
  /** Replaces the geocoder that knows countries only. */
  geocoder?: Geocoder;
}

/**
 * Checks a value against its field's type and brings it to its normal form: `current` is what is stored and shown,
 * and is valid and its own normal form when it is checked again. A `reason` never repeats the value.
 * Whether an absent value is allowed is the field's matter: here `undefined`, `null` and (except for the types
 * `string` and `message`) the empty string are invalid.
 */
export function checkValue(type: FieldTypeName, raw: unknown, context: FieldContext): CheckedValue {
  switch (type) {
    case 'string':
      return checkText(raw, MAXIMUM_STRING_LENGTH);
    case 'message':
      return checkText(raw, MAXIMUM_MESSAGE_LENGTH);
    case 'email':
      return checkEmail(raw);
    case 'phone':
      return checkPhone(raw, context.phoneCountries);
    case 'boolean':
      return checkBoolean(raw);
    case 'state':
      return checkState(raw);
    case 'date':
      return checkDate(raw);
    case 'number':
      return checkNumber(raw);
    case 'currency':
      return checkAmount(raw, context.currency);
    case 'location':
      return checkLocation(raw, context.geocoder ?? offlineGeocoder);
  }
}

function checkText(raw: unknown, maximumLength: number): CheckedValue {
  const text = readText(raw, maximumLength);
  return text === undefined
    ? invalid(`not a text of at most ${maximumLength} storable characters`)
    : valid(text);
}

function checkEmail(raw: unknown): CheckedValue {
  const email = typeof raw === 'string' ? normalizeEmail(raw) : undefined;
  return email === undefined ? invalid('not an e-mail address') : valid(email);
}

function checkPhone(raw: unknown, countries: readonly string[]): CheckedValue {
  const phone = parsePhone(raw, countries);
  return phone === undefined
    ? invalid('not a phone number of the configured countries')
    : valid(phone.international);
}

function checkBoolean(raw: unknown): CheckedValue {
  if (raw === true || raw === 1 || raw === '1' || raw === 'true') return valid(true);
  if (raw === false || raw === 0 || raw === '0' || raw === 'false') return valid(false);
  return invalid('not a boolean');
}

function checkState(raw: unknown): CheckedValue {
  const checked = checkBoolean(raw);
  return checked.valid ? valid(checked.current ? 1 : 0) : invalid('a state is 0 or 1');
}

function checkDate(raw: unknown): CheckedValue {
  const instant = parseInstant(raw);
  return instant === undefined ? invalid('not an RFC 3339 date-time') : valid(instant.toISOString());
}
