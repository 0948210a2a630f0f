import Type from 'typebox';
import { Value } from 'typebox/value';
import { underHeadLock } from '../../../core/workspace/under-head-lock.ts';
import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import type { RebuildPart, RebuildStep } from '../../../projections/projection.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { aggregateIdsOf } from '../access.ts';
import { mendDays } from './analytics-day-store.ts';
import { readCustomerDifferences, recountCustomers } from './count-customers.ts';
import { refreshCustomers } from './refresh-customers.ts';

const perSlice = 2000;
const lowestId = '00000000-0000-0000-0000-000000000000';

/** Ids that a slice looks at: of profiles that name records, or of rows that are there, but for those of aggregates. */
export async function readSlice(
  connection: Queryable,
  workspace: Workspace,
  nodeIds: readonly number[],
  after: string | undefined,
): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }> {
  const rows = await connection.query<{ id: string }>(
    `select id from (
       (select p.id from profile p
         where p.workspace_id = $1 and p.id > $2::uuid and p.record_id = p.id and not p.anonymous and p.deleted_at is null
           and p.node_id = any($3::text::integer[]) order by p.id limit $4::bigint)
       union
       (select c.record_id from customer_index c
         where c.workspace_id = $1 and c.record_id > $2::uuid and c.node_id <> all($5::text::integer[])
         order by c.record_id limit $4::bigint)
     ) as k order by id limit $4::bigint`,
    [
      workspace.id,
      after ?? lowestId,
      arrayLiteral(nodeIds),
      perSlice,
      arrayLiteral(aggregateIdsOf(workspace)),
    ],
  );
  const ids = rows.map(({ id }) => id);
  return { ids, next: ids.length === perSlice ? ids.at(-1) : undefined };
}

const Place = Type.Union([Type.Object({ recordId: Type.String() }), Type.Null()]);

/** Makes the next 2,000 rows anew, and counts them; behind the last, how many each node and day has. */
export async function rebuildCustomers({
  database,
  workspaces,
  workspaceId,
  place,
}: RebuildPart): Promise<RebuildStep> {
  const after = Value.Parse(Place, place)?.recordId;
  return underHeadLock(database, workspaceId, async (tx, head) => {
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const nodeIds = nodeIdsOf(workspace, 'contacthub');
    const { ids, next } = await readSlice(tx, workspace, nodeIds, after);
    await refreshCustomers(tx, workspace, ids);
    if (next !== undefined) return { counted: ids.length, next: { recordId: next } };
    await recountCustomers(tx, workspaceId);
    await mendDays(tx, workspaceId, await readCustomerDifferences(tx, workspace));
    return { counted: ids.length, next: 'done' };
  });
}
