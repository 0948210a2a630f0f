import Type from 'typebox';
import { Value } from 'typebox/value';
import type { JobStep } from '../../../core/job/job.ts';
import { updateNode } from '../../../core/node/node-store.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { JobKind, LockedSlice } from '../../../jobs/job-kind.ts';
import { type Aggregate, findAggregate } from './aggregate.ts';
import { countCustomersOf, listRecordsOfNodes } from './aggregate-store.ts';
import { buildKind } from './change-aggregate.ts';
import { sendFollowing } from './follow-records.ts';

/** Entry customers of one transaction. */
const usualSlice = 500;

const Cursor = Type.Union([Type.Object({ customerId: Type.String() }), Type.Null()]);

/**
 * Makes the customers of an aggregate that is LOCKED, anew where there were some by other filters. What is written meanwhile is followed as
 * it is written. In the last slice's own transaction the aggregate is active.
 */
export function buildJob(
  { workspaces }: { readonly workspaces: WorkspaceCache },
  customersPerSlice = usualSlice,
): JobKind {
  return {
    name: buildKind,
    under: 'head-lock',
    slice: async (slice) => {
      const { workspaceId, head, tx, job } = slice;
      const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
      const aggregate = findAggregate(workspace, job.subject);
      if (aggregate?.settings.state !== 'LOCKED')
        return { cursor: job.cursor, progress: job.progress, result: { entryCustomers: job.progress.done } };
      const nodeIds = [...aggregate.entryNodeIds];
      const after = Value.Parse(Cursor, job.cursor)?.customerId ?? null;
      const ids = await listRecordsOfNodes(tx, workspaceId, nodeIds, after, customersPerSlice);
      await Promise.all(await sendFollowing(tx, workspace, ids));
      return endSlice(slice, aggregate, ids, customersPerSlice);
    },
  };
}

async function endSlice(
  { tx, workspaceId, head, job }: LockedSlice,
  { node, settings, entryNodeIds }: Aggregate,
  ids: readonly string[],
  limit: number,
): Promise<JobStep> {
  const done = job.progress.done + ids.length;
  const last = ids.at(-1);
  const cursor = last === undefined ? job.cursor : { customerId: last };
  if (ids.length === limit) {
    const total = job.progress.total ?? (await countCustomersOf(tx, workspaceId, [...entryNodeIds]));
    return { cursor, progress: { done, failed: 0, total: Math.max(total, done) } };
  }
  const aggregate = { ...settings, state: 'ACTIVE' as const };
  await updateNode(tx, workspaceId, { ...node, settings: { ...node.settings, aggregate } });
  head.configVersion++;
  return { cursor, progress: { done, failed: 0, total: done }, result: { entryCustomers: done } };
}
