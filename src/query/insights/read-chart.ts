import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Database } from '../../store/database.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import { type ChartCount, cellsOf, isDear } from './chart-cells.ts';
import type { ChartGrouping } from './chart-grouping.ts';
import type { ChartTime } from './chart-slots.ts';
import { StatementValues } from './statement-values.ts';

export interface ChartQuestion extends ChartCount {
  /** Which groups are shown by themselves: those that have most, at most so many, or these. All others are one. */
  readonly groups: number | readonly string[];
}

/** What a series is of: everything, a group, what is of no group, or all groups that are not shown by themselves. */
export type SeriesKind = 'all' | 'group' | 'none' | 'other';

export interface ChartSeries {
  readonly kind: SeriesKind;
  /** Of a group: see `chart-grouping.ts`. */
  readonly key: string | null;
  readonly total: number;
  /** One for each interval. */
  readonly values: readonly number[];
}

export interface Chart {
  /** The group that has most first; behind the groups what is of none, then all others. */
  readonly series: readonly ChartSeries[];
  readonly total: number;
  /** How many groups there are. */
  readonly groupCount: number;
  /** How many values each series has. */
  readonly slotCount: number;
}

/** For what is counted from the rows. */
export const countingMilliseconds = 8_000;

interface Row {
  readonly label: string | null;
  readonly grp: string | null;
  readonly is_other: boolean | null;
  /** Which of the three a row is summed over, as `grouping()` says it: 4 is a series' total, 7 that of all. */
  readonly level: number;
  readonly value: string;
  readonly groups: number;
}

const seriesTotal = 4;
const wholeTotal = 7;

/**
 * Counts of events, or sums of a metric at its own time, by interval and group. One statement, which sees the store at one moment, so that
 * series sum to the total.
 */
export async function readChart(
  database: Database,
  workspaceId: WorkspaceId,
  question: ChartQuestion,
): Promise<Chart> {
  const { grouping, time, groups } = question;
  const values = new StatementValues(workspaceId);
  const { tables, parts } = cellsOf(question, values);
  const top =
    typeof groups === 'number'
      ? `select grp from cell where grp is not null group by grp having sum(value) <> 0
          order by sum(value) desc, grp limit ${values.add(groups)}::integer`
      : `select unnest(${values.add(arrayLiteral(groups))}::text::text[]) as grp`;
  const rows = await database.query<Row>(
    `with ${tables.map((table) => `${table}, `).join('')}cell as materialized (
       select label, grp, sum(value) as value from (${parts.join(' union all ')}) part group by label, grp),
     top as materialized (${top}),
     shown as (select c.label, t.grp, c.grp is not null and t.grp is null as is_other, c.value
                 from cell c left join top t on t.grp = c.grp)
     select label, grp, is_other, grouping(label, grp, is_other) as level, coalesce(sum(value), 0)::text as value,
            (select count(distinct grp) from cell where value <> 0)::integer as groups
       from shown group by grouping sets ((label, grp, is_other), (grp, is_other), ())`,
    values.all,
    { once: true, ...(isDear(question) ? { dear: true, milliseconds: countingMilliseconds } : {}) },
  );
  return chartOf(rows, time, grouping, groups);
}

function chartOf(
  rows: readonly Row[],
  { slots }: ChartTime,
  grouping: ChartGrouping | null,
  groups: ChartQuestion['groups'],
): Chart {
  const places = new Map(slots.map(({ label }, place) => [label, place]));
  const series = new Map<string, { kind: SeriesKind; key: string | null; total: number; values: number[] }>();
  const seriesOf = ({ grp, is_other }: Pick<Row, 'grp' | 'is_other'>) => {
    const kind = kindOf(grouping, grp, is_other === true);
    return series.getOrInsertComputed(`${kind} ${grp}`, () => ({
      kind,
      key: grp,
      total: 0,
      values: slots.map(() => 0),
    }));
  };
  if (grouping === null) seriesOf({ grp: null, is_other: false });
  if (typeof groups !== 'number') for (const grp of groups) seriesOf({ grp, is_other: false });
  let total = 0;
  for (const row of rows) {
    const value = Number(row.value);
    if (row.level === wholeTotal) total = value;
    else if (row.level === seriesTotal) seriesOf(row).total = value;
    else {
      const place = places.get(row.label ?? '');
      if (place !== undefined) seriesOf(row).values[place] = value;
    }
  }
  const shown = [...series.values()].filter(
    ({ kind, values }) => kind === 'all' || kind === 'group' || values.some((value) => value !== 0),
  );
  return {
    series: shown.sort(compareSeries),
    total,
    groupCount: rows[0]?.groups ?? 0,
    slotCount: slots.length,
  };
}

function kindOf(grouping: ChartGrouping | null, key: string | null, isOther: boolean): SeriesKind {
  if (grouping === null) return 'all';
  if (isOther) return 'other';
  return key === null ? 'none' : 'group';
}

const order: Readonly<Record<SeriesKind, number>> = { all: 0, group: 1, none: 2, other: 3 };

function compareSeries(one: ChartSeries, other: ChartSeries): number {
  return (
    order[one.kind] - order[other.kind] ||
    other.total - one.total ||
    ((one.key ?? '') < (other.key ?? '') ? -1 : 1)
  );
}
