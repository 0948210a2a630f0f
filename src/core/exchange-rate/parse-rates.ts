import { isCurrency } from '../value/amount.ts';
import { isStorableInstant } from '../value/instant.ts';
import type { ExchangeRate } from './exchange-rate.ts';

/** Of a rate as decimal digits. */
export const ratePattern = /^\d{1,12}(?:\.\d{1,12})?$/;
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export type ParsedRates =
  | { readonly kind: 'rates'; readonly rates: readonly ExchangeRate[]; readonly days: number }
  | { readonly kind: 'fault'; readonly line: number; readonly message: string };

/**
 * Reads the European Central Bank's CSV form, of one day (`eurofxref.csv`) or of all (`eurofxref-hist.csv`): a heading `Date` and
 * currency codes, then a line a day with units per euro. `N/A` is no rate. Codes that are no currency in use any more are left out.
 */
export function parseRates(text: string): ParsedRates {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const heading = cellsOf(lines[0] ?? '');
  if (heading[0] !== 'Date') return fault(1, 'the first column must be called Date');
  const strange = heading.slice(1).find((code) => !/^[A-Z]{3}$/.test(code));
  if (strange !== undefined) return fault(1, `"${strange.slice(0, 20)}" is not a currency code`);
  const rates: ExchangeRate[] = [];
  let days = 0;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const [date = '', ...values] = cellsOf(line);
    const day = parseDay(date);
    if (!day) return fault(index + 1, `"${date.slice(0, 20)}" is not a date`);
    if (values.length !== heading.length - 1)
      return fault(index + 1, `there must be ${heading.length - 1} rates, but there are ${values.length}`);
    days++;
    for (const [column, value] of values.entries()) {
      if (value === 'N/A' || value === '') continue;
      if (!ratePattern.test(value) || Number(value) === 0)
        return fault(index + 1, `"${value.slice(0, 20)}" is not a rate`);
      const currency = heading[column + 1]!;
      if (isCurrency(currency)) rates.push({ currency, day, perEuro: value });
    }
  }
  return { kind: 'rates', rates, days };
}

/** The bank ends each line with a comma. */
function cellsOf(line: string): string[] {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.at(-1) === '') cells.pop();
  return cells;
}

/** `2026-11-20` in the long file, `20 November 2026` in the daily one. Answers YYYY-MM-DD; undefined: it is no day. */
export function parseDay(text: string): string | undefined {
  const named = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text);
  const month = named ? monthNames.indexOf(named[2]!) + 1 : 0;
  const iso = named ? `${named[3]}-${String(month).padStart(2, '0')}-${named[1]!.padStart(2, '0')}` : text;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined;
  const date = new Date(`${iso}T00:00:00Z`);
  return !isStorableInstant(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? undefined : iso;
}

function fault(line: number, message: string): ParsedRates {
  return { kind: 'fault', line, message };
}
