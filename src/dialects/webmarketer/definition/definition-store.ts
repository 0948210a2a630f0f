import type { DialectName } from '../../../core/dialect-name.ts';
import type { EventType } from '../../../core/event-type/event-type.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { EventTypeDefinition } from './definition.ts';

interface TypeRow {
  id: number;
  public_id: string;
  version: number;
  definition: Record<string, unknown> | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
  keyless: boolean;
}

/** A type with its definition of the moment. */
export async function readDefinedType(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  name: string,
): Promise<EventType | undefined> {
  const [row] = await connection.query<TypeRow>(
    `select id, public_id, version, definition, created_at, updated_at, archived_at, keyless from event_type
      where workspace_id = $1 and dialect = $2 and name = $3`,
    [workspaceId, dialect, name],
  );
  return (
    row && {
      id: row.id,
      publicId: row.public_id,
      dialect,
      name,
      version: row.version,
      definition: row.definition,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      archivedAt: row.archived_at,
      keyless: row.keyless,
    }
  );
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

export interface TypeVersion {
  readonly typeId: number;
  readonly version: number;
}

/** The definitions that types had in given versions, by `typeId:version`. */
export async function readDefinitions(
  connection: Queryable,
  workspaceId: WorkspaceId,
  versions: readonly TypeVersion[],
): Promise<Map<string, EventTypeDefinition>> {
  const rows = await connection.query<{ type_id: number; version: number; definition: EventTypeDefinition }>(
    `select v.type_id, v.version, v.definition
       from unnest($2::text::integer[], $3::text::integer[]) as n (type_id, version)
       join event_type_version v on v.workspace_id = $1 and v.type_id = n.type_id and v.version = n.version
      where v.definition is not null`,
    [
      workspaceId,
      arrayLiteral(versions.map((version) => version.typeId)),
      arrayLiteral(versions.map((version) => version.version)),
    ],
  );
  return new Map(rows.map((row) => [versionText(row.type_id, row.version), row.definition]));
}

export function versionText(typeId: number, version: number): string {
  return `${typeId}:${version}`;
}
