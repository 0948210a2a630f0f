import type { Access } from '../../../../core/credential/authenticator.ts';
import { nodesOf, userNumberOf } from '../../access.ts';
import type { Role } from '../../roles.ts';

/** What the roles that do not both read and write customers do with them. */
const permissions: Partial<Record<string, 'R' | 'W'>> = {
  GUEST: 'R',
  DPO: 'R',
  PLATFORM_UPDATES: 'R',
  UNTRUSTED_APPLICATION: 'W',
} satisfies Partial<Record<Role, 'R' | 'W'>>;

/** A token stands for its user: it has a name, but neither a surname nor an address, and opens one workspace. */
export function presentUser({ credential, workspace }: Access) {
  const permission = permissions[credential.role] ?? 'RW';
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
