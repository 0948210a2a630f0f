import { fromMilliseconds } from '../../store/instants.ts';
import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { CountableMetric } from './convert-metric.ts';

export interface NewMetric extends CountableMetric {
  readonly eventId: string;
  readonly typeId: number;
}

/** A metric as it is until it is set to something else. */
export interface CurrentMetric extends NewMetric {
  /** Milliseconds since the epoch. */
  readonly setAt: number;
}

/** A metric that came with its event. */
export interface FirstMetric extends NewMetric {
  /** Milliseconds since the epoch: what comes with an event is as old as it. */
  readonly receivedAt: number;
}

export async function insertMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  metrics: readonly FirstMetric[],
): Promise<void> {
  const setAt = metrics.map((metric) => metric.receivedAt);
  await connection.query(insertRows, metricParameters(workspaceId, metrics, setAt));
}

/** Sets metrics, whether they were set before or not. None of them twice. */
export async function upsertMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  metrics: readonly NewMetric[],
  now: Date,
): Promise<void> {
  await connection.query(
    `${insertRows}
     on conflict (workspace_id, event_id, key) do update
       set value = excluded.value, currency = excluded.currency, raw = excluded.raw, occurred_at = excluded.occurred_at,
           counted = excluded.counted, updated_at = excluded.updated_at`,
    metricParameters(
      workspaceId,
      metrics,
      metrics.map(() => now.getTime()),
    ),
  );
}

const insertRows = `insert into metric (workspace_id, created_at, updated_at, event_id, type_id, key, kind, value, currency, raw,
                         occurred_at, counted)
     select h.workspace_id, ${fromMilliseconds('m.set_at')}, ${fromMilliseconds('m.set_at')}, m.event_id, m.type_id, m.key, m.kind,
            m.value, m.currency, m.raw::json, ${fromMilliseconds('m.occurred_at')}, m.counted
       from workspace_head h,
            unnest($2::text::bigint[], $3::text::uuid[], $4::text::integer[], $5::text::text[], $6::text::text[], $7::text::numeric[],
                   $8::text::text[], string_to_array($9::text, E'\\x1e'), $10::text::bigint[], $11::text::boolean[])
              as m (set_at, event_id, type_id, key, kind, value, currency, raw, occurred_at, counted)
      where h.workspace_id = $1`;

function metricParameters(
  workspaceId: WorkspaceId,
  metrics: readonly NewMetric[],
  setAt: readonly number[],
): Parameter[] {
  return [
    workspaceId,
    arrayLiteral(setAt),
    arrayLiteral(metrics.map((metric) => metric.eventId)),
    arrayLiteral(metrics.map((metric) => metric.typeId)),
    arrayLiteral(metrics.map((metric) => metric.key)),
    arrayLiteral(metrics.map((metric) => metric.kind)),
    arrayLiteral(metrics.map((metric) => metric.value)),
    arrayLiteral(metrics.map((metric) => metric.currency)),
    joinDocuments(metrics.map((metric) => JSON.stringify(metric.raw ?? null))),
    arrayLiteral(metrics.map((metric) => metric.occurredAt)),
    arrayLiteral(metrics.map((metric) => String(metric.counted))),
  ];
}

/** A value as it is read back. */
export interface StoredValue {
  readonly value: number;
  readonly currency: string | null;
  readonly raw: unknown;
  /** False: an amount in a currency without a rate. */
  readonly counted: boolean;
  readonly occurredAt: Date;
}

export interface StoredMetric extends StoredValue {
  readonly eventId: string;
  readonly key: string;
  readonly kind: 'state' | 'statistic';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The columns that a metric and its history have alike. */
export interface ValueRow {
  value: string;
  currency: string | null;
  raw: unknown;
  counted: boolean;
  occurred_at: Date;
}

export const valueColumns = 'value, currency, raw, counted, occurred_at';

export function valueFromRow(row: ValueRow): StoredValue {
  return {
    value: Number(row.value),
    currency: row.currency,
    raw: row.raw,
    counted: row.counted,
    occurredAt: row.occurred_at,
  };
}

interface MetricRow extends ValueRow {
  event_id: string;
  key: string;
  kind: 'state' | 'statistic';
  created_at: Date;
  updated_at: Date;
}

/** The metrics that were set on these events. */
export async function readMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<StoredMetric[]> {
  const rows = await connection.query<MetricRow>(
    `select event_id, key, kind, ${valueColumns}, created_at, updated_at from metric
      where workspace_id = $1 and event_id = any($2::text::uuid[]) order by event_id, key`,
    [workspaceId, arrayLiteral(eventIds)],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    key: row.key,
    kind: row.kind,
    ...valueFromRow(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}
