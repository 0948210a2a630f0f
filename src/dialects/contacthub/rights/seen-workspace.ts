import { type Credential, holderOf } from '../../../core/credential/credential.ts';
import type { Node } from '../../../core/node/node.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { allows, rightsOf } from './node-rights.ts';

/** A workspace without the nodes that a token may not use, with the whole one. */
const wholes = new WeakMap<Workspace, Workspace>();
/** By the whole one, and by whose and which rights are needed: as long as the configuration is the same. */
const known = new WeakMap<Workspace, Map<string, Workspace>>();

/**
 * The workspace as a token sees it: without the nodes that it may not read, or, where the request writes, not write in. Every operation gets this
 * one, so that what looks for a node, or goes over all, keeps within the token's rights without thinking of them.
 */
export function seenBy(credential: Credential, workspace: Workspace, needed: 'R' | 'W'): Workspace {
  const rights = rightsOf(workspace, credential);
  if (!rights) return workspace;
  const views = known.getOrInsertComputed(workspace, () => new Map<string, Workspace>());
  return views.getOrInsertComputed(`${holderOf(credential)} ${needed}`, () => {
    const isSeen = ({ dialect, publicId }: Node) =>
      dialect !== 'contacthub' || allows(rights.get(publicId), needed);
    const nodes = new Map([...workspace.nodes].filter(([, node]) => isSeen(node)));
    const view = { ...workspace, nodes };
    wholes.set(view, workspace);
    return view;
  });
}

/** Whether a token is limited to some nodes. */
export function isLimited(workspace: Workspace): boolean {
  return wholes.has(workspace);
}

/** The workspace with the nodes that the token may not use. */
export function wholeOf(workspace: Workspace): Workspace {
  return wholes.get(workspace) ?? workspace;
}

/**
 * Refuses what is in a node of the dialect's that the token may not use. `nodeId`: the engine's number.
 * @throws RequestError `forbidden`
 */
export function requireSeen(workspace: Workspace, nodeId: number): void {
  const node = wholes.get(workspace)?.nodes.get(nodeId);
  if (node && !workspace.nodes.has(nodeId)) throw refuseNode(node.publicId);
}

export function refuseNode(publicId: string): RequestError {
  return new RequestError('forbidden', `The client is not authorized to access the node ${publicId}`);
}

/** What is of the whole workspace, such as other tokens' rights, is not for a token that is limited to some nodes. @throws RequestError `forbidden` */
export function requireUnlimited(workspace: Workspace): void {
  if (isLimited(workspace))
    throw new RequestError('forbidden', 'The client is authorized to access some of the nodes only');
}
