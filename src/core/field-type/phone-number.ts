// The `min` metadata judges validity by each country's whole numbering plan, which is what is needed here; the
// larger builds add the number's kind (mobile, toll-free). Both cost 5 to 8 µs a number.
import { isSupportedCountry, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A valid phone number in the two forms that are kept of it. */
export interface PhoneForms {
  /** `+13072805881`: the identifier, without an extension. */
  e164: string;
  /** `+1 307 280 5881`: for people, with an extension if there is one. */
  international: string;
}

// ITU-T E.164 has 15 digits; the rest is room for separators and an extension.
const MAXIMUM_LENGTH = 64;
const MEMO_SIZE = 4096;

// A value is checked, then matched by, so most numbers are asked for twice within one request.
const memo = new Map<string, PhoneForms | undefined>();

/** Whether it is the code (ISO 3166-1 alpha-2) of a country that has phone numbers. */
export function isPhoneCountry(code: string): boolean {
  return isSupportedCountry(code);
}

/**
 * The number in E.164, or undefined. A number without `+` or `00` is tried in each of the countries (ISO 3166-1
 * alpha-2) in turn; the first in which it is valid wins.
 */
export function toE164(raw: unknown, countries: readonly string[]): string | undefined {
  return parsePhone(raw, countries)?.e164;
}

/** The number's normal forms under the rule of `toE164`. */
export function parsePhone(raw: unknown, countries: readonly string[]): PhoneForms | undefined {
  const text = readPhoneText(raw);
  if (text === undefined) return undefined;
  const key = `${countries.join()} ${text}`;
  const known = memo.get(key);
  if (known !== undefined || memo.has(key)) return known;
  const forms = findForms(text, countries);
  if (memo.size >= MEMO_SIZE) memo.delete(memo.keys().next().value ?? '');
  memo.set(key, forms);
  return forms;
}

function readPhoneText(raw: unknown): string | undefined {
  if (typeof raw === 'number') return Number.isSafeInteger(raw) && raw > 0 ? String(raw) : undefined;
  return typeof raw === 'string' && raw.length <= MAXIMUM_LENGTH ? raw.trim() : undefined;
}

function findForms(text: string, countries: readonly string[]): PhoneForms | undefined {
  const international = toPlusForm(text);
  if (international !== undefined)
    return readForms(parsePhoneNumberFromString(international, { extract: false }));
  for (const country of countries) {
    if (!isSupportedCountry(country)) continue;
    const forms = readForms(parsePhoneNumberFromString(text, { defaultCountry: country, extract: false }));
    if (forms !== undefined) return forms;
  }
  return undefined;
}

function toPlusForm(text: string): string | undefined {
  if (text.startsWith('+')) return text;
  if (text.startsWith('00')) return `+${text.slice(2)}`;
  // `(+33) 6 12 …` is common in forms and the parser does not take the bracket.
  return text.startsWith('(+') ? text.slice(1).replace(')', ' ') : undefined;
}

function readForms(number: PhoneNumber | undefined): PhoneForms | undefined {
  return number?.isValid() ? { e164: number.number, international: number.formatInternational() } : undefined;
}
