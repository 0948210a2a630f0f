import { eventCount } from '../../core/metric/metric.ts';
import { dayText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import {
  type ChartGrouping,
  groupOfRow,
  isRowGrouping,
  type RowGrouping,
  toldCampaigns,
} from './chart-grouping.ts';
import type { ChartInterval, ChartTime } from './chart-slots.ts';
import { localTime } from './fetch-insights.ts';
import { labelOf } from './interval.ts';
import { onGrid } from './plan.ts';
import type { StatementValues } from './statement-values.ts';

/** What is counted. */
export interface ChartCount {
  readonly time: ChartTime;
  readonly interval: ChartInterval;
  /** A metric's key, whose values are summed, or `eventCount`. */
  readonly key: string;
  readonly typeIds: readonly number[];
  readonly grouping: ChartGrouping | null;
  /** Whether rollups are being made anew: events by source, which they did not have before, are counted from the rows. */
  readonly isRebuilding: boolean;
}

/** Statements of the columns label, grp and value, which are to be added up, and the tables that they read besides. */
export interface ChartCells {
  readonly tables: readonly string[];
  readonly parts: readonly string[];
}

/**
 * Whether a count reads the events or values themselves, as many as there are: the rollups know of types and APIs at every quarter hour, of
 * nodes, contexts and, of events, sources at every day. Of campaigns they know nothing; but few events tell of one.
 */
function readsRows({ grouping, interval, key, isRebuilding }: Omit<ChartCount, 'time' | 'typeIds'>): boolean {
  if (!isRowGrouping(grouping)) return false;
  if (grouping === 'campaign') return key !== eventCount;
  return interval === 'hour' || (grouping === 'source' && (key !== eventCount || isRebuilding));
}

/** Whether a count may take long: it reads rows, or looks up each event that tells of a campaign. */
export function isDear(count: Omit<ChartCount, 'time' | 'typeIds'>): boolean {
  return count.grouping === 'campaign' || readsRows(count);
}

export function cellsOf(count: ChartCount, values: StatementValues): ChartCells {
  const { grouping, key } = count;
  const asked: Asked = { ...count, values, types: values.add(arrayLiteral(count.typeIds)) };
  if (!isRowGrouping(grouping)) return { tables: [], parts: totals(asked, grouping) };
  if (readsRows(count)) {
    const tables = grouping === 'campaign' ? [toldCampaigns(values)] : [];
    return { tables, parts: [key === eventCount ? eventRows(asked, grouping) : metricRows(asked, grouping)] };
  }
  if (grouping === 'campaign') {
    const told = toldCampaigns(values, count.time.spans);
    return within(asked, [told], toldRows(asked));
  }
  return key === eventCount
    ? { tables: [], parts: [originDays(asked, grouping)] }
    : within(asked, [], metricOriginDays(asked));
}

interface Asked extends ChartCount {
  readonly values: StatementValues;
  /** The placeholder of the types' numbers. */
  readonly types: string;
}

/** Where the groups are known alone: what is left of all is of none. */
function within(asked: Asked, tables: readonly string[], groups: string): ChartCells {
  return {
    tables: [...tables, `named as materialized (${groups})`],
    parts: [
      ...totals(asked, null),
      'select label, grp, value from named',
      'select label, null::text, -value from named',
    ],
  };
}

function totals(asked: Asked, grouping: 'type' | 'api' | null): string[] {
  const group = { type: 'r.type_id::text', api: 't.dialect', none: 'null::text' }[grouping ?? 'none'];
  const join = grouping === 'api' ? 'join event_type t on t.workspace_id = $1 and t.id = r.type_id' : '';
  const { interval, key, values, types, time } = asked;
  const metric = values.add(key);
  if (interval !== 'hour')
    return [
      `select ${dayLabel(interval)} as label, ${group} as grp, sum(r.sum) as value from rollup_day r ${join}
        where r.workspace_id = $1 and r.type_id = any(${types}::text::integer[]) and r.metric = ${metric}::text and ${inDays(asked)}
        group by 1, 2`,
    ];
  const { quarterHours, rows } = onGrid(time.spans);
  const whole = spanned(asked, quarterHours, {
    at: 'r.bucket',
    group,
    value: 'sum(r.sum)',
    from: `rollup_quarter_hour r ${join}`,
    where: `r.workspace_id = $1 and r.type_id = any(${types}::text::integer[]) and r.metric = ${metric}::text`,
  });
  if (rows.length === 0) return [whole];
  const isOfEvents = key === eventCount;
  const rest = spanned(asked, rows, {
    at: 'r.occurred_at',
    group,
    value: isOfEvents ? 'count(*)::numeric' : 'sum(r.value)',
    from: `${isOfEvents ? 'event' : 'metric'} r ${join}`,
    where: `r.workspace_id = $1 and r.type_id = any(${types}::text::integer[])${isOfEvents ? '' : ` and r.key = ${metric}::text and r.counted`}`,
  });
  return [whole, rest];
}

const rollupColumns = {
  source: 'nullif(r.source_id, 0)::text',
  context: 'nullif(r.context, 0)::text',
} as const;

function originDays(asked: Asked, grouping: keyof typeof rollupColumns): string {
  return `select ${dayLabel(asked.interval)} as label, ${rollupColumns[grouping]} as grp, sum(r.total) as value
            from rollup_day_origin r
           where r.workspace_id = $1 and r.type_id = any(${asked.types}::text::integer[]) and ${inDays(asked)}
           group by 1, 2`;
}

/** Those that say a context. */
function metricOriginDays(asked: Asked): string {
  return `select ${dayLabel(asked.interval)} as label, ${rollupColumns.context} as grp, sum(r.sum) as value
            from rollup_day_metric_origin r
           where r.workspace_id = $1 and r.type_id = any(${asked.types}::text::integer[])
             and r.metric = ${asked.values.add(asked.key)}::text and r.context <> 0 and ${inDays(asked)}
           group by 1, 2`;
}

function eventRows(asked: Asked, grouping: RowGrouping): string {
  return spanned(asked, asked.time.spans, {
    at: 'e.occurred_at',
    group: groupOfRow[grouping],
    value: 'count(*)::numeric',
    from: 'event e',
    where: `e.workspace_id = $1 and e.type_id = any(${asked.types}::text::integer[])`,
  });
}

function toldRows(asked: Asked): string {
  return spanned(asked, asked.time.spans, {
    at: 'told.occurred_at',
    group: groupOfRow.campaign,
    value: 'count(*)::numeric',
    from: 'told',
    where: `told.type_id = any(${asked.types}::text::integer[])`,
  });
}

function metricRows(asked: Asked, grouping: RowGrouping): string {
  const told = grouping === 'campaign' ? 'left join told on told.event_id = e.id' : '';
  return spanned(asked, asked.time.spans, {
    at: 'm.occurred_at',
    group: groupOfRow[grouping],
    value: 'sum(m.value)',
    from: `metric m join event e on e.workspace_id = $1 and e.id = m.event_id ${told}`,
    where: `m.workspace_id = $1 and m.type_id = any(${asked.types}::text::integer[])
            and m.key = ${asked.values.add(asked.key)}::text and m.counted`,
  });
}

interface Spanned {
  readonly at: string;
  readonly group: string;
  readonly value: string;
  readonly from: string;
  readonly where: string;
}

/** Grouped within the lateral, each span is looked up by the index: the planner can't know how few and short they are. */
function spanned(
  { values, interval }: Asked,
  spans: ChartTime['spans'],
  { at, group, value, from, where }: Spanned,
): string {
  return `select part.* from ${values.addSpans(spans)} cross join lateral (
    select ${labelOf(interval, localTime(at))} as label, ${group} as grp, ${value} as value
      from ${from} where ${where} and ${at} >= span.starts and ${at} < span.ends
     group by 1, 2) as part`;
}

const dayLabel = (interval: ChartInterval) => labelOf(interval, 'r.day::timestamp');

function inDays({ values, time: { days } }: Asked): string {
  const day = (text: string) => `${values.add(dayText(Temporal.PlainDate.from(text)))}::text::date`;
  return `r.day >= ${day(days.since)} and r.day < ${day(days.until)}`;
}
