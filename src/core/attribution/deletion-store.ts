import { onlyRow, type Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { lockSettling } from './sum-store.ts';

const tables = [
  'attribution_path',
  'attribution_day',
  'attribution_people',
  'attribution_entry',
  'attribution_people_entry',
  'attribution_rule',
  'attribution_period',
] as const;

/**
 * Deletes some rows of a conversion that is kept no more, under the lock of who settles; with the last of them what it was. Answers how many
 * there were.
 */
export async function deleteSomeOfConversion(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  limit: number,
): Promise<number> {
  await lockSettling(connection, workspaceId);
  const [conversion] = await connection.query<{ number: number }>(
    `select number from attribution_conversion where workspace_id = $1 and id = $2 and state = 'deleted'`,
    [workspaceId, id],
  );
  if (!conversion) return 0;
  for (const table of tables) {
    const rows = await connection.query<{ total: number }>(
      `with deleted as (
         delete from ${table} where workspace_id = $1 and conversion = $2
            and ctid = any(array(select ctid from ${table} where workspace_id = $1 and conversion = $2 limit $3)) returning 1)
       select count(*) as total from deleted`,
      [workspaceId, conversion.number, limit],
    );
    const { total } = onlyRow(rows);
    if (total > 0) return total;
  }
  await connection.query(`delete from attribution_conversion where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return 1;
}
