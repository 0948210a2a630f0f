import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { lowestId } from '../../../core/id.ts';
import { underHeadLock } from '../../../core/workspace/under-head-lock.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { RebuildPart, RebuildStep } from '../../../projections/projection.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { mendDays } from '../projection/analytics-day-store.ts';
import { readCustomerDifferences, recountCustomers } from '../projection/count-customers.ts';
import { listAggregated, listPossibleParts } from '../projection/index-aggregates.ts';
import { followedAggregates } from './aggregate.ts';
import { sendCustomers, sendFollowing } from './follow-records.ts';

const perSlice = 250;

const Place = Type.Object({
  of: Type.Union([Type.Literal('parts'), Type.Literal('customers')]),
  after: Type.String(),
});

/**
 * Makes the next 250 anew: first entry customers as parts, with the customers that they are or were parts of; then all customers, of which
 * some may have no part; then how many each aggregate has. Counts the entry customers.
 */
export async function rebuildAggregates({
  database,
  workspaces,
  workspaceId,
  place,
}: RebuildPart): Promise<RebuildStep> {
  const { of, after }: Static<typeof Place> = place
    ? Value.Parse(Place, place)
    : { of: 'parts', after: lowestId };
  return underHeadLock(database, workspaceId, async (tx, head) => {
    const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
    const slice = await (of === 'parts' ? readPartSlice : readCustomerSlice)(tx, workspace, after);
    if (of === 'parts') {
      await Promise.all(await sendFollowing(tx, workspace, slice.ids));
      const next =
        slice.next === undefined ? { of: 'customers', after: lowestId } : { of, after: slice.next };
      return { counted: slice.ids.length, next };
    }
    await Promise.all(await sendCustomers(tx, workspace, slice.ids));
    if (slice.next !== undefined) return { counted: 0, next: { of, after: slice.next } };
    await recountCustomers(tx, workspaceId);
    await mendDays(tx, workspaceId, await readCustomerDifferences(tx, workspace));
    return { counted: 0, next: 'done' };
  });
}

interface Slice {
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

/** Names of records that are parts of aggregates that are kept up, or could be. */
export async function readPartSlice(
  connection: Queryable,
  workspace: Workspace,
  after: string,
): Promise<Slice> {
  const entryNodeIds = followedAggregates(workspace).flatMap((aggregate) => [...aggregate.entryNodeIds]);
  const nodeIds = nodeIdsOf(workspace);
  return sliceOf(
    await listPossibleParts(connection, workspace.id, { entryNodeIds, nodeIds }, after, perSlice),
  );
}

/** Ids of customers of these aggregates that anything is stored of. */
export async function readCustomerSlice(
  connection: Queryable,
  workspace: Workspace,
  after: string,
): Promise<Slice> {
  return sliceOf(await listAggregated(connection, workspace.id, nodeIdsOf(workspace), after, perSlice));
}

function sliceOf(ids: readonly string[]): Slice {
  return { ids, next: ids.length === perSlice ? ids.at(-1) : undefined };
}

function nodeIdsOf(workspace: Workspace): number[] {
  return followedAggregates(workspace).map(({ node }) => node.id);
}
