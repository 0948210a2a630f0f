import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentNode } from './present.ts';
import { NodesReply } from './schemas.ts';

export const nodeOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/nodes',
    summary: 'List nodes',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: NodesReply, ...errors(404) },
    handle: ({ access: { workspace } }) => {
      const present = [...workspace.nodes.values()].filter(({ archivedAt }) => !archivedAt);
      return { nodes: present.map(presentNode) };
    },
  }),
];
