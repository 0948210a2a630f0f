/** Numbers that are no money are counted in millionths, as metrics are kept. */
export const numberDigits = 6;

const digits = new Map<string, number>();

/** How many decimals the smallest unit of a currency has: EUR 2, JPY 0, KWD 3. */
export function minorDigitsOf(currency: string): number {
  return digits.getOrInsertComputed(
    currency,
    () =>
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2,
  );
}

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * How many units of so many decimals a number comes to, a half rounded away from zero. `text`: in plain decimal notation, as the database
 * writes `numeric`. @throws when it is none
 */
export function toUnits(text: string, decimals: number): bigint {
  const [, sign, whole, fraction = ''] = decimal.exec(text) ?? [];
  if (whole === undefined) throw new Error(`"${text}" is no decimal number`);
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const next = fraction.charCodeAt(decimals);
  const rounded = next >= 0x35 ? kept + 1n : kept;
  return sign === '-' ? -rounded : rounded;
}

/** The number that so many units are, in plain decimal notation. */
export function fromUnits(units: bigint, decimals: number): string {
  const text = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  const number = decimals === 0 ? whole : `${whole}.${text.slice(-decimals)}`;
  return units < 0n ? `-${number}` : number;
}
