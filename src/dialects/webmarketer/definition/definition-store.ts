import type { DialectName } from '../../../core/dialect-name.ts';
import type { EventType } from '../../../core/event-type/event-type.ts';
import {
  type EventTypeRow,
  eventTypeColumns,
  eventTypeFromRow,
} from '../../../core/event-type/event-type-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** A type with its definition of the moment. */
export async function readDefinedType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  name: string,
): Promise<EventType | undefined> {
  const [row] = await connection.query<EventTypeRow>(
    `select ${eventTypeColumns} from event_type where workspace_id = $1 and dialect = $2 and name = $3`,
    [workspaceId, dialect, name],
  );
  return row && eventTypeFromRow(row);
}

/** Those that keyed calls have made. */
export async function countEventTypes(connection: Queryable, workspaceId: WorkspaceId): Promise<number> {
  const [row] = await connection.query<{ total: number }>(
    'select count(*) as total from event_type where workspace_id = $1 and not keyless',
    [workspaceId],
  );
  return row!.total;
}

export async function insertDefinedType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  type: EventType,
): Promise<void> {
  await connection.query(
    `insert into event_type (workspace_id, id, public_id, dialect, name, version, definition, created_at, updated_at)
     select h.workspace_id, $2::integer, $3::uuid, $4::text, $5::text, $6::integer, $7::text::jsonb, $8::timestamptz,
            $9::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      type.id,
      type.publicId,
      type.dialect,
      type.name,
      type.version,
      JSON.stringify(type.definition),
      type.createdAt,
      type.updatedAt,
    ],
  );
}

/** Writes what can change of a type; its name and number never do. */
export async function updateDefinedType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  type: EventType,
): Promise<void> {
  await connection.query(
    `update event_type set version = $3, definition = $4::text::jsonb, updated_at = $5, archived_at = $6
      where workspace_id = $1 and id = $2`,
    [workspaceId, type.id, type.version, JSON.stringify(type.definition), type.updatedAt, type.archivedAt],
  );
}

/** Keeps the definition that the type has from this version on: its events are read by the one they were checked by. */
export async function insertTypeVersion(
  connection: Queryable,
  workspaceId: WorkspaceId,
  type: EventType,
): Promise<void> {
  await connection.query(
    `insert into event_type_version (workspace_id, type_id, version, definition, created_at)
     select h.workspace_id, $2::integer, $3::integer, $4::text::jsonb, $5::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [workspaceId, type.id, type.version, JSON.stringify(type.definition), type.updatedAt],
  );
}
