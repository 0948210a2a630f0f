import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Database } from '../../../store/database.ts';

/** Ad accounts of all workspaces whose day has come, those that wait longest first. */
export async function listDueAdAccounts(
  database: Database,
  now: Date,
  limit: number,
): Promise<{ workspaceId: WorkspaceId; id: string }[]> {
  const rows = await database.query<{ workspace_id: WorkspaceId; id: string }>(
    `select workspace_id, id from ad_account
      where next_refresh_at <= $1 and (claimed_until is null or claimed_until <= $1)
      order by next_refresh_at limit $2`,
    [now, limit],
  );
  return rows.map(({ workspace_id, id }) => ({ workspaceId: workspace_id, id }));
}
