import type { StoredEvent } from '../../../core/event/event.ts';
import { type EventRow, eventColumns, eventFromRow } from '../../../core/event/event-store.ts';
import { lowestId } from '../../../core/id.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import { arrayLiteral, joinDocuments } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { AnonymizedDocuments } from './anonymize-event.ts';

/** An event of a type, by when it happened and, of those of one instant, its id. */
export interface EventPlace {
  /** Milliseconds since the epoch; null: before all. */
  readonly at: number | null;
  readonly id: string | null;
}

/** The next events of a type that happened before an instant (ms), oldest first. */
export async function readEventsOfTypeBefore(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
  after: EventPlace,
  before: number,
  limit: number,
): Promise<StoredEvent[]> {
  const rows = await connection.query<EventRow>(
    `select ${eventColumns} from event
      where workspace_id = $1 and type_id = $2 and occurred_at >= $3::text::timestamptz and occurred_at < $4
        and (occurred_at > $3::text::timestamptz or id > $5)
      order by occurred_at, id limit $6`,
    [workspaceId, typeId, instantText(after.at), new Date(before), after.id ?? lowestId, limit],
  );
  return rows.map(eventFromRow);
}

/** Events that were stored between two seqs, of types whose scan had passed their time already, in seq order. */
export async function readLateEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  afterSeq: number,
  untilSeq: number,
  passed: ReadonlyMap<number, EventPlace>,
  limit: number,
): Promise<StoredEvent[]> {
  const places = [...passed.values()];
  const rows = await connection.query<EventRow>(
    `select ${columnsOf('e', eventColumns)}
       from event e
       join unnest($4::text::integer[], $5::text::timestamptz[], $6::text::uuid[]) as passed (of_type, until, last_id)
         on passed.of_type = e.type_id
      where e.workspace_id = $1 and e.seq > $2 and e.seq <= $3
        and (e.occurred_at < passed.until or e.occurred_at = passed.until and e.id <= passed.last_id)
      order by e.seq limit $7`,
    [
      workspaceId,
      afterSeq,
      untilSeq,
      arrayLiteral([...passed.keys()]),
      arrayLiteral(places.map(({ at }) => instantText(at))),
      arrayLiteral(places.map(({ id }) => id ?? lowestId)),
      limit,
    ],
  );
  return rows.map(eventFromRow);
}

function instantText(at: number | null): string {
  return at === null ? '-infinity' : new Date(at).toISOString();
}

/** Puts other documents in place of those of some events, and counts their versions up. */
export async function replaceEventDocuments(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly (AnonymizedDocuments & { readonly id: string })[],
  now: Date,
): Promise<void> {
  await connection.query(
    `update event e set properties = n.properties::json, detail = nullif(n.detail, '')::json, version = e.version + 1,
            updated_at = $2
       from unnest($3::text::uuid[], string_to_array($4::text, E'\\x1e'), string_to_array($5::text, E'\\x1e'))
              as n (id, properties, detail)
      where e.workspace_id = $1 and e.id = n.id`,
    [
      workspaceId,
      now,
      arrayLiteral(events.map(({ id }) => id)),
      joinDocuments(events.map(({ properties }) => JSON.stringify(properties))),
      joinDocuments(events.map(({ detail }) => detail && JSON.stringify(detail))),
    ],
  );
}

export interface MetricName {
  readonly eventId: string;
  readonly key: string;
}

/** Forgets how some metrics of events were sent, now and before. Their values stay. */
export async function forgetSentMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  metrics: readonly MetricName[],
): Promise<void> {
  for (const table of ['metric', 'metric_history']) {
    await connection.query(
      `update ${table} m set raw = 'null' from unnest($2::text::uuid[], $3::text::text[]) as n (event_id, key)
        where m.workspace_id = $1 and m.event_id = n.event_id and m.key = n.key and m.raw::text <> 'null'`,
      [workspaceId, ...eventsAndKeys(metrics)],
    );
  }
}

/** The events of which one of the metrics, or what it was before, is still known as it was sent. */
export async function readSentMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  metrics: readonly MetricName[],
): Promise<Set<string>> {
  const rows = await connection.query<{ event_id: string }>(
    `select distinct n.event_id
       from unnest($2::text::uuid[], $3::text::text[]) as n (event_id, key)
      where exists (select from metric m where m.workspace_id = $1 and m.event_id = n.event_id and m.key = n.key
                       and m.raw::text <> 'null')
         or exists (select from metric_history m where m.workspace_id = $1 and m.event_id = n.event_id and m.key = n.key
                       and m.raw::text <> 'null')`,
    [workspaceId, ...eventsAndKeys(metrics)],
  );
  return new Set(rows.map((row) => row.event_id));
}

function eventsAndKeys(metrics: readonly MetricName[]): [string, string] {
  return [arrayLiteral(metrics.map(({ eventId }) => eventId)), arrayLiteral(metrics.map(({ key }) => key))];
}
