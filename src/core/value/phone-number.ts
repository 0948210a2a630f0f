// The `min` metadata judges validity by each country's whole numbering plan, which is what is needed here; the
// larger builds add the number's kind (mobile, toll-free).
import { isSupportedCountry, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { isPlainNumber } from './numbering-plans.ts';
import { removeMarks } from './text.ts';

/** A valid phone number in the two forms that are kept of it. */
export interface PhoneForms {
  /** `+13072805881`: the identifier, without an extension; one for each subscriber, however the number is written (`identifierOf`). */
  readonly e164: string;
  /** `+1 307 280 5881`: for people, with an extension if there is one. Made when it is asked for: it costs as much as all the rest. */
  readonly international: string;
}

/**
 * Countries where one subscriber's number is written in two ways, both in use: WhatsApp's ids keep the older, or the longer, one.
 *
 * - Mexico dropped the 1 between 52 and mobile numbers in 2019, and 044 and 045 with it; wa_id keeps 521.
 * - Brazil's mobile numbers have had a 9 before their eight digits (which begin with 6 to 9) since 2016; wa_id of older accounts has not.
 * - Argentina's mobile numbers have a 9 behind 54 when they are called from abroad, as wa_id has it; at home, and in many lists, they
 *   have none. No number is a mobile and a fixed one at once.
 */
const otherSpellings: readonly (readonly [RegExp, string])[] = [
  [/^\+52(?:1|044|045)(\d{10})$/, '+52$1'],
  [/^\+55([1-9][1-9])([6-9]\d{7})$/, '+55$19$2'],
  [/^\+54((?:11|[23]\d)\d{8})$/, '+549$1'],
];

// ITU-T E.164 has 15 digits; the rest is room for separators and an extension.
const MAXIMUM_LENGTH = 64;
const MEMO_SIZE = 4096;

// A value is checked, then matched by, so most numbers are asked for twice within one request. Of two halves the older one is dropped as
// a whole: taking entries out one by one leaves gaps in a map, which each next one is looked for behind. Null: not a valid number.
let memo = new Map<string, PhoneForms | null>();
let olderMemo = memo;

/** Whether it is the code (ISO 3166-1 alpha-2) of a country that has phone numbers. */
export function isPhoneCountry(code: string): boolean {
  return isSupportedCountry(code);
}

/**
 * The number in E.164, in the one spelling that people are matched by, or undefined. A number without `+` or `00` is tried in each of the countries (ISO 3166-1
 * alpha-2) in turn; the first in which it is valid wins.
 */
export function toE164(raw: unknown, countries: readonly string[]): string | undefined {
  return parsePhone(raw, countries)?.e164;
}

/** The number's normal forms under the rule of `toE164`. */
export function parsePhone(raw: unknown, countries: readonly string[]): PhoneForms | undefined {
  const text = readPhoneText(raw);
  if (text === undefined) return undefined;
  // What names its country is the same in every list of them.
  const key = text.startsWith('+') ? text : `${countries.join()} ${text}`;
  const newer = memo.get(key);
  const known = newer === undefined ? olderMemo.get(key) : newer;
  if (known !== undefined) return known ?? undefined;
  const forms = findForms(text, countries);
  if (memo.size >= MEMO_SIZE / 2) {
    olderMemo = memo;
    memo = new Map();
  }
  memo.set(key, forms ?? null);
  return forms;
}

function readPhoneText(raw: unknown): string | undefined {
  if (typeof raw === 'number') return Number.isSafeInteger(raw) && raw > 0 ? String(raw) : undefined;
  return typeof raw === 'string' && raw.length <= MAXIMUM_LENGTH ? removeMarks(raw) : undefined;
}

function findForms(text: string, countries: readonly string[]): PhoneForms | undefined {
  const international = toPlusForm(text);
  if (international !== undefined)
    return isPlainNumber(international)
      ? formsOf(international, () => parsePhoneNumberFromString(international, { extract: false }))
      : readForms(parsePhoneNumberFromString(international, { extract: false }));
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
  if (number?.isValid()) return formsOf(number.number, () => number);
  const identifier = number && identifierOf(number.number);
  return identifier === undefined || identifier === number?.number ? undefined : findForms(identifier, []);
}

function formsOf(number: string, parse: () => PhoneNumber | undefined): PhoneForms {
  return {
    e164: identifierOf(number),
    get international() {
      return parse()?.formatInternational() ?? number;
    },
  };
}

/** The number in the one spelling that people are matched by: the other of `otherSpellings` where that is a valid number. */
function identifierOf(number: string): string {
  for (const [pattern, replacement] of otherSpellings) {
    if (!pattern.test(number)) continue;
    const other = number.replace(pattern, replacement);
    if (parsePhoneNumberFromString(other, { extract: false })?.isValid()) return other;
  }
  return number;
}
