/** As the API tells of a value; a null currency: the metric is a number. */
export interface Money {
  readonly amount: number;
  readonly currency: string | null;
}

const formats = new Map<string, Intl.NumberFormat>();

/** With all digits that were handed out, so that what is read adds up: of some currencies the usual form leaves out the smallest unit. */
export function formatMoney({ amount, currency }: Money): string {
  const key = currency ?? '';
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat('en-GB', {
      ...(currency === null ? {} : { style: 'currency', currency }),
      maximumFractionDigits: 6,
    });
    formats.set(key, format);
  }
  return format.format(amount);
}

const credits = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
const shares = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });
const factors = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });

/** Conversions, of which touches have parts. Who points at it is told all digits. */
export function Credit({ conversions }: { readonly conversions: number }) {
  const shown = credits.format(conversions);
  return Number.isInteger(conversions) ? shown : <span title={String(conversions)}>{shown}</span>;
}

export function formatShare(part: number): string {
  return shares.format(part);
}

export function formatFactor(factor: number): string {
  return factors.format(factor);
}

const units = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
] as const;

/** How long something took, to its largest unit: `3.5 days`. */
export function formatSeconds(seconds: number): string {
  for (const [unit, length] of units) {
    if (seconds < length) continue;
    const count = factors.format(Math.round((seconds / length) * 10) / 10);
    return `${count} ${unit}${count === '1' ? '' : 's'}`;
  }
  return seconds === 0 ? 'at once' : `${Math.round(seconds)} s`;
}
