import { readOpenJob, requestJob, restartJob } from '../../../core/job/job-store.ts';
import type { Node } from '../../../core/node/node.ts';
import { updateNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { findNode } from '../access.ts';
import { remakeShown } from '../aggregate/remake-shown.ts';
import { matchingPolicyOf } from '../rules/customer-keys.ts';
import { rankedSourcesOf } from '../rules/source-priority.ts';
import { findNodeProblem, type NodeChanges, type NodeProblem } from './node-changes.ts';

/** The kind of the job; a node, by its public id, has one open at a time. */
export const reindexKind = 'contacthub-reindex';

export interface ChangedNode {
  readonly node: Node;
  /** The job that makes the node's keys anew; until it is over, customers are not written there. */
  readonly jobId: string | null;
}

/**
 * Changes an entry node, or says what is wrong with the change. By another matching rule its customers have other keys: they are made
 * anew by a job, that begins again where one was under way. By another order of sources they show other values: by what they are searched
 * is made anew. Undefined when the node is not there any more.
 */
export async function changeNode(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  publicId: string,
  changes: NodeChanges,
  requestedBy: string,
  now: Date,
): Promise<ChangedNode | NodeProblem | undefined> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const current = await services.workspaces.reload(workspaceId, change.tx);
    const before = findNode(current, publicId);
    if (!before) return undefined;
    const problem = findNodeProblem(changes, current);
    if (problem) return problem;
    const { name, ...rules } = changes;
    const settings = { ...before.settings, ...rules };
    const changed = { ...before, name: name ?? before.name, settings };
    const hasOtherKeys = policyText(before) !== policyText(changed);
    const node = hasOtherKeys
      ? { ...changed, settings: { ...settings, reindexing: true as const } }
      : changed;
    await updateNode(change.tx, workspaceId, node);
    if (rankText(before) !== rankText(changed)) await remakeShown(change.tx, current, now);
    return { node, jobId: hasOtherKeys ? await requestReindex(change, node, requestedBy) : null };
  });
}

function policyText(node: Node): string {
  const policy = matchingPolicyOf(node);
  return JSON.stringify(policy ? [policy.paths, policy.caseSensitive] : null);
}

/** All that the order of sources goes by; unique properties are in no order (`rankedValues`). */
function rankText(node: Node): string {
  const sources = rankedSourcesOf(node);
  return sources.length > 0 ? JSON.stringify([sources, policyText(node)]) : '';
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
