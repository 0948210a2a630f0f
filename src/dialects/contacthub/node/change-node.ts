import { readOpenJob, requestJob, restartJob } from '../../../core/job/job-store.ts';
import type { Node } from '../../../core/node/node.ts';
import { updateNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { matchingPolicyOf } from '../rules/customer-keys.ts';
import type { NodeChanges } from './node-changes.ts';

/** The kind of the job; a node, by its public id, has one open at a time. */
export const reindexKind = 'contacthub-reindex';

export interface ChangedNode {
  readonly node: Node;
  /** The job that makes the node's keys anew; until it is over, customers are not written there. */
  readonly jobId: string | null;
}

/**
 * Changes an entry node, which `findNodeProblem` has passed. By another matching rule its customers have other keys: they are made anew
 * by a job, that begins again where one was under way. Undefined when the node is not there any more.
 */
export async function changeNode(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspace: Workspace,
  nodeId: number,
  { name, ...rules }: NodeChanges,
  requestedBy: string,
  now: Date,
): Promise<ChangedNode | undefined> {
  return changeConfiguration(services, workspace.id, now, async (change) => {
    const current = await services.workspaces.reload(workspace.id, change.tx);
    const before = current.nodes.get(nodeId);
    if (!before) return undefined;
    const settings = { ...before.settings, ...rules };
    const changed = { ...before, name: name ?? before.name, settings };
    const hasOtherKeys = policyText(before) !== policyText(changed);
    const node = hasOtherKeys
      ? { ...changed, settings: { ...settings, reindexing: true as const } }
      : changed;
    await updateNode(change.tx, workspace.id, node);
    return { node, jobId: hasOtherKeys ? await requestReindex(change, node, requestedBy) : null };
  });
}

function policyText(node: Node): string {
  const policy = matchingPolicyOf(node);
  return JSON.stringify(policy ? [policy.paths, policy.caseSensitive] : null);
}

async function requestReindex(
  { tx, workspaceId, now }: WorkspaceChange,
  { publicId: subject }: Node,
  requestedBy: string,
): Promise<string> {
  const open = await readOpenJob(tx, workspaceId, reindexKind, subject);
  if (!open) return requestJob(tx, workspaceId, { kind: reindexKind, subject, requestedBy }, now);
  await restartJob(tx, workspaceId, open.id, {}, now);
  return open.id;
}
