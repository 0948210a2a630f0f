import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** The workspaces in which something is due. */
export async function listDueWorkspaces(connection: Queryable): Promise<WorkspaceId[]> {
  const rows = await connection.query<{ workspace_id: WorkspaceId }>(
    `select h.workspace_id from attribution_head h
      where exists (select from attribution_due d where d.workspace_id = h.workspace_id)`,
  );
  return rows.map(({ workspace_id }) => workspace_id);
}
