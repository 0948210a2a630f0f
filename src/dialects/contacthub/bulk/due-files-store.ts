import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** A job of whatever workspace to which nothing has happened for long. */
export interface OldBulkJob {
  readonly workspaceId: WorkspaceId;
  readonly id: string;
  readonly processed: number;
}

/** Jobs of all workspaces to which nothing has happened since `before`, oldest first: those that are being sent, or all others. */
export async function listOldBulkJobs(
  connection: Queryable,
  which: 'uploading' | 'sent',
  before: Date,
  limit: number,
): Promise<OldBulkJob[]> {
  const rows = await connection.query<{ workspace_id: WorkspaceId; id: string; processed: number }>(
    `select workspace_id, id, processed from bulk_job
      where updated_at < $1 and (status = 'UPLOADING') = $2
      order by updated_at limit $3`,
    [before, which === 'uploading', limit],
  );
  return rows.map(({ workspace_id, id, processed }) => ({ workspaceId: workspace_id, id, processed }));
}
