import { columnsOf } from '../../store/columns.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { EventType } from './event-type.ts';

export interface EventTypeRow {
  id: number;
  public_id: string;
  dialect: DialectName;
  name: string;
  version: number;
  definition: Record<string, unknown> | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
  keyless: boolean;
}

/** What `eventTypeFromRow` reads. */
export const eventTypeColumns =
  'id, public_id, dialect, name, version, definition, created_at, updated_at, archived_at, keyless';

export function eventTypeFromRow(row: EventTypeRow): EventType {
  return {
    id: row.id,
    publicId: row.public_id,
    dialect: row.dialect,
    name: row.name,
    version: row.version,
    definition: row.definition,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
    keyless: row.keyless,
  };
}

/** Types that exist already under these names; another process may have made them. */
export async function readTypesByName(
  connection: Queryable,
  workspaceId: WorkspaceId,
  names: readonly { dialect: DialectName; name: string }[],
): Promise<EventType[]> {
  const rows = await connection.query<EventTypeRow>(
    `select ${columnsOf('t', eventTypeColumns)}
       from unnest($2::text::text[], $3::text::text[]) as n (dialect, name)
       join event_type t on t.workspace_id = $1 and t.dialect = n.dialect and t.name = n.name`,
    [
      workspaceId,
      arrayLiteral(names.map((entry) => entry.dialect)),
      arrayLiteral(names.map((entry) => entry.name)),
    ],
  );
  return rows.map(eventTypeFromRow);
}

/** New types of open vocabularies. */
export async function insertEventTypes(
  connection: Queryable,
  workspaceId: WorkspaceId,
  types: readonly EventType[],
): Promise<void> {
  await connection.query(
    `insert into event_type (workspace_id, id, public_id, dialect, name, version, created_at, updated_at, keyless)
     select h.workspace_id, t.* from workspace_head h,
            unnest($2::text::integer[], $3::text::uuid[], $4::text::text[], $5::text::text[], $6::text::integer[],
                   $7::text::timestamptz[], $8::text::timestamptz[], $9::text::boolean[]) as t
      where h.workspace_id = $1`,
    [
      workspaceId,
      arrayLiteral(types.map((type) => type.id)),
      arrayLiteral(types.map((type) => type.publicId)),
      arrayLiteral(types.map((type) => type.dialect)),
      arrayLiteral(types.map((type) => type.name)),
      arrayLiteral(types.map((type) => type.version)),
      arrayLiteral(types.map((type) => type.createdAt.toISOString())),
      arrayLiteral(types.map((type) => type.updatedAt.toISOString())),
      arrayLiteral(types.map((type) => String(type.keyless))),
    ],
  );
}

/** Marks a type archived, or with null live again. */
export async function updateArchivedAt(
  connection: Queryable,
  workspaceId: WorkspaceId,
  publicId: string,
  archivedAt: Date | null,
  now: Date,
): Promise<void> {
  await connection.query(
    `update event_type set archived_at = $3::timestamptz, updated_at = $4::timestamptz
      where workspace_id = $1 and public_id = $2`,
    [workspaceId, publicId, archivedAt, now],
  );
}

/** Takes out a type whose events are gone, with its definitions and what was learnt of its properties. */
export async function deleteEventTypeRows(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
): Promise<void> {
  const which = [workspaceId, typeId];
  await connection.query('delete from property where workspace_id = $1 and type_id = $2', which);
  await connection.query('delete from attribute_lock where workspace_id = $1 and type_id = $2', which);
  await connection.query('delete from event_type_version where workspace_id = $1 and type_id = $2', which);
  await connection.query('delete from retention_progress where workspace_id = $1 and type_id = $2', which);
  await connection.query('delete from event_type where workspace_id = $1 and id = $2', which);
}
