import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { readNodesOf } from '../../access.ts';
import { formatVendorDate } from '../../documents/dates.ts';
import type { HubUser } from '../../user/user.ts';

/** The vendor's user (docs/spec/contacthub.md A#75). Of whom no rights were given all nodes are shown, since none is denied. */
export function presentUser({ number, name, createdAt, rights }: HubUser, workspace: Workspace) {
  const nodes = readNodesOf(workspace).flatMap(({ publicId: id }) => {
    const permission = rights ? rights.rights.get(id) : 'RW';
    return permission ? [{ id, permission }] : [];
  });
  return {
    id: number,
    name,
    registeredAt: formatVendorDate(createdAt),
    updatedAt: rights ? formatVendorDate(rights.updatedAt) : null,
    nodes,
  };
}
