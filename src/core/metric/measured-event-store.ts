import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { CurrentMetric } from './metric-store.ts';

/** What setting an event's metrics needs to know of it. */
export interface MeasuredEventRow {
  readonly id: string;
  readonly typeId: number;
  readonly typeVersion: number | null;
  /** Of its profile. */
  readonly nodeId: number;
  /** By the number that it is stored under. */
  readonly context: number | null;
  readonly occurredAt: number;
}

interface Row {
  event_id: string;
  key: string;
  type_id: number;
  type_version: number | null;
  node_id: number;
  context: number | null;
  event_at: Date;
  kind: 'state' | 'statistic' | null;
  value: string | null;
  currency: string | null;
  raw: unknown;
  counted: boolean | null;
  metric_at: Date | null;
  updated_at: Date | null;
}

/**
 * The events that there are of those asked for, but for those of the forgotten, and which of the metrics were set. Each is looked up by its event's id (`limit` and
 * `offset` keep it so): before the first analyze of a growing table the planner would rather read all that have the key.
 */
export async function readMeasuredEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  wanted: readonly { readonly eventId: string; readonly key: string }[],
): Promise<{ events: MeasuredEventRow[]; metrics: CurrentMetric[] }> {
  const rows = await connection.query<Row>(
    `select w.event_id, w.key, e.type_id, e.type_version, p.node_id, e.context, e.occurred_at as event_at, m.kind, m.value, m.currency, m.raw,
            m.counted, m.occurred_at as metric_at, m.updated_at
       from unnest($2::text::uuid[], $3::text::text[]) as w (event_id, key)
      cross join lateral (select * from event where workspace_id = $1 and id = w.event_id limit 1) e
      cross join lateral (select node_id from profile where workspace_id = $1 and id = e.profile_id and forgotten_at is null limit 1) p
       left join lateral (select * from metric
                           where workspace_id = $1 and event_id = w.event_id offset 0) m on m.key = w.key`,
    [
      workspaceId,
      arrayLiteral(wanted.map(({ eventId }) => eventId)),
      arrayLiteral(wanted.map(({ key }) => key)),
    ],
  );
  const events = new Map<string, MeasuredEventRow>();
  const metrics: CurrentMetric[] = [];
  for (const row of rows) {
    events.set(row.event_id, {
      id: row.event_id,
      typeId: row.type_id,
      typeVersion: row.type_version,
      nodeId: row.node_id,
      context: row.context,
      occurredAt: row.event_at.getTime(),
    });
    if (row.value === null) continue;
    metrics.push({
      eventId: row.event_id,
      typeId: row.type_id,
      key: row.key,
      kind: row.kind!,
      value: Number(row.value),
      currency: row.currency,
      raw: row.raw,
      counted: row.counted!,
      occurredAt: row.metric_at!.getTime(),
      setAt: row.updated_at!.getTime(),
    });
  }
  return { events: [...events.values()], metrics };
}
