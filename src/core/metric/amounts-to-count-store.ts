import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { lowestId } from '../id.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type NewMetric, type ValueRow, valueColumns, valueFromRow } from './metric-store.ts';

/** Where a metric is in the order of its table's key. */
export interface MetricPlace {
  readonly eventId: string;
  readonly key: string;
}

/** A part of a workspace's metrics by that order. Without an end: all that follow. */
export interface MetricSlice {
  /** Exclusive. */
  readonly after: MetricPlace;
  /** Inclusive. */
  readonly upTo: MetricPlace | null;
}

export const firstMetricPlace: MetricPlace = { eventId: lowestId, key: '' };

/** The next `size` metrics after a place, whatever they are: so many rows are read, however few of them are uncounted. */
export async function nextMetricSlice(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: MetricPlace,
  size: number,
): Promise<MetricSlice> {
  const [last] = await connection.query<{ event_id: string; key: string }>(
    `select event_id, key from metric where workspace_id = $1 and (event_id, key) > ($2::text::uuid, $3::text)
      order by event_id, key offset $4 limit 1`,
    [workspaceId, after.eventId, after.key, size - 1],
  );
  return { after, upTo: last ? { eventId: last.event_id, key: last.key } : null };
}

interface Row extends ValueRow {
  event_id: string;
  key: string;
  type_id: number;
  kind: 'state' | 'statistic';
  node_id: number;
  context: number | null;
}

/** An amount, with its event's node and context. */
export interface AmountToCount extends NewMetric {
  readonly nodeId: number;
  /** By the number that it is stored under. */
  readonly context: number | null;
}

/** The amounts of a slice that had no exchange rate when they were set, or are counted in another currency than this one. */
export async function readAmountsToCount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { after, upTo }: MetricSlice,
  currency: string,
): Promise<AmountToCount[]> {
  const rows = await connection.query<Row>(
    `select m.*, p.node_id, e.context from (
       select event_id, key, type_id, kind, ${valueColumns} from metric
        where workspace_id = $1 and (event_id, key) > ($2::text::uuid, $3::text)
          and ($4::text is null or (event_id, key) <= ($4::text::uuid, $5::text))
          and currency is not null and (not counted or currency <> $6)
        order by event_id, key offset 0) m
      cross join lateral (select profile_id, context from event where workspace_id = $1 and id = m.event_id limit 1) e
      cross join lateral (select node_id from profile where workspace_id = $1 and id = e.profile_id limit 1) p
      order by m.event_id, m.key`,
    [workspaceId, after.eventId, after.key, upTo?.eventId ?? null, upTo?.key ?? null, currency],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    key: row.key,
    typeId: row.type_id,
    kind: row.kind,
    nodeId: row.node_id,
    context: row.context,
    ...valueFromRow(row),
    occurredAt: row.occurred_at.getTime(),
  }));
}

/** Amounts as they are counted now, or are not. Nobody has set them anew: `updated_at` stays. */
export async function updateAmounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  amounts: readonly NewMetric[],
): Promise<void> {
  await connection.query(
    `update metric m set value = a.value, currency = a.currency, counted = a.counted
       from unnest($2::text::uuid[], $3::text::text[], $4::text::numeric[], $5::text::text[], $6::text::boolean[])
              as a (event_id, key, value, currency, counted)
      where m.workspace_id = $1 and m.event_id = a.event_id and m.key = a.key`,
    [
      workspaceId,
      arrayLiteral(amounts.map((amount) => amount.eventId)),
      arrayLiteral(amounts.map((amount) => amount.key)),
      arrayLiteral(amounts.map((amount) => amount.value)),
      arrayLiteral(amounts.map((amount) => amount.currency)),
      arrayLiteral(amounts.map((amount) => String(amount.counted))),
    ],
  );
}
