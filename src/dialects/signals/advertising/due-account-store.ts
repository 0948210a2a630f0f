import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Database } from '../../../store/database.ts';
import { refreshKind } from './refresh-ad-account.ts';

export interface DueAdAccount {
  readonly workspaceId: WorkspaceId;
  readonly id: string;
}

/**
 * Ad accounts of all workspaces whose day has come, those that wait longest first. One whose refresh is under way, or waits for a
 * process, is left out; one whose refresh waits for a later time is not: its day may have been brought forward.
 */
export async function listDueAdAccounts(
  database: Database,
  now: Date,
  limit: number,
): Promise<DueAdAccount[]> {
  const rows = await database.query<{ workspace_id: WorkspaceId; id: string }>(
    `select a.workspace_id, a.id from ad_account a
      where a.next_refresh_at <= $1
        and not exists (select from job j
                         where j.workspace_id = a.workspace_id and j.kind = '${refreshKind}' and j.subject = a.id
                           and j.state in ('waiting', 'running') and j.due_at <= $1)
      order by a.next_refresh_at limit $2`,
    [now, limit],
  );
  return rows.map(({ workspace_id, id }) => ({ workspaceId: workspace_id, id }));
}

/** How many refreshes of all workspaces are under way or wait for a process. */
export async function countOpenRefreshes(database: Database, now: Date): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*) as count from job where kind = '${refreshKind}' and state in ('waiting', 'running') and due_at <= $1`,
    [now],
  );
  return row?.count ?? 0;
}
