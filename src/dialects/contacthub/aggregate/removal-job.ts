import { deleteNode } from '../../../core/node/node-store.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { JobKind } from '../../../jobs/job-kind.ts';
import { indexAggregates } from '../projection/index-aggregates.ts';
import { deleteCustomers, deletePartsOfAggregate, listCustomersOfAggregate } from './aggregate-store.ts';
import { removalKind } from './change-aggregate.ts';

/** Customers, and parts, of one transaction. */
const usualSlice = 1000;

/** Deletes the customers of an aggregate that was taken away, and, behind the last, the aggregate itself. */
export function removalJob(
  { workspaces }: { readonly workspaces: WorkspaceCache },
  customersPerSlice = usualSlice,
): JobKind {
  return {
    name: removalKind,
    under: 'head-lock',
    slice: async ({ workspaceId, head, tx, job }) => {
      const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
      const node = [...workspace.nodes.values()].find(({ publicId }) => publicId === job.subject);
      const ids = node ? await listCustomersOfAggregate(tx, workspaceId, node.id, customersPerSlice) : [];
      const parts = node ? await deletePartsOfAggregate(tx, workspaceId, node.id, customersPerSlice) : 0;
      if (ids.length > 0) {
        await deleteCustomers(tx, workspaceId, ids);
        await indexAggregates(tx, workspace, ids);
      }
      const done = job.progress.done + ids.length;
      const progress = { done, failed: 0, total: null };
      if (node && Math.max(ids.length, parts) === customersPerSlice) return { cursor: null, progress };
      if (node) {
        await deleteNode(tx, workspaceId, node.id);
        head.configVersion++;
      }
      return { cursor: null, progress: { ...progress, total: done }, result: { customers: done } };
    },
  };
}
