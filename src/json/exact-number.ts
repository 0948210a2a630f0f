/** Digits, signs and exponent together; more than this no vendor's client writes, and PostgreSQL would have to compute with them. */
const maximumLength = 1000;
/** Below it doubles lose digits one by one, down to zero: the smallest that has all of its bits (IEEE 754, 2^-1022). */
const smallestNormal = 2 ** -1022;
/** The most digits that `toPrecision` writes (ECMA-262). */
const mostDigits = 100;

/**
 * A number whose digits no double holds, such as 9007199254740993: as it was written. It stands where `JSON.parse` would have put
 * the double next to it, `JSON.stringify` writes it as it was, and as a text it is its digits. Numbers that a double gives back
 * with the same value are plain numbers, always; but for long ones written without an exponent, which a double writes with one.
 */
export class ExactNumber {
  readonly text: string;

  /** `text`: a number as JSON writes it. */
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }

  /** False for what is not kept: larger or smaller than doubles are (1e400, 1e-400), or longer than a thousand characters. */
  get isStorable(): boolean {
    if (this.text.length > maximumLength) return false;
    const magnitude = Math.abs(Number(this.text));
    return magnitude >= smallestNormal && magnitude < Number.POSITIVE_INFINITY;
  }

  /**
   * The double that this writes out, with more digits than it needs, as 0.10000000000000001 writes out 0.1 (old PHP does so);
   * undefined when no double, rounded to these digits, is this number.
   */
  get writtenDouble(): number | undefined {
    const nearest = Number(this.text);
    if (!this.isStorable) return undefined;
    const { digits } = decimalOf(this.text);
    if (digits.length > mostDigits) return undefined;
    return digits === decimalOf(nearest.toPrecision(digits.length)).digits ? nearest : undefined;
  }
}

declare global {
  interface JSON {
    /** ES2026; until TypeScript's library has it. */
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/**
 * The double that a JSON number stands for, where it is reckoned with; undefined for a number with more digits than a double holds,
 * and for what is no number.
 */
export function readDouble(value: unknown): number | undefined {
  return value instanceof ExactNumber ? value.writtenDouble : typeof value === 'number' ? value : undefined;
}

/** Whether a value is a number that can be kept. */
export function isNumber(value: unknown): value is number | ExactNumber {
  return value instanceof ExactNumber ? value.isStorable : Number.isFinite(value);
}

/** The number that a JSON number's text is: a double, unless that has another value. */
export function toNumber(text: string): number | ExactNumber {
  return isHeldByDouble(text) ? Number(text) : new ExactNumber(text);
}

function isHeldByDouble(text: string): boolean {
  if (text.length > maximumLength) return false;
  const nearest = Number(text);
  if (!Number.isFinite(nearest)) return false;
  // From here on JavaScript writes an exponent, and a text made of the number would not have its digits.
  if (Math.abs(nearest) >= 1e21 && !/e/i.test(text)) return false;
  const written = decimalOf(text);
  const held = decimalOf(String(nearest));
  return written.digits === held.digits && written.exponent === held.exponent;
}

/** The digits of a number without an exponent, and without zeros at the end of a fraction: as PostgreSQL writes a trimmed `numeric`. */
export function plainDigits(number: number | ExactNumber): string {
  const text = String(number);
  if (plainNumber.test(text)) return text;
  const { digits, exponent } = decimalOf(text);
  if (digits === '') return '0';
  const sign = text.startsWith('-') ? '-' : '';
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  return point > 0
    ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
    : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

const plainNumber = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/;

/** The significant digits of a number's text, and the power of ten of the last of them. Zero has none. */
function decimalOf(text: string): { digits: string; exponent: number } {
  const [mantissa, power = '0'] = text.toLowerCase().split('e');
  const point = mantissa!.indexOf('.');
  const fractionLength = point < 0 ? 0 : mantissa!.length - point - 1;
  const all = mantissa!.replace('-', '').replace('.', '');
  let start = 0;
  while (all[start] === '0') start++;
  let end = all.length;
  while (end > start && all[end - 1] === '0') end--;
  if (start === end) return { digits: '', exponent: 0 };
  return {
    digits: all.slice(start, end),
    exponent: Number(power) - fractionLength + (all.length - end),
  };
}

/** Objects and lists that were read with an exact number in them, however deep: who judges thousands need not look into each. */
const holders = new WeakSet<object>();

/** Notes that an object or list, as it was read, holds an exact number. */
export function noteHolder(container: object): void {
  holders.add(container);
}

/**
 * A value as it was read, or a part of one, with doubles in the place of exact numbers: for judging it by a rule that knows no others
 * (a JSON schema). The very value when it holds none.
 */
export function withDoubles(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ExactNumber) return Number(value.text);
  if (!holders.has(value)) return value;
  if (Array.isArray(value)) return value.map(withDoubles);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDoubles(member)]));
}
