/** Numbers that are no money are counted in millionths, as metrics are kept. */
export const numberDigits = 6;

/**
 * The currencies of ISO 4217 whose minor unit is not a hundredth. `Intl` says how many digits are usually shown, which is another thing:
 * none of forints, rupiahs and Iraqi dinars, and what it says changes with the runtime.
 */
const otherDigits: ReadonlyMap<string, number> = new Map([
  ...digitsOf(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digitsOf(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digitsOf(4, 'CLF UYW'),
]);

function digitsOf(digits: number, currencies: string): [string, number][] {
  return currencies.split(' ').map((currency) => [currency, digits]);
}

/** How many decimals the smallest unit of a currency has: EUR 2, JPY 0, KWD 3. */
export function minorDigitsOf(currency: string): number {
  return otherDigits.get(currency) ?? 2;
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

/** A value as it is handed out: whole `units`, each of which is so many millionths. */
export interface WholeValue {
  readonly units: bigint;
  readonly millionths: bigint;
}

/** Amounts (plain decimal notation) are handed out in the smallest units of their currency, other numbers in millionths. */
export function wholeValueOf(amount: string, currency: string | null): WholeValue {
  const decimals = currency === null ? numberDigits : minorDigitsOf(currency);
  return { units: toUnits(amount, decimals), millionths: 10n ** BigInt(numberDigits - decimals) };
}

/** An amount in millionths, rounded to the smallest unit of its currency. */
export function wholeMillionths(amount: string, currency: string): bigint {
  const { units, millionths } = wholeValueOf(amount, currency);
  return units * millionths;
}
