import { newRecordId } from '../../../core/id.ts';
import type { Node } from '../../../core/node/node.ts';
import { insertNode } from '../../../core/node/node-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import { nodeIdsOf, type WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { nodesOf } from '../access.ts';
import { provision } from '../provision.ts';
import { findNodeProblem, type NewNode, type NodeProblem } from './node-changes.ts';

/** Of a workspace: each is part of the configuration that every request is answered by. */
export const maximumNodes = 100;
/** Those that were deleted, too, since their numbers are never given again. */
const maximumNodesEver = 1000;

const { uniqueCustomer, uniquenessPolicy } = provision.nodeSettings;

/** By what customers are found again where nobody has said otherwise (Get default customer matching policy). */
export const defaultMatchingPolicy = {
  properties: uniqueCustomer.properties,
  caseSensitive: uniqueCustomer.caseSensitive,
} as const;

/** Makes an entry node, or says what is wrong with it; `full`: the workspace has as many as it may. */
export async function createNode(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  wanted: NewNode,
  now: Date,
): Promise<Node | NodeProblem | 'full'> {
  return changeConfiguration(services, workspaceId, now, async ({ tx, head }) => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const problem = findNodeProblem(wanted, workspace);
    if (problem) return problem;
    const isFull =
      nodesOf(workspace).length >= maximumNodes ||
      nodeIdsOf(workspace, provision.dialect).length >= maximumNodesEver;
    if (isFull) return 'full';
    const { name, ...rules } = wanted;
    const policy = {
      uniqueCustomer: { ...uniqueCustomer, properties: [...uniqueCustomer.properties] },
      uniquenessPolicy,
    };
    const node: Node = {
      id: ++head.lastNodeId,
      publicId: newRecordId(now.getTime()),
      dialect: provision.dialect,
      kind: 'entry',
      name,
      isDefault: false,
      settings: { ...policy, ...rules },
      createdAt: now,
      archivedAt: null,
    };
    await insertNode(tx, workspaceId, node);
    return node;
  });
}
