import type { Database } from '../../store/database.ts';
import { onlyRow } from '../../store/queryable.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import type { DialectName } from '../dialect-name.ts';
import { newRecordId } from '../id.ts';
import type { Place, PlacedWorkspace } from './place.ts';
import { type ProvidedDialect, provideDialect } from './provide-dialect.ts';
import { nextNumberOn, onlyShard } from './shard-store.ts';
import { defaultSettings, type WorkspaceId, type WorkspaceSettings } from './workspace.ts';

export interface NewWorkspace {
  /** 3 to 64 characters of a-z, 0-9 and single hyphens; dialects may make a name of it. */
  readonly slug: string;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly settings?: Partial<Pick<WorkspaceSettings, 'rateLimits' | 'dialects'>> & {
    readonly matching?: readonly string[];
    readonly phoneCountries?: readonly string[];
  };
}

export const slugPattern = /^(?=.{3,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * Makes a workspace with its place in each dialect. All or nothing. `shardId`: the server that it has to be on, of `listShards`. @throws a unique violation (SQLSTATE 23505) when the slug, or
 * `NameTakenError` when a name made of it, is taken
 */
export async function createWorkspace(
  database: Database,
  workspace: NewWorkspace,
  now: Date,
  dialects: readonly ProvidedDialect[],
  shardId?: string,
): Promise<PlacedWorkspace> {
  return inTransaction(database, async (tx) => {
    // Held until the commit, so that two creations don't take the same number; on a cluster identity columns don't count from one.
    await tx.query('lock table workspace in share row exclusive mode');
    const last = onlyRow(
      await tx.query<{ id: number }>(
        'select greatest((select max(id) from workspace), (select max(id) from deleted_workspace), 0) as id',
      ),
    );
    const id = (await nextNumber(tx, last.id, shardId)) as WorkspaceId;
    const publicId = newRecordId(now.getTime());
    await insertWorkspace(tx, id, publicId, workspace, now);
    // Before what dialects set up: rows are inserted beside the head that they are of.
    await tx.query(
      'insert into workspace_head (workspace_id, last_node_id, last_source_id) values ($1, 0, 0)',
      [id],
    );
    const numbers = { lastNodeId: 0, lastSourceId: 0 };
    const places = new Map<DialectName, Place>();
    for (const dialect of dialects)
      places.set(
        dialect.provision.dialect,
        await provideDialect(tx, { ...workspace, id }, dialect, numbers, now),
      );
    await tx.query(
      'update workspace_head set last_node_id = $2, last_source_id = $3 where workspace_id = $1',
      [id, numbers.lastNodeId, numbers.lastSourceId],
    );
    return { id, publicId, slug: workspace.slug, places };
  });
}

async function nextNumber(tx: Transaction, last: number, shardId: string | undefined): Promise<number> {
  if (shardId === undefined || shardId === onlyShard.id) return last + 1;
  const next = await nextNumberOn(tx, shardId, last);
  if (next === undefined) throw new Error(`no workspace can be put on ${shardId}`);
  return next;
}

async function insertWorkspace(
  tx: Transaction,
  id: WorkspaceId,
  publicId: string,
  { slug, name, timezone, currency, settings }: NewWorkspace,
  now: Date,
): Promise<void> {
  const all = JSON.stringify({ ...defaultSettings, ...settings });
  await tx.query(
    `insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
     values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8)`,
    [id, publicId, slug, name, timezone, currency, all, now],
  );
}
