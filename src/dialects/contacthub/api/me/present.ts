import type { Access } from '../../../../core/credential/authenticator.ts';
import { holderOf } from '../../../../core/credential/credential.ts';
import type { Node } from '../../../../core/node/node.ts';
import { readNodesOf, userNumberOf } from '../../access.ts';
import { allows, type NodeRights, type Permission, rightsOf } from '../../rights/node-rights.ts';
import { wholeOf } from '../../rights/seen-workspace.ts';
import { mayCall } from '../../roles.ts';

/** What a role does with customers; who does neither is a reader. */
function permissionOf(role: string): Permission {
  if (!mayCall(role, 'createCustomer')) return 'R';
  return mayCall(role, 'readCustomer') ? 'RW' : 'W';
}

/** What a token may in a node: what its role may and its rights do not take away. */
function permissionIn(
  role: string,
  rights: NodeRights | undefined,
  { publicId, kind }: Node,
): Permission | undefined {
  const ofRole = permissionOf(role);
  const ofNode = rights ? rights.get(publicId) : 'RW';
  // Nobody writes to an aggregate.
  const may = (needed: 'R' | 'W') =>
    allows(ofRole, needed) && allows(ofNode, needed) && (needed === 'R' || kind === 'entry');
  if (may('R')) return may('W') ? 'RW' : 'R';
  return may('W') ? 'W' : undefined;
}

/** A token stands for its user: it has a name, but neither a surname nor an address, and opens one workspace. */
export function presentUser({ credential, workspace: seen }: Access) {
  // What it may write in, but not read, is told too.
  const workspace = wholeOf(seen);
  const rights = rightsOf(workspace, credential);
  const nodes = readNodesOf(workspace).flatMap((node) => {
    const permission = permissionIn(credential.role, rights, node);
    return permission ? [{ id: node.publicId, permission }] : [];
  });
  return {
    id: userNumberOf(holderOf(credential)),
    name: credential.name,
    surname: null,
    groups: [
      {
        id: workspace.publicId,
        name: workspace.name,
        workspaces: [{ id: workspace.publicId, name: workspace.name, nodes }],
      },
    ],
    lang: 'en',
    email: null,
    roles: [credential.role],
    mc: false,
  };
}
