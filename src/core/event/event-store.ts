import { fromMilliseconds } from '../../store/instants.ts';
import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type EventContext, eventContextNumber, eventContextOf, type StoredEvent } from './event.ts';

/** A row on its way into the table; documents are JSON text already. */
export interface NewEvent {
  readonly id: string;
  readonly seq: number;
  readonly typeId: number;
  readonly typeVersion: number | null;
  readonly profileId: string;
  readonly sourceId: number | null;
  readonly context: number | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly properties: string;
  readonly detail: string | null;
}

export async function insertEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly NewEvent[],
): Promise<void> {
  await connection.query(
    `insert into event (workspace_id, type_id, seq, occurred_at, received_at, id, profile_id, source_id, type_version, context,
                        properties, detail)
     select h.workspace_id, e.type_id, e.seq, ${fromMilliseconds('e.occurred_at')}, to_timestamp(e.received_at / 1000.0),
            e.id, e.profile_id, e.source_id, e.type_version, e.context, e.properties::json, nullif(e.detail, '')::json
       from workspace_head h,
            unnest($2::text::integer[], $3::text::bigint[], $4::text::bigint[], $5::text::float8[], $6::text::uuid[],
                   $7::text::uuid[], $8::text::integer[], $9::text::integer[], $10::text::smallint[],
                   string_to_array($11::text, E'\\x1e'), string_to_array($12::text, E'\\x1e'))
         as e (type_id, seq, occurred_at, received_at, id, profile_id, source_id, type_version, context, properties, detail)
      where h.workspace_id = $1`,
    [
      workspaceId,
      arrayLiteral(events.map((event) => event.typeId)),
      arrayLiteral(events.map((event) => event.seq)),
      arrayLiteral(events.map((event) => event.occurredAt)),
      arrayLiteral(events.map((event) => event.receivedAt)),
      arrayLiteral(events.map((event) => event.id)),
      arrayLiteral(events.map((event) => event.profileId)),
      arrayLiteral(events.map((event) => event.sourceId)),
      arrayLiteral(events.map((event) => event.typeVersion)),
      arrayLiteral(events.map((event) => event.context)),
      joinDocuments(events.map((event) => event.properties)),
      joinDocuments(events.map((event) => event.detail)),
    ],
  );
}

export interface EventRow {
  seq: number;
  id: string;
  type_id: number;
  type_version: number | null;
  profile_id: string;
  source_id: number | null;
  context: number | null;
  occurred_at: Date;
  received_at: Date;
  updated_at: Date | null;
  version: number;
  properties: Record<string, unknown>;
  detail: Record<string, unknown> | null;
}

export const eventColumns =
  'seq, id, type_id, type_version, profile_id, source_id, context, occurred_at, received_at, updated_at, version, properties, detail';

export function eventFromRow(row: EventRow): StoredEvent {
  return {
    seq: row.seq,
    id: row.id,
    typeId: row.type_id,
    typeVersion: row.type_version,
    profileId: row.profile_id,
    sourceId: row.source_id,
    context: eventContextOf(row.context),
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    updatedAt: row.updated_at,
    version: row.version,
    properties: row.properties,
    detail: row.detail,
  };
}

/** An event by its id; of the forgotten none is shown. */
export async function readEvent(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<StoredEvent | undefined> {
  const [row] = await connection.query<EventRow>(
    `select ${eventColumns} from event e
      where workspace_id = $1 and id = $2
        and not exists (select from profile p
                         where p.workspace_id = $1 and p.id = e.profile_id and p.forgotten_at is not null)`,
    [workspaceId, id],
  );
  return row && eventFromRow(row);
}

/** The next events of a type by when they happened, from behind one of them. */
export async function listEventsOfType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
  after: { readonly at: number; readonly id: string } | null,
  limit: number,
): Promise<{ readonly id: string; readonly profileId: string; readonly at: number }[]> {
  const rows = await connection.query<{ id: string; profile_id: string; occurred_at: Date }>(
    `select id, profile_id, occurred_at from event
      where workspace_id = $1 and type_id = $2
        and ($3::timestamptz is null or (occurred_at >= $3 and (occurred_at, id) > ($3::timestamptz, $4::uuid)))
      order by occurred_at, id limit $5`,
    [workspaceId, typeId, after && new Date(after.at), after?.id ?? null, limit],
  );
  return rows.map((row) => ({ id: row.id, profileId: row.profile_id, at: row.occurred_at.getTime() }));
}

/** What an edit of a stored event can change; all of it is given, changed or not. */
export interface EventContent {
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly context: EventContext | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** Writes an event's content; its version is the next one. */
export async function updateEvent(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  { occurredAt, context, properties, detail }: EventContent,
  now: Date,
): Promise<void> {
  await connection.query(
    `update event set occurred_at = ${fromMilliseconds('$3::bigint')}, context = $4, properties = $5::text::json,
            detail = $6::text::json, updated_at = $7, version = version + 1
      where workspace_id = $1 and id = $2`,
    [
      workspaceId,
      id,
      occurredAt,
      eventContextNumber(context),
      JSON.stringify(properties),
      detail && JSON.stringify(detail),
      now,
    ],
  );
}
