import type { Static } from 'typebox';
import type { SpendRow } from '../../core/attribution/sum-spend.ts';
import { addCredited, type Credited, nothing, type Tally } from '../../core/attribution/tally.ts';
import { fromUnits, minorDigitsOf, numberDigits } from '../../core/attribution/units.ts';
import type { NamedGroup, NameGroup } from '../../query/attribution/read-labels.ts';
import { presentSettings } from '../conversions/present.ts';
import type { Asked } from './question.ts';
import type { ReportReply } from './schemas.ts';

type Reply = Static<typeof ReportReply>;
type Row = Reply['rows'][number];
type Money = NonNullable<Row['spend']>;

const billion = 1_000_000_000n;
const million = 10n ** BigInt(numberDigits);

/** What a value is told in; null: the conversion has none. */
export type ValueForm = { readonly currency: string | null } | null;

/** `isMoney`: undefined where no value was ever set. */
export function valueFormOf({ workspace, settings }: Asked, isMoney: boolean | undefined): ValueForm {
  if (settings.metric === null) return null;
  return { currency: isMoney === false ? null : workspace.currency };
}

/** Of billionths. */
export function presentCredit(credit: bigint): number {
  return Number(fromUnits(credit, 9));
}

/** Of millionths. */
export function presentMoney(millionths: bigint, currency: string | null): Money {
  return { amount: Number(fromUnits(millionths, numberDigits)), currency };
}

export function presentCredited({ conversions, value }: Credited, form: ValueForm) {
  return {
    conversions: presentCredit(conversions),
    value: form && presentMoney(value, form.currency),
  };
}

export function presentAsked({ workspace, named, settings }: Asked) {
  return {
    conversion: named ? { id: named.id, name: named.name } : null,
    ...presentSettings(settings),
    timezone: workspace.timezone,
    currency: workspace.currency,
  };
}

/** A group of touches, what they brought, and what was spent on them. */
interface ReportRow extends Credited {
  readonly interval: string | null;
  readonly key: string | null;
  readonly touches: number;
  readonly people: number;
  readonly spend: SpendRow | undefined;
}

/** Rows of what was brought, and of what was spent without bringing anything. */
export function joinRows(tally: Tally, spend: readonly SpendRow[]): ReportRow[] {
  // What is left in it has brought nothing.
  const spent = new Map<string | null, Map<string | null, SpendRow>>();
  for (const row of spend)
    spent.getOrInsertComputed(row.interval, () => new Map<string | null, SpendRow>()).set(row.key, row);
  const take = ({ interval, key }: Pick<ReportRow, 'interval' | 'key'>) => {
    const ofInterval = spent.get(interval);
    const found = ofInterval?.get(key);
    if (found) ofInterval?.delete(key);
    return found;
  };
  const brought = tally.rows.map((row) => ({ ...row, spend: take(row) }));
  const vain = [...spent.values()].flatMap((ofInterval) => [...ofInterval.values()]);
  return [
    ...brought,
    ...vain.map((row) => ({
      interval: row.interval,
      key: row.key,
      touches: 0,
      people: 0,
      ...nothing,
      spend: row,
    })),
  ];
}

/** What is asked for and answered of a report, beside its rows. */
export interface ReportFrame {
  readonly asked: Asked;
  readonly parameters: Omit<Reply['parameters'], keyof ReturnType<typeof presentAsked>>;
  readonly form: ValueForm;
  readonly nameOf: NameGroup;
}

export function presentReport(
  { asked, parameters, form, nameOf }: ReportFrame,
  rows: readonly ReportRow[],
  unattributed: Tally['unattributed'],
): Reply {
  const { currency } = asked.workspace;
  const sumsOf = (some: readonly ReportRow[], apart: Credited) => ({
    unattributed: presentCredited(apart, form),
    total: {
      ...presentCredited(some.reduce<Credited>(addCredited, apart), form),
      spend: presentSpend(some, currency),
    },
  });
  const byInterval = Map.groupBy(rows, (row) => row.interval);
  const intervals = [...new Set([...byInterval.keys(), ...unattributed.keys()])].filter(
    (one) => one !== null,
  );
  const all = [...unattributed.values()].reduce(addCredited, nothing);
  return {
    parameters: { ...presentAsked(asked), ...parameters },
    rows: rows.toSorted(compareRows).map((row) => presentRow(row, nameOf(row.key), form, currency)),
    ...sumsOf(rows, all),
    intervals: intervals.sort().map((interval) => ({
      interval,
      ...sumsOf(byInterval.get(interval) ?? [], unattributed.get(interval) ?? nothing),
    })),
  };
}

/** By interval; within it who has brought the most value comes first, then who has the most credit. */
function compareRows(a: ReportRow, b: ReportRow): number {
  if (a.interval !== b.interval) return (a.interval ?? '') < (b.interval ?? '') ? -1 : 1;
  if (a.value !== b.value) return a.value > b.value ? -1 : 1;
  if (a.conversions !== b.conversions) return a.conversions > b.conversions ? -1 : 1;
  return (a.key ?? '') < (b.key ?? '') ? -1 : 1;
}

/** Null where nothing is known to have been spent. */
function presentSpend(rows: readonly ReportRow[], currency: string): Money | null {
  const spent = rows.flatMap(({ spend }) => spend ?? []);
  if (spent.length === 0) return null;
  return presentMoney(
    spent.reduce((sum, { amount }) => sum + amount, 0n),
    currency,
  );
}

function presentRow(row: ReportRow, { key, label }: NamedGroup, form: ValueForm, currency: string): Row {
  const { interval, touches, people, spend } = row;
  const unconverted = [...(spend?.unconverted ?? [])];
  const whole = unconverted.length === 0 ? spend?.amount : undefined;
  return {
    interval,
    key,
    label,
    touches,
    people,
    ...presentCredited(row, form),
    spend: spend ? presentMoney(spend.amount, currency) : null,
    spendUnconverted: unconverted.map(([spentIn, amount]) => presentMoney(amount, spentIn)),
    cpa: whole === undefined ? null : costPerConversion(whole, row.conversions, currency),
    roas: whole === undefined || form?.currency !== currency ? null : returnOnSpend(row.value, whole),
  };
}

/** To the smallest unit of the currency. */
function costPerConversion(millionths: bigint, conversions: bigint, currency: string): number | null {
  if (conversions <= 0n) return null;
  const digits = minorDigitsOf(currency);
  const units = divide(millionths * billion * 10n ** BigInt(digits), conversions * million);
  return Number(fromUnits(units, digits));
}

/** To the ten thousandth. */
function returnOnSpend(value: bigint, spent: bigint): number | null {
  return spent > 0n ? Number(fromUnits(divide(value * 10_000n, spent), 4)) : null;
}

/** A half is rounded away from zero; `divisor` is above it. */
function divide(dividend: bigint, divisor: bigint): bigint {
  const rounded = (2n * (dividend < 0n ? -dividend : dividend) + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}
