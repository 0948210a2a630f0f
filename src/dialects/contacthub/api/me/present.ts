import type { Access } from '../../../../core/credential/authenticator.ts';
import { nodesOf, userNumberOf } from '../../access.ts';
import { mayCall } from '../../roles.ts';

/** What a role does with customers; who does neither is a reader. */
function permissionOf(role: string): 'R' | 'W' | 'RW' {
  if (!mayCall(role, 'createCustomer')) return 'R';
  return mayCall(role, 'readCustomer') ? 'RW' : 'W';
}

/** A token stands for its user: it has a name, but neither a surname nor an address, and opens one workspace. */
export function presentUser({ credential, workspace }: Access) {
  const permission = permissionOf(credential.role);
  const nodes = nodesOf(workspace).map((node) => ({ id: node.publicId, permission }));
  return {
    id: userNumberOf(credential.id),
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
