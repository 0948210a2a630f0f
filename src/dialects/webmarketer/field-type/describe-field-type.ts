import { MAXIMUM_MESSAGE_LENGTH, MAXIMUM_STRING_LENGTH } from '../../../core/value/text.ts';
import type { FieldTypeName } from './field-type.ts';

const rightValues: Readonly<Record<FieldTypeName, string>> = {
  string: `a text of at most ${MAXIMUM_STRING_LENGTH} characters`,
  message: `a text of at most ${MAXIMUM_MESSAGE_LENGTH} characters`,
  email: 'an e-mail address, as name@example.com',
  phone:
    'a phone number with its country code, as +33612345678, or as it is dialled in a country of phoneParsingConfig',
  boolean: 'true, false, 1 or 0',
  date: 'a date-time of RFC 3339, as 2026-03-01T12:00:00Z',
  location: 'an object whose country is a name or code of ISO 3166-1, as {"zipcode":"75001","country":"FR"}',
  currency:
    'an object of an amount and an ISO 4217 code, as {"amount":12.5,"currency":"EUR"}, or a number in the project’s currency',
  number: 'a number, or its digits as text (12.5; no thousands separator)',
  state: '0 or 1',
};

/** What a value of the type has to be, for who sent another. */
export function describeFieldType(type: FieldTypeName): string {
  return rightValues[type];
}
