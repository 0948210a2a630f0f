import type { Node } from '../../../core/node/node.ts';
import { updateNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { nodePolicyOf } from './due-rules.ts';

type NodePolicy = ReturnType<typeof nodePolicyOf>;

/**
 * Changes how long a node keeps events; `edit` makes the new policy of the one that stands when the workspace is locked. Undefined when
 * the node is not there any more.
 */
export function changeNodeRetention(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspace: Workspace,
  nodeId: number,
  edit: (policy: NodePolicy) => NodePolicy,
  now: Date,
): Promise<Node | undefined> {
  return changeConfiguration(services, workspace.id, now, async ({ tx }) => {
    const before = (await services.workspaces.reload(workspace.id, tx)).nodes.get(nodeId);
    if (!before) return undefined;
    const node = { ...before, settings: { ...before.settings, retention: edit(nodePolicyOf(before)) } };
    await updateNode(tx, workspace.id, node);
    return node;
  });
}
