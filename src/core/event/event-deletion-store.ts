import { arrayLiteral } from '../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import { deleteTouchpointsOfEvents } from '../campaign/touchpoint-store.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { FollowedEvent } from './event-move.ts';

/** What has to be known of an event to take it out of rollups and counters, and to tell of that. */
export interface CountedEvent extends FollowedEvent {
  /** Of its profile. */
  readonly recordId: string;
  readonly sourceId: number | null;
}

interface CountedRow {
  id: string;
  type_id: number;
  profile_id: string;
  record_id: string;
  node_id: number;
  source_id: number | null;
  context: number | null;
  occurred_at: Date;
  received_at: Date;
  updated_at: Date | null;
}

function countedFromRow(row: CountedRow): CountedEvent {
  return {
    id: row.id,
    typeId: row.type_id,
    profileId: row.profile_id,
    recordId: row.record_id,
    nodeId: row.node_id,
    sourceId: row.source_id,
    context: row.context,
    occurredAt: row.occurred_at.getTime(),
    receivedAt: row.received_at.getTime(),
    updatedAt: row.updated_at?.getTime() ?? null,
  };
}

/** Some events of the dialect that happened before an instant (ms), the oldest of a type first. */
export async function readEventsBefore(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  before: number,
  limit: number,
): Promise<CountedEvent[]> {
  const rows = await connection.query<CountedRow>(
    `select e.id, e.type_id, e.profile_id, p.record_id, p.node_id, e.source_id, e.context, e.occurred_at, e.received_at, e.updated_at
       from (select id from event_type where workspace_id = $1 and dialect = $2 order by id) t
      cross join lateral (select id, type_id, profile_id, source_id, context, occurred_at, received_at, updated_at from event
                           where workspace_id = $1 and type_id = t.id and occurred_at < $3
                           order by occurred_at limit $4) e
       join profile p on p.workspace_id = $1 and p.id = e.profile_id
      limit $4`,
    [workspaceId, dialect, new Date(before), limit],
  );
  return rows.map(countedFromRow);
}

/** Of which events some are due: of a type, of a node where it is given, that happened before an instant (ms). */
export interface DueEvents {
  readonly typeId: number;
  readonly nodeId: number | null;
  readonly before: number;
}

/** Behind which event of the type was looked; null: before all. `at`: milliseconds since the epoch. */
export interface DuePlace {
  readonly at: number | null;
  readonly id: string | null;
}

/**
 * The next events that are due, the oldest first, at most `take` of the next `look` of their type. `next`: behind which to go on;
 * undefined: there are no more.
 */
export async function readDueEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { typeId, nodeId, before }: DueEvents,
  { at, id }: DuePlace,
  { look, take }: { readonly look: number; readonly take: number },
): Promise<{ readonly events: CountedEvent[]; readonly next: DuePlace | undefined }> {
  const rows = await connection.query<CountedRow>(
    `select e.id, e.type_id, e.profile_id, p.record_id, p.node_id, e.source_id, e.context, e.occurred_at, e.received_at
       from (select id, type_id, profile_id, source_id, context, occurred_at, received_at from event
              where workspace_id = $1 and type_id = $2 and occurred_at < $3
                and ($4::timestamptz is null or (occurred_at, id) > ($4::timestamptz, $5::uuid))
              order by occurred_at, id limit $6) e
       join profile p on p.workspace_id = $1 and p.id = e.profile_id
      order by e.occurred_at, e.id`,
    [workspaceId, typeId, new Date(before), at === null ? null : new Date(at), id, look],
  );
  const looked = rows.map(countedFromRow);
  const due = looked.filter((event) => nodeId === null || event.nodeId === nodeId);
  const events = due.slice(0, take);
  const lastLooked = looked.length === look ? looked.at(-1) : undefined;
  const last = due.length > take ? events.at(-1) : lastLooked;
  return { events, next: last && { at: last.occurredAt, id: last.id } };
}

/** Some events of a type, the oldest first. */
export async function readEventsOfType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
  limit: number,
): Promise<CountedEvent[]> {
  const rows = await connection.query<CountedRow>(
    `select e.id, e.type_id, e.profile_id, p.record_id, p.node_id, e.source_id, e.context, e.occurred_at, e.received_at, e.updated_at
       from (select id, type_id, profile_id, source_id, context, occurred_at, received_at, updated_at from event
              where workspace_id = $1 and type_id = $2 order by occurred_at limit $3) e
       join profile p on p.workspace_id = $1 and p.id = e.profile_id`,
    [workspaceId, typeId, limit],
  );
  return rows.map(countedFromRow);
}

/** One event; undefined when there is none, or its profile is gone. */
export async function readCountedEvent(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<CountedEvent | undefined> {
  const [row] = await connection.query<CountedRow>(
    `select e.id, e.type_id, e.profile_id, p.record_id, p.node_id, e.source_id, e.context, e.occurred_at, e.received_at, e.updated_at
       from event e
       join profile p on p.workspace_id = $1 and p.id = e.profile_id and p.deleted_at is null
      where e.workspace_id = $1 and e.id = $2`,
    [workspaceId, id],
  );
  return row && countedFromRow(row);
}

/** Some events of these profiles that have no higher seq than `until`, the oldest of a profile first. */
export async function readEventsOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  { until, limit }: { readonly until: number; readonly limit: number },
): Promise<CountedEvent[]> {
  const rows = await connection.query<CountedRow>(
    `select e.id, e.type_id, e.profile_id, p.record_id, p.node_id, e.source_id, e.context, e.occurred_at, e.received_at, e.updated_at
       from unnest($2::text::uuid[]) as k (id)
       join profile p on p.workspace_id = $1 and p.id = k.id
      cross join lateral (select id, type_id, profile_id, source_id, context, occurred_at, received_at, updated_at from event
                           where workspace_id = $1 and profile_id = k.id and seq <= $4 order by occurred_at limit $3) e
      limit $3`,
    [workspaceId, arrayLiteral(profileIds), limit, until],
  );
  return rows.map(countedFromRow);
}

/** How many events of the dialect happened before an instant (ms), counted no further than `most`. */
export async function countEventsBefore(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  before: number,
  most: number,
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `select count(*) as total
       from (select from (select id from event_type where workspace_id = $1 and dialect = $2) t
              cross join lateral (select from event
                                   where workspace_id = $1 and type_id = t.id and occurred_at < $3 limit $4) e
              limit $4) counted`,
    [workspaceId, dialect, new Date(before), most],
  );
  return onlyRow(rows).total;
}

/** A metric that an insight counts. */
export interface CountedMetric {
  readonly eventId: string;
  readonly typeId: number;
  readonly key: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
}

/** Deletes events with their metrics and the touchpoints that they tell of. Answers the metrics that were counted. Their keys of once and for all stay. */
export async function deleteEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<CountedMetric[]> {
  const which = [workspaceId, arrayLiteral(ids)];
  const metrics = await deleteMetrics(connection, workspaceId, ids);
  await deleteTouchpointsOfEvents(connection, workspaceId, ids);
  await connection.query(
    'delete from metric_history where workspace_id = $1 and event_id = any($2::text::uuid[])',
    which,
  );
  await connection.query('delete from event where workspace_id = $1 and id = any($2::text::uuid[])', which);
  return metrics;
}

/** Deletes what was set on events, but for its history. Answers what of it was counted. */
export async function deleteMetrics(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<CountedMetric[]> {
  const rows = await connection.query<{
    event_id: string;
    type_id: number;
    key: string;
    value: string;
    counted: boolean;
    occurred_at: Date;
  }>(
    `delete from metric where workspace_id = $1 and event_id = any($2::text::uuid[])
     returning event_id, type_id, key, value, counted, occurred_at`,
    [workspaceId, arrayLiteral(eventIds)],
  );
  return rows
    .filter((row) => row.counted)
    .map((row) => ({
      eventId: row.event_id,
      typeId: row.type_id,
      key: row.key,
      value: Number(row.value),
      occurredAt: row.occurred_at.getTime(),
    }));
}
