import { onlyRow, type Queryable } from '../../store/queryable.ts';
import type { Workspace, WorkspaceId } from './workspace.ts';

/** Rows that went, by table. */
export type RowCounts = Readonly<Record<string, number>>;

export interface DeletedWorkspace {
  readonly publicId: string;
  readonly requestedBy: string;
  readonly deletedAt: Date;
  readonly counts: RowCounts;
}

/** By what a workspace is opened and found; on a cluster the coordinator alone has these, so that they are emptied at once. */
export const openingTables: readonly string[] = ['credential', 'account', 'dialect_binding'];

/**
 * Shuts a workspace for good: nothing opens it from the commit on, its slug and its names are free, and what else it had to do is no
 * longer done. Under a change of the configuration.
 */
export async function shutWorkspace(
  connection: Queryable,
  { id: workspaceId, publicId }: Pick<Workspace, 'id' | 'publicId'>,
  keptJobKind: string,
): Promise<void> {
  await connection.query(`update workspace set status = 'deleting', slug = $2 where id = $1`, [
    workspaceId,
    `deleted-${publicId}`,
  ]);
  for (const table of openingTables)
    await connection.query(`delete from ${table} where workspace_id = $1`, [workspaceId]);
  await connection.query('delete from job where workspace_id = $1 and kind <> $2', [
    workspaceId,
    keptJobKind,
  ]);
}

/** Every table whose rows are of workspaces, as the database knows them: one that comes later can't be forgotten. */
export async function listTenantTables(connection: Queryable): Promise<string[]> {
  const rows = await connection.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where a.attname = 'workspace_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
        and c.relnamespace = 'public'::regnamespace
      order by c.relname`,
  );
  return rows.map(({ name }) => name);
}

/**
 * For the rest of a transaction. Where a table is of one workspace alone its rows would be read from the table's beginning each time, past all
 * that the slices before have deleted; an index forgets those.
 */
export async function readByIndexesAlone(tx: Queryable): Promise<void> {
  await tx.query('set local enable_seqscan = off');
  await tx.query('set local enable_bitmapscan = off');
}

/**
 * Deletes so many rows of a workspace from a table of `listTenantTables`, and answers how many there were. By their place: of a table in
 * parts, rows of the same place in other parts go with them, which are the workspace's, too.
 */
export async function deleteRows(
  connection: Queryable,
  workspaceId: WorkspaceId,
  table: string,
  limit: number,
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `with deleted as (
       delete from ${table} where workspace_id = $1
          and ctid = any(array(select ctid from ${table} where workspace_id = $1 limit $2)) returning 1)
     select count(*) as total from deleted`,
    [workspaceId, limit],
  );
  return onlyRow(rows).total;
}

/** The little that is left of a workspace in a table. */
export async function deleteAllRows(
  connection: Queryable,
  workspaceId: WorkspaceId,
  table: string,
): Promise<number> {
  const rows = await connection.query(`delete from ${table} where workspace_id = $1 returning 1`, [
    workspaceId,
  ]);
  return rows.length;
}

/** Takes the workspace itself, and keeps its number, which no other gets. */
export async function buryWorkspace(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { publicId, requestedBy, deletedAt, counts }: DeletedWorkspace,
): Promise<void> {
  await connection.query(
    'insert into deleted_workspace (id, public_id, requested_by, deleted_at, counts) values ($1, $2, $3, $4, $5::text::json)',
    [workspaceId, publicId, requestedBy, deletedAt, JSON.stringify(counts)],
  );
  await connection.query('delete from workspace where id = $1', [workspaceId]);
}

/** The workspaces that were deleted, newest first. */
export async function listDeletedWorkspaces(
  connection: Queryable,
  limit: number,
): Promise<DeletedWorkspace[]> {
  const rows = await connection.query<{
    public_id: string;
    requested_by: string;
    deleted_at: Date;
    counts: RowCounts;
  }>(
    'select public_id, requested_by, deleted_at, counts from deleted_workspace order by deleted_at desc, id desc limit $1',
    [limit],
  );
  return rows.map((row) => ({
    publicId: row.public_id,
    requestedBy: row.requested_by,
    deletedAt: row.deleted_at,
    counts: row.counts,
  }));
}
