import { revenueMetric } from '../../../core/metric/revenue.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter, Queryable } from '../../../store/queryable.ts';
import { productsMetric, purchaseMetric, returnMetric } from '../analytics/order-metrics.ts';
import type { HiddenEvents } from '../retention/due-rules.ts';
import { boundParameters, type Days } from './count-days.ts';
import { exceptHidden } from './hidden-events.ts';

/** Events or metrics of some types, nodes and contexts. */
export interface OriginFilter {
  readonly typeIds: readonly number[];
  readonly nodeIds: readonly number[];
  /** By the number that it is stored under; null: any. */
  readonly context: number | null;
}

export interface TypeCount {
  readonly typeId: number;
  readonly context: number;
  readonly total: number;
}

const ofOrigin = `workspace_id = $1 and day >= $2::text::date and day <= $3::text::date and type_id = any($4::text::integer[])
        and node_id = any($5::text::integer[]) and ($6::smallint is null or context = $6)`;

function originParameters(
  workspaceId: WorkspaceId,
  { first, last }: Days,
  { typeIds, nodeIds, context }: OriginFilter,
) {
  return [workspaceId, first, last, arrayLiteral(typeIds), arrayLiteral(nodeIds), context];
}

export async function countByTypeAndContext(
  connection: Queryable,
  workspaceId: WorkspaceId,
  days: Days,
  filter: OriginFilter,
): Promise<TypeCount[]> {
  const rows = await connection.query<{ type_id: number; context: number; total: number }>(
    `select type_id, context, sum(total)::bigint as total from rollup_day_origin
      where ${ofOrigin} group by type_id, context having sum(total) <> 0`,
    originParameters(workspaceId, days, filter),
  );
  return rows.map((row) => ({ typeId: row.type_id, context: row.context, total: row.total }));
}

/** What some values of a metric come to; amounts as decimal texts with two decimals. */
export interface MetricSum {
  /** How many values there are. */
  readonly total: number;
  readonly sum: string;
  readonly average: string;
}

export type MetricSums = ReadonlyMap<string, MetricSum>;

interface SumRow {
  metric: string;
  total: number;
  sum: string;
  average: string;
}

function sumsOf(rows: readonly SumRow[]): MetricSums {
  return new Map(rows.map(({ metric, total, sum, average }) => [metric, { total, sum, average }]));
}

const sums = (total: string, sum: string) =>
  `(${total})::bigint as total, round(${sum}, 2)::text as sum, round(${sum} / ${total}, 2)::text as average`;

export async function sumMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  days: Days,
  filter: OriginFilter,
): Promise<MetricSums> {
  const rows = await connection.query<SumRow>(
    `select metric, ${sums('sum(total)', 'sum(sum)')} from rollup_day_metric_origin
      where ${ofOrigin} group by metric having sum(total) <> 0`,
    originParameters(workspaceId, days, filter),
  );
  return sumsOf(rows);
}

/** The metrics of orders. */
export const orderMetricKeys: readonly string[] = [
  purchaseMetric,
  returnMetric,
  productsMetric,
  revenueMetric,
];

/** The profiles `p` of the records $2, looked up one by one. */
const profilesOfRecords = `unnest($2::text::uuid[]) as k (id)
      cross join lateral (select id from profile where workspace_id = $1 and record_id = k.id offset 0) p`;

/** Those of some records, of whichever of their profiles, between two instants (ms; the second exclusive), but for what is hidden. */
export async function sumMetricsOfRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
  typeId: number,
  between: readonly [from: number, until: number],
  hidden: readonly HiddenEvents[],
): Promise<MetricSums> {
  const parameters: Parameter[] = [
    workspaceId,
    arrayLiteral(recordIds),
    typeId,
    ...boundParameters(between).slice(1),
    arrayLiteral(orderMetricKeys),
  ];
  const shown = exceptHidden(hidden, 'v', (value) => `$${parameters.push(value)}`);
  const rows = await connection.query<SumRow>(
    `select m.key as metric, ${sums('count(*)', 'sum(m.value)')}
       from ${profilesOfRecords}
      cross join lateral (
        select v.id from event v where v.workspace_id = $1 and v.profile_id = p.id and v.type_id = $3
           and v.occurred_at >= $4::text::timestamptz and v.occurred_at < $5::text::timestamptz ${shown} offset 0) e
      cross join lateral (select key, value from metric where workspace_id = $1 and event_id = e.id and counted offset 0) m
      where m.key = any($6::text::text[])
      group by m.key`,
    parameters,
  );
  return sumsOf(rows);
}

export interface IntervalCount {
  readonly typeId: number;
  /** Of the interval, from 0. */
  readonly place: number;
  readonly total: number;
}

/**
 * The events of some records, of whichever of their profiles, by type between each two of the bounds (ms), which are in order; but for what
 * is hidden.
 */
export async function countEventsOfRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
  bounds: readonly number[],
  hidden: readonly HiddenEvents[],
): Promise<IntervalCount[]> {
  const parameters: Parameter[] = [workspaceId, arrayLiteral(recordIds), ...boundParameters(bounds)];
  const shown = exceptHidden(hidden, 'v', (value) => `$${parameters.push(value)}`);
  const rows = await connection.query<{ type_id: number; place: number; total: number }>(
    `select e.type_id, width_bucket(e.occurred_at, (select $3::text::timestamptz[])) as place, count(*) as total
       from ${profilesOfRecords}
      cross join lateral (
        select v.type_id, v.occurred_at from event v where v.workspace_id = $1 and v.profile_id = p.id
           and v.occurred_at >= $4::text::timestamptz and v.occurred_at < $5::text::timestamptz ${shown} offset 0) e
      group by 1, 2`,
    parameters,
  );
  return rows.map((row) => ({ typeId: row.type_id, place: row.place - 1, total: row.total }));
}
