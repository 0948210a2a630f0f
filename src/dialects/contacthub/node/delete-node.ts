import { archiveNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { aggregateNodesOf, findNode } from '../access.ts';
import { isNodeEmpty } from './customer-store.ts';

/** Why a node stays, in words that follow "the node". */
export const nodeKeepers = {
  default: 'is the one that the workspace was made with, and stays',
  filled: 'holds customers or sessions: empty it first',
  aggregated: 'is part of an aggregate node: delete that one first',
} as const;

/**
 * Deletes a node that holds nothing: nobody can name it any more. Its customers are not deleted with it, since that can be asked for
 * (`requestEmptying`), and could not be taken back.
 */
export async function deleteNode(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  publicId: string,
  now: Date,
): Promise<'deleted' | 'not-there' | keyof typeof nodeKeepers> {
  return changeConfiguration(services, workspaceId, now, async ({ tx }) => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const node = findNode(workspace, publicId);
    if (!node) return 'not-there';
    if (node.isDefault) return 'default';
    const aggregates = aggregateNodesOf(workspace);
    if (aggregates.some(({ settings }) => settings.aggregate?.entryNodes.includes(node.publicId)))
      return 'aggregated';
    if (!(await isNodeEmpty(tx, workspaceId, node.id))) return 'filled';
    await archiveNode(tx, workspaceId, node.id, now);
    return 'deleted';
  });
}
