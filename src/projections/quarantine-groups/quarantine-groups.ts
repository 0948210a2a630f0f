import { underHeadLock } from '../../core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import { lookTwice, toCheck } from '../check.ts';
import type { Projection } from '../projection.ts';

const counted = `select dialect, rule, coalesce(type, '') as type, count(*) as events from quarantine
  where workspace_id = $1 and replayed_at is null group by dialect, rule, coalesce(type, '')`;

/** How many bad events wait of each API, rule and type. It is kept up by who stores, replays and deletes them (core/quarantine). */
export const quarantineGroups: Projection = {
  counts: 'quarantineGroups',
  rebuild: async ({ database, workspaceId }) => ({
    counted: await underHeadLock(database, workspaceId, async (tx) => {
      const wrong = await countWrong(tx, workspaceId);
      if (wrong === 0) return 0;
      await tx.query('delete from quarantine_group where workspace_id = $1', [workspaceId]);
      await tx.query(
        `insert into quarantine_group (workspace_id, dialect, rule, type, events)
         select h.workspace_id, c.* from workspace_head h, (${counted}) c where h.workspace_id = $1`,
        [workspaceId],
      );
      return wrong;
    }),
    next: 'done',
  }),
  verify: async (database, { id }) => {
    const wrong = await lookTwice(
      database,
      id,
      (connection) => countWrong(connection, id),
      (found) => found > 0,
    );
    const problems = wrong > 0 ? [`${wrong} groups are counted wrong`] : [];
    return toCheck('quarantine-groups-equal', problems, 'groups of bad events are counted as they are');
  },
};

async function countWrong(connection: Queryable, workspaceId: WorkspaceId): Promise<number> {
  const rows = await connection.query<{ wrong: number }>(
    `select count(*) as wrong from (${counted}) c
       full join (select dialect, rule, type, events from quarantine_group where workspace_id = $1 and events <> 0) g
         using (dialect, rule, type)
      where c.events is distinct from g.events`,
    [workspaceId],
  );
  return onlyRow(rows).wrong;
}
