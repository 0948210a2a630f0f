const counts = new Intl.NumberFormat('en-GB');
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });

/** All digits, in groups of three. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** For an axis: 12.5K. */
export function formatShort(count: number): string {
  return compact.format(count);
}

/** `one` and `many`: what is counted. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const amounts = new Map<string, Intl.NumberFormat>();

/** An amount with its currency's sign and places; of what is no code of a currency, with the text behind it. */
export function formatAmount(amount: number | string, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${counts.format(Number(amount))} ${currency}`;
  let format = amounts.get(currency);
  if (!format) {
    format = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
    amounts.set(currency, format);
  }
  return format.format(Number(amount));
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${amount >= 100 || unit === 0 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}
