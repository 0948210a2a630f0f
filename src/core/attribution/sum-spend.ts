import type { ExchangeRates } from '../exchange-rate/exchange-rate.ts';
import { type Grouping, keyOf } from './grouping.ts';
import type { SpendDay } from './spend.ts';
import { numberDigits, wholeMillionths } from './units.ts';

/** What was spent on a group within an interval. */
export interface Spent {
  /** In millionths of the workspace's currency; each day's is rounded to its smallest unit. */
  readonly amount: bigint;
  /** What no exchange rate is known for, by its own currency, in millionths of that. */
  readonly unconverted: ReadonlyMap<string, bigint>;
}

export interface SpendRow extends Spent {
  readonly interval: string | null;
  readonly key: string | null;
}

/** How days of spending are put into rows. */
export interface SpendRules {
  readonly grouping: Grouping;
  readonly intervalOfDay: (day: string) => string | null;
  /** The workspace's. */
  readonly currency: string;
  readonly rates: ExchangeRates;
}

interface Gathering {
  readonly interval: string | null;
  readonly key: string | null;
  amount: bigint;
  readonly unconverted: Map<string, bigint>;
}

/** Sums what was spent by group and interval, each day's at the rate of that day. */
export function sumSpend(days: readonly SpendDay[], rules: SpendRules): SpendRow[] {
  const { grouping, intervalOfDay, currency, rates } = rules;
  const rows = new Map<string | null, Map<string | null, Gathering>>();
  for (const { origin, day, amount, currency: spentIn } of days) {
    const [interval, key] = [intervalOfDay(day), keyOf(grouping, origin)];
    const ofInterval = rows.getOrInsertComputed(interval, () => new Map<string | null, Gathering>());
    const row = ofInterval.getOrInsertComputed(key, () => ({
      interval,
      key,
      amount: 0n,
      unconverted: new Map<string, bigint>(),
    }));
    const converted =
      spentIn === currency
        ? amount
        : rates.convert(Number(amount), spentIn, currency, day)?.toFixed(numberDigits);
    if (converted !== undefined) row.amount += wholeMillionths(converted, currency);
    else {
      const before = row.unconverted.get(spentIn) ?? 0n;
      row.unconverted.set(spentIn, before + wholeMillionths(amount, spentIn));
    }
  }
  return [...rows.values()].flatMap((ofInterval) => [...ofInterval.values()]);
}

/** Whether a question's groups can have cost anything: nothing is spent on what visitors write into an address. */
export function canCost(grouping: Grouping): boolean {
  return grouping !== 'source' && grouping !== 'medium';
}
