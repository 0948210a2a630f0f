import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';

/** How many events and sales of conversations the profiles have. */
export async function countConversationRows(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<number> {
  const rows = await connection.query<{ total: number }>(
    `select (select count(*) from conversation_event where workspace_id = $1 and profile_id = any($2::text::uuid[]))
          + (select count(*) from conversation_sale where workspace_id = $1 and profile_id = any($2::text::uuid[])) as total`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return onlyRow(rows).total;
}

/** Counts of nothing: their texts, which messages may have brought, are counted nowhere any more. */
export async function deleteEmptyDays(connection: Queryable, workspaceId: WorkspaceId): Promise<void> {
  await connection.query('delete from conversation_day where workspace_id = $1 and total = 0 and sum = 0', [
    workspaceId,
  ]);
}
