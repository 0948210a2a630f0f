import Type from 'typebox';
import { Value } from 'typebox/value';
import { keyText } from '../../../core/identity/identity.ts';
import {
  deleteIdentities,
  insertIdentities,
  readKeysOfProfiles,
} from '../../../core/identity/identity-store.ts';
import type { Job, JobStep } from '../../../core/job/job.ts';
import type { Node } from '../../../core/node/node.ts';
import { updateNode } from '../../../core/node/node-store.ts';
import { attributeValues } from '../../../core/profile/attributes.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { JobKind, LockedSlice } from '../../../jobs/job-kind.ts';
import { matchingKey, matchingPolicyOf } from '../rules/customer-keys.ts';
import { reindexKind } from './change-node.ts';
import { countCustomersOfNode, type KeyedCustomer, listCustomersOfNode } from './customer-store.ts';

/** Customers of one transaction. */
const usualSlice = 500;

const Cursor = Type.Union([Type.Object({ customerId: Type.String() }), Type.Null()]);

/**
 * Makes the keys of a node's customers anew, after a change of its matching rule (`changeNode`). Two who are alike by the new rule stay
 * two, and the older is found. In the last slice's own transaction the node is open to writes again.
 */
export function reindexJob(
  { workspaces }: { readonly workspaces: WorkspaceCache },
  customersPerSlice = usualSlice,
): JobKind {
  return {
    name: reindexKind,
    under: 'head-lock',
    slice: async (slice) => {
      const { workspaceId, head, tx, job } = slice;
      const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
      const node = [...workspace.nodes.values()].find(({ publicId }) => publicId === job.subject);
      if (!node) return { cursor: job.cursor, progress: job.progress, result: { customers: 0 } };
      return reindexSlice(slice, node, customersPerSlice);
    },
  };
}

async function reindexSlice(slice: LockedSlice, node: Node, limit: number): Promise<JobStep> {
  const { workspaceId, job, tx, head } = slice;
  const after = lastCustomerOf(job);
  const customers = await listCustomersOfNode(tx, workspaceId, node.id, after, limit);
  await rekey(slice, node, customers);
  const done = job.progress.done + customers.length;
  const last = customers.at(-1);
  const cursor = last ? { customerId: last.id } : job.cursor;
  if (customers.length === limit) {
    const total = job.progress.total ?? (await countCustomersOfNode(tx, workspaceId, node.id));
    return { cursor, progress: { done, failed: 0, total: Math.max(total, done) } };
  }
  const { reindexing: _, ...settings } = node.settings;
  await updateNode(tx, workspaceId, { ...node, settings });
  head.configVersion++;
  return { cursor, progress: { done, failed: 0, total: done }, result: { customers: done } };
}

function lastCustomerOf({ cursor }: Job): string | null {
  return Value.Parse(Cursor, cursor)?.customerId ?? null;
}

/** Gives customers the key that the node's rule makes of them, and takes those of other rules. */
async function rekey(
  { tx, workspaceId, head }: LockedSlice,
  node: Node,
  customers: readonly KeyedCustomer[],
): Promise<void> {
  if (customers.length === 0) return;
  const policy = matchingPolicyOf(node);
  const wanted = customers.flatMap(({ id: profileId, attributes }) => {
    const key = policy && matchingKey(attributeValues(attributes), policy);
    return key ? [{ key, nodeId: node.id, profileId, createdSeq: head.seq }] : [];
  });
  const kept = new Set(wanted.map(({ profileId, key }) => `${profileId}/${keyText(key)}`));
  const ids = customers.map(({ id }) => id);
  const held = await readKeysOfProfiles(tx, workspaceId, ids);
  const others = held.filter(
    ({ profileId, key }) => key.kind === 'matching' && !kept.has(`${profileId}/${keyText(key)}`),
  );
  if (others.length > 0) await deleteIdentities(tx, workspaceId, others);
  if (wanted.length > 0) await insertIdentities(tx, workspaceId, wanted);
}
