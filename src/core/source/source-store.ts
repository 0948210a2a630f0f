import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Source } from './source.ts';

/** One that was there takes its place again, with these settings and no others. */
export async function upsertSource(
  connection: Queryable,
  workspaceId: WorkspaceId,
  source: Source,
): Promise<void> {
  await connection.query(
    `insert into source (workspace_id, id, public_id, dialect, kind, external_id, name, node_id, settings, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10)
     on conflict (workspace_id, id) do update
        set name = excluded.name, node_id = excluded.node_id, settings = excluded.settings, archived_at = null`,
    [
      workspaceId,
      source.id,
      source.publicId,
      source.dialect,
      source.kind,
      source.externalId,
      source.name,
      source.nodeId,
      JSON.stringify(source.settings),
      source.createdAt,
    ],
  );
}

/** Sets these of a source's settings; the others stay. */
export async function updateSourceSettings(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: number,
  settings: Record<string, unknown>,
): Promise<void> {
  await connection.query(
    'update source set settings = settings || $3::text::jsonb where workspace_id = $1 and id = $2',
    [workspaceId, id, JSON.stringify(settings)],
  );
}

/** What it is called, and whether something comes in by it. */
export async function updateSource(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, name, archivedAt }: Pick<Source, 'id' | 'name' | 'archivedAt'>,
): Promise<void> {
  await connection.query(
    'update source set name = $3, archived_at = $4 where workspace_id = $1 and id = $2',
    [workspaceId, id, name, archivedAt],
  );
}

/** Nothing comes in by it from then on; what did, stays. */
export async function archiveSource(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: number,
  now: Date,
): Promise<void> {
  await connection.query('update source set archived_at = $3 where workspace_id = $1 and id = $2', [
    workspaceId,
    id,
    now,
  ]);
}
