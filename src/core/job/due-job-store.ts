import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { DueJob } from './job-store.ts';

/** How many jobs of all workspaces wait for a process, and since when the oldest does. */
export async function countDueJobs(
  connection: Queryable,
  now: Date,
): Promise<{ count: number; oldestDueAt: Date | null }> {
  const [row] = await connection.query<{ count: number; oldest: Date | null }>(
    `select count(*) as count, min(greatest(due_at, claimed_until)) as oldest from job
      where state in ('waiting', 'running') and due_at <= $1 and (claimed_until is null or claimed_until <= $1)`,
    [now],
  );
  return { count: row?.count ?? 0, oldestDueAt: row?.oldest ?? null };
}

/** Jobs of all workspaces that wait for a process, and those whose process is taken for dead. */
export async function listDueJobs(
  connection: Queryable,
  kinds: readonly string[],
  now: Date,
  limit: number,
): Promise<DueJob[]> {
  const rows = await connection.query<{ workspace_id: WorkspaceId; id: string }>(
    `select workspace_id, id from job
      where state in ('waiting', 'running') and due_at <= $1 and (claimed_until is null or claimed_until <= $1)
        and kind = any(string_to_array($2::text, ','))
      order by due_at limit $3`,
    [now, kinds.join(','), limit],
  );
  return rows.map(({ workspace_id, id }) => ({ workspaceId: workspace_id, id }));
}

/** When a job of each kind last came to its end, in any workspace; those that are kept say so. */
export async function lastSuccesses(connection: Queryable): Promise<ReadonlyMap<string, Date>> {
  const rows = await connection.query<{ kind: string; at: Date }>(
    `select kind, max(finished_at) as at from job where state = 'finished' group by kind order by kind`,
  );
  return new Map(rows.map(({ kind, at }) => [kind, at]));
}

/** Gives back what processes hold that live no more: who calls knows that none does. */
export async function releaseClaims(connection: Queryable): Promise<void> {
  await connection.query(
    `update job set state = 'waiting', claimed_by = null, claimed_until = null where state = 'running'`,
  );
}
