import { fromMilliseconds } from '../../store/instants.ts';
import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import {
  type CurrentMetric,
  type StoredValue,
  type ValueRow,
  valueColumns,
  valueFromRow,
} from './metric-store.ts';

/** A metric's value that another has taken the place of. */
export interface PastMetric extends CurrentMetric {
  /** Of the change that took its place. */
  readonly seq: number;
}

export async function insertMetricHistory(
  connection: Queryable,
  workspaceId: WorkspaceId,
  past: readonly PastMetric[],
): Promise<void> {
  await connection.query(
    `insert into metric_history (workspace_id, event_id, key, seq, value, currency, raw, counted, occurred_at, set_at)
     select h.workspace_id, m.event_id, m.key, m.seq, m.value, m.currency, m.raw::json, m.counted,
            ${fromMilliseconds('m.occurred_at')}, ${fromMilliseconds('m.set_at')}
       from workspace_head h,
            unnest($2::text::uuid[], $3::text::text[], $4::text::bigint[], $5::text::numeric[], $6::text::text[],
                   string_to_array($7::text, E'\\x1e'), $8::text::boolean[], $9::text::bigint[], $10::text::bigint[])
              as m (event_id, key, seq, value, currency, raw, counted, occurred_at, set_at)
      where h.workspace_id = $1`,
    [
      workspaceId,
      arrayLiteral(past.map((metric) => metric.eventId)),
      arrayLiteral(past.map((metric) => metric.key)),
      arrayLiteral(past.map((metric) => metric.seq)),
      arrayLiteral(past.map((metric) => metric.value)),
      arrayLiteral(past.map((metric) => metric.currency)),
      joinDocuments(past.map((metric) => JSON.stringify(metric.raw ?? null))),
      arrayLiteral(past.map((metric) => String(metric.counted))),
      arrayLiteral(past.map((metric) => metric.occurredAt)),
      arrayLiteral(past.map((metric) => metric.setAt)),
    ],
  );
}

export interface StoredPastValue extends StoredValue {
  readonly setAt: Date;
  /** Of the change that took its place. */
  readonly seq: number;
}

interface PastRow extends ValueRow {
  set_at: Date;
  seq: number;
}

/** What a metric was before, the last one first: those whose place was taken before the seq, where one is given. */
export async function readMetricHistory(
  connection: Queryable,
  workspaceId: WorkspaceId,
  metric: { readonly eventId: string; readonly key: string },
  beforeSeq: number | null,
  limit: number,
): Promise<StoredPastValue[]> {
  const rows = await connection.query<PastRow>(
    `select ${valueColumns}, set_at, seq from metric_history
      where workspace_id = $1 and event_id = $2 and key = $3 and ($4::bigint is null or seq < $4)
      order by seq desc limit $5`,
    [workspaceId, metric.eventId, metric.key, beforeSeq, limit],
  );
  return rows.map((row) => ({ ...valueFromRow(row), setAt: row.set_at, seq: row.seq }));
}

/** What the metrics of these events were before, oldest first, by event. */
export async function readHistoryOfEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<readonly (StoredPastValue & { readonly eventId: string; readonly key: string })[]> {
  const rows = await connection.query<PastRow & { event_id: string; key: string }>(
    `select event_id, key, ${valueColumns}, set_at, seq from metric_history
      where workspace_id = $1 and event_id = any($2::text::uuid[]) order by event_id, key, seq`,
    [workspaceId, arrayLiteral(eventIds)],
  );
  return rows.map((row) => ({
    ...valueFromRow(row),
    eventId: row.event_id,
    key: row.key,
    setAt: row.set_at,
    seq: row.seq,
  }));
}
