import Type from 'typebox';
import { type Operation, operation } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { presentNode } from '../../../native/nodes/present.ts';
import { NodeSchema } from '../../../native/nodes/schemas.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, nullable, resourceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { findNode } from '../access.ts';
import { changeNode } from '../node/change-node.ts';
import { findNodeProblem, NodeChanges } from '../node/node-changes.ts';

const NodeReply = Type.Object({
  node: NodeSchema,
  jobId: nullable(
    Type.String({
      format: 'uuid',
      description:
        'Of the job that makes the keys of its customers anew; until it is over, writes there are 423.',
    }),
  ),
});

const noNode = () =>
  noSuch('params/nodeId', 'Contacthub has no node of this id here; GET …/nodes lists those there are.');

/** The vendor's API of version 1.299.1 takes MERGE alone (ruling 4). */
export const nodeOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'PATCH',
    path: '/workspaces/:workspace/contacthub/nodes/:nodeId',
    summary: 'Change by what customers of an entry node are found again; what is left out stays',
    guard: inWorkspace,
    checks: { path: resourceParameters('nodeId', "The node's id."), body: NodeChanges },
    replies: { 200: NodeReply, ...errors(404) },
    handle: async ({ services, access: { workspace, credential }, path, body }) => {
      const node = findNode(workspace, path.nodeId);
      if (!node) throw noNode();
      const problem = findNodeProblem(body);
      if (problem) throw wrong(`body/${problem.path}`, `${problem.message}.`);
      const now = new Date(services.clock());
      const changed = await changeNode(services, workspace, node.id, body, credential.name, now);
      if (!changed) throw noNode();
      void services.jobs.look();
      return { node: presentNode(changed.node), jobId: changed.jobId };
    },
  }),
];
