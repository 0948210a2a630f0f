import { updateNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { Workspace, WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { nodesOf } from '../access.ts';
import { remakeShown } from '../aggregate/remake-shown.ts';
import { rankedSourcesOf } from '../rules/source-priority.ts';

/** The order of sources that all entry nodes have; empty where they have several. */
export function commonOrderOf(workspace: Workspace): readonly string[] {
  const [first = [], ...others] = nodesOf(workspace).map(rankedSourcesOf);
  return others.every((order) => order.join() === first.join()) ? first : [];
}

/** Gives each entry node this order of sources. By another order customers show other values: by what they are searched is made anew. */
export async function orderSources(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  sourcePriority: readonly string[],
  now: Date,
): Promise<void> {
  await changeConfiguration(services, workspaceId, now, async ({ tx }) => {
    const current = await services.workspaces.reload(workspaceId, tx);
    const order = sourcePriority.map((id) => id.toLowerCase());
    const others = nodesOf(current).filter((node) => rankedSourcesOf(node).join() !== order.join());
    for (const node of others)
      await updateNode(tx, workspaceId, {
        ...node,
        settings: { ...node.settings, sourcePriority: [...sourcePriority] },
      });
    if (others.length > 0) await remakeShown(tx, current, now);
  });
}
