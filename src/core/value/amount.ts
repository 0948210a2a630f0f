import { ExactNumber, readDouble, toNumber } from '../../json/exact-number.ts';
import { type CheckedValue, invalid, valid } from './checked-value.ts';
import { isRecord } from './text.ts';

/** An amount of money in the units (not the cents) of an ISO 4217 currency. */
export interface Amount {
  amount: number | ExactNumber;
  currency: string;
}

// Plain decimals only: a thousands comma (`1,234`, which PHP's number_format makes) could as well be a decimal one.
const PLAIN_DECIMAL = /^(?=-?\d{1,30}(?:\.|$))(-?)0*(\d+(?:\.\d{1,30})?)$/;

// ISO 4217's currencies in use, less its test codes, metals and funds.
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether the text is the upper-case ISO 4217 code of a currency in use. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** What a checked number or amount counts for, in sums and conversions, which are of doubles. */
export interface Countable {
  readonly value: number;
  /** Null for a number that is no amount. */
  readonly currency: string | null;
}

/** Undefined when the number has more digits than a double holds: a sum would be of another one. */
export function countableOf(current: unknown): Countable | undefined {
  const [amount, currency] = isRecord(current) ? [current.amount, current.currency] : [current, null];
  const value = readDouble(amount);
  if (value === undefined || (currency !== null && typeof currency !== 'string')) return undefined;
  return { value, currency };
}

/** Refuses what passed its check, but could not be counted. */
export function refuseUncountable(checked: CheckedValue): CheckedValue {
  if (!checked.valid || countableOf(checked.current)) return checked;
  return invalid('has more digits than are counted exactly');
}

/** Checks a number, which may be written as a plain decimal text as PHP clients do. */
export function checkNumber(raw: unknown): CheckedValue {
  const number = readNumber(raw);
  return number === undefined ? invalid('not a finite number') : valid(number);
}

/** Checks `{amount, currency}`, or a bare amount in the workspace's currency (docs/spec/webmarketer.md ruling 11). */
export function checkAmount(raw: unknown, workspaceCurrency: string): CheckedValue {
  const amount = readNumber(isRecord(raw) ? raw.amount : raw);
  if (amount === undefined) return invalid('the amount is not a finite number');
  const currency = isRecord(raw) ? readCurrency(raw.currency) : workspaceCurrency;
  if (currency === undefined) return invalid('the currency is not an ISO 4217 code');
  return valid({ amount, currency } satisfies Amount);
}

function readNumber(raw: unknown): number | ExactNumber | undefined {
  const number = typeof raw === 'string' ? readPlainDecimal(raw) : raw;
  if (number instanceof ExactNumber) return number.isStorable ? number : undefined;
  return typeof number === 'number' && Number.isFinite(number) ? withoutNegativeZero(number) : undefined;
}

function readPlainDecimal(text: string): number | ExactNumber | undefined {
  const match = PLAIN_DECIMAL.exec(text);
  return match ? toNumber(match[1]! + match[2]!) : undefined;
}

// JSON has no negative zero, so what is read back would differ from what was checked.
function withoutNegativeZero(number: number): number {
  return number + 0;
}

function readCurrency(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.length !== 3) return undefined;
  const code = raw.toUpperCase();
  return isCurrency(code) ? code : undefined;
}
