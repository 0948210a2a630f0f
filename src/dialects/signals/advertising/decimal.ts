/** A decimal number, exact: `units` of 10 to the power of minus `scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/;

export const zero: Decimal = { units: 0n, scale: 0 };

/** Of a number in plain decimal notation, as the database gives `numeric`. @throws when it is none */
export function parseDecimal(text: string): Decimal {
  const [, sign, whole, fraction = ''] = decimalPattern.exec(text) ?? [];
  if (whole === undefined) throw new Error(`"${text}" is no decimal number`);
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** Of a double, to the millionth that money is kept to; undefined when it is none that can be counted with. */
export function decimalOf(value: number): Decimal | undefined {
  if (!Number.isFinite(value)) return undefined;
  // `toFixed` turns to exponents from there on, where a double has no fraction left.
  if (Math.abs(value) >= 1e21) return { units: BigInt(value), scale: 0 };
  return parseDecimal(value.toFixed(6));
}

export function wholeNumber(count: number): Decimal {
  return { units: BigInt(count), scale: 0 };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

/**
 * `factor * a / b` with two decimals, a half rounded away from zero; 0 when `b` is zero. A quotient that no double can hold is the
 * largest double there is, so that it is never an infinity.
 */
export function divideToHundredths(a: Decimal, b: Decimal, factor = 1): number {
  if (b.units === 0n) return 0;
  const scale = Math.max(a.scale, b.scale);
  const dividend = 2n * unitsAt(a, scale) * BigInt(100 * factor);
  const divisor = unitsAt(b, scale);
  const isNegative = dividend < 0n !== divisor < 0n;
  const hundredths = (absolute(dividend) / absolute(divisor) + 1n) / 2n;
  return hundredthsToNumber(isNegative ? -hundredths : hundredths);
}

/** With two decimals, a half rounded away from zero. */
export function roundToHundredths(value: Decimal): number {
  return divideToHundredths(value, { units: 1n, scale: 0 });
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** By way of text: the double nearest to the decimal number. */
function hundredthsToNumber(hundredths: bigint): number {
  const digits = absolute(hundredths).toString().padStart(3, '0');
  const number = Number(`${digits.slice(0, -2)}.${digits.slice(-2)}`);
  const bounded = Math.min(number, Number.MAX_VALUE);
  return hundredths < 0n ? -bounded : bounded;
}
