import type { Queryable } from '../store/queryable.ts';

const keptMilliseconds = 90 * 24 * 60 * 60 * 1000;

/**
 * Deletes jobs of all workspaces that were over 90 days before `now` (ms), but for the last of its kind and subject: how that one ended
 * is asked for whenever it was.
 */
export async function deleteOldJobs(connection: Queryable, now: number): Promise<void> {
  await connection.query(
    `delete from job j
      where j.finished_at < $1
        and exists (select from job n
                     where n.workspace_id = j.workspace_id and n.kind = j.kind and n.subject = j.subject
                       and (n.requested_at, n.id) > (j.requested_at, j.id))`,
    [new Date(now - keptMilliseconds)],
  );
}
