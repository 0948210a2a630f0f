import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { findReadNode } from '../../access.ts';
import { compileLazily } from '../../documents/compile.ts';
import type { NodeRights, Permission } from '../../rights/node-rights.ts';
import { checkBody, invalidBody } from '../body.ts';
import { userSchema } from './schemas.ts';

interface UserBody {
  readonly nodes: readonly { readonly id: string; readonly permission?: Permission }[];
}

const validate = compileLazily(userSchema);

/** What a user may in which nodes. Of two for one node the latter counts. @throws RequestError `invalid-request` */
export function parseRights(sent: unknown, workspace: Workspace): NodeRights {
  const { nodes } = checkBody<UserBody>('user', validate, sent);
  return new Map(
    nodes.map(({ id, permission = 'R' }, index) => {
      const node = findReadNode(workspace, id);
      if (!node) throw invalidBody('user', [{ path: `/nodes/${index}/id`, message: 'node not found' }]);
      return [node.publicId, permission];
    }),
  );
}
