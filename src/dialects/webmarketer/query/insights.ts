import type { DialectName } from '../../../core/dialect-name.ts';
import type { EventType } from '../../../core/event-type/event-type.ts';
import type { SaleType } from '../../../core/metric/revenue.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { fetchInsights, type InsightCell } from '../../../query/insights/fetch-insights.ts';
import { compareLabels, type Interval, longestSpan } from '../../../query/insights/interval.ts';
import { planInsights } from '../../../query/insights/plan.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { formulaOf } from '../custom-column/custom-column.ts';
import { readCustomColumns } from '../custom-column/custom-column-store.ts';
import { evaluateFormula, type Formula, metricKeysOf } from '../custom-column/formula.ts';

export interface InsightQuestion {
  readonly dialect: DialectName;
  /** Both inclusive, in milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
  /** Keys of states, statistics and custom columns, or `event-count`; an unknown one counts 0. */
  readonly metrics: readonly string[];
  readonly groupBy: 'project' | 'event-type';
  readonly interval: Interval;
  /** For `event-type`: the references of those wanted; null: all. */
  readonly filter: readonly string[] | null;
}

/** The sums of one interval, of everything or of one type. */
export interface Insight {
  /** The type's reference; null: everything. */
  readonly eventType: string | null;
  readonly interval: string;
  /** By metric, each one that was asked for. Null: a column whose formula has no value there, as by a division by zero. */
  readonly values: Readonly<Record<string, number | null>>;
}

interface InsightServices {
  readonly database: Queryable;
  readonly saleTypes: readonly SaleType[];
}

const maximumIntervals = 100_000;
/** So that the changes of a zone's clocks within are few. */
const maximumMilliseconds = 200 * 366 * 24 * 60 * 60 * 1000;

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** How many days of an interval are answered at once; more would be too much. */
export function answerableDays(interval: Interval): number {
  return Math.floor(Math.min(maximumMilliseconds, longestSpan(interval, maximumIntervals)) / dayMilliseconds);
}

export function isAnswerable({ interval, since, until }: InsightQuestion): boolean {
  return until - since <= answerableDays(interval) * dayMilliseconds;
}

/**
 * Sums of metrics by interval in the workspace's time zone, at each metric's own time; in the order of the intervals, then of the
 * types. Intervals with neither events nor values are not among them.
 */
export async function readInsights(
  { database: connection, saleTypes }: InsightServices,
  workspace: Workspace,
  question: InsightQuestion,
): Promise<Insight[]> {
  const types = typesOf(workspace, saleTypes, question);
  if (types.length === 0 || question.since > question.until) return [];
  const { interval, groupBy } = question;
  const formulas = await readFormulas(connection, workspace, question);
  const metrics = question.metrics.flatMap((key) => {
    const formula = formulas.get(key);
    return formula ? metricKeysOf(formula) : [key];
  });
  const plan = planInsights(interval, workspace.timezone, question.since, question.until + 1);
  const typeIds = types.map((type) => type.id);
  const cells = await fetchInsights(connection, workspace.id, plan, { interval, groupBy, metrics, typeIds });
  return format(cells, types, formulas, question);
}

/** The custom columns among what is asked for, by key. No metric has such a key. */
async function readFormulas(
  connection: Queryable,
  workspace: Workspace,
  { metrics }: InsightQuestion,
): Promise<Map<string, Formula>> {
  const columns = await readCustomColumns(connection, workspace.id);
  const asked = columns.filter((column) => metrics.includes(column.key));
  return new Map(asked.map((column) => [column.key, formulaOf(column)]));
}

/** The dialect's own, and the sales that came in by another: they are of the same business. */
function typesOf(
  { eventTypes }: Workspace,
  saleTypes: readonly SaleType[],
  { dialect, groupBy, filter }: InsightQuestion,
): EventType[] {
  const sales = saleTypes
    .filter((sale) => sale.dialect !== dialect)
    .flatMap((sale) => eventTypes.byName(sale.dialect, sale.name) ?? []);
  const types = [...eventTypes.ofDialect(dialect), ...sales];
  if (groupBy === 'project' || filter === null) return types;
  const wanted = new Set(filter);
  return types.filter((type) => wanted.has(type.name));
}

function format(
  cells: readonly InsightCell[],
  types: readonly EventType[],
  formulas: ReadonlyMap<string, Formula>,
  { interval, metrics }: InsightQuestion,
): Insight[] {
  const names = new Map(types.map((type) => [type.id, type.name]));
  const groups = new Map<string, { eventType: string | null; interval: string; sums: Map<string, number> }>();
  for (const { label, typeId, metric, sum } of cells) {
    const eventType = typeId === null ? null : names.get(typeId)!;
    const group = groups.getOrInsertComputed(`${typeId}\n${label}`, () => {
      return { eventType, interval: label, sums: new Map<string, number>() };
    });
    group.sums.set(metric, sum);
  }
  return [...groups.values()]
    .sort(
      (a, b) =>
        compareLabels(interval, a.interval, b.interval) || compareTexts(a.eventType ?? '', b.eventType ?? ''),
    )
    .map(({ eventType, interval: label, sums }) => {
      const sumOf = (key: string) => sums.get(key) ?? 0;
      const shownOf = (key: string) => {
        const formula = formulas.get(key);
        return formula ? evaluateFormula(formula, sumOf) : sumOf(key);
      };
      return {
        eventType,
        interval: label,
        values: Object.fromEntries(metrics.map((key) => [key, shownOf(key)])),
      };
    });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
