import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { EventType } from './event-type.ts';

export interface TypeVersion {
  readonly typeId: number;
  readonly version: number;
}

/** The definitions that types had in given versions, by `typeId:version`; those that had none are not among them. */
export async function readTypeVersions(
  connection: Queryable,
  workspaceId: WorkspaceId,
  versions: readonly TypeVersion[],
): Promise<Map<string, Record<string, unknown>>> {
  const rows = await connection.query<{
    type_id: number;
    version: number;
    definition: Record<string, unknown>;
  }>(
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

/** A version of a type, and since when it was the one that events were checked by. */
export interface DatedVersion {
  readonly version: number;
  readonly definition: Record<string, unknown> | null;
  readonly createdAt: Date;
}

/** The versions of a type before one of them, newest first; a type of an open vocabulary has none. */
export async function listTypeVersions(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
  before: number,
  limit: number,
): Promise<DatedVersion[]> {
  const rows = await connection.query<{
    version: number;
    definition: Record<string, unknown> | null;
    created_at: Date;
  }>(
    `select version, definition, created_at from event_type_version
      where workspace_id = $1 and type_id = $2 and version < $3 order by version desc limit $4`,
    [workspaceId, typeId, before, limit],
  );
  return rows.map(({ version, definition, created_at: createdAt }) => ({ version, definition, createdAt }));
}

/** The definition that an event of the type was checked by, among those of earlier versions; null where there was none. */
export function definitionAt(
  type: EventType,
  version: number | null,
  earlier: ReadonlyMap<string, Record<string, unknown>>,
): Record<string, unknown> | null {
  return earlier.get(versionText(type.id, version ?? type.version)) ?? type.definition;
}

function versionText(typeId: number, version: number): string {
  return `${typeId}:${version}`;
}
