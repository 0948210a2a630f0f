import Type from 'typebox';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { type Operation, operation } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { presentNode } from '../../../native/nodes/present.ts';
import { NodeSchema } from '../../../native/nodes/schemas.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, nullable, resourceParameters, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { findNode } from '../access.ts';
import { changeNode } from '../node/change-node.ts';
import { createNode, maximumNodes } from '../node/create-node.ts';
import { deleteNode, nodeKeepers } from '../node/delete-node.ts';
import { requestEmptying } from '../node/empty-node.ts';
import { NewNode, NodeChanges, type NodeProblem } from '../node/node-changes.ts';

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

const NodeParameters = resourceParameters('nodeId', "The node's id.");

const noNode = () =>
  noSuch('params/nodeId', 'Contacthub has no node of this id here; GET …/nodes lists those there are.');

function requireNode(workspace: Workspace, nodeId: string) {
  const node = findNode(workspace, nodeId);
  if (!node) throw noNode();
  return node;
}

const refused = ({ path, message }: NodeProblem) => wrong(`body/${path}`, `${message}.`);

/** The vendor's API of version 1.299.1 takes MERGE alone (ruling 4). */
export const nodeOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/contacthub/nodes',
    summary: 'Make an entry node',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: NewNode },
    example: { name: 'Shop', uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false } },
    status: 201,
    replies: { 201: NodeReply, ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, body }) => {
      const created = await createNode(services, workspace.id, body, new Date(services.clock()));
      if (created === 'full')
        throw new RequestError(
          'conflict',
          `A workspace has at most ${maximumNodes} nodes of Contacthub: delete one first.`,
        );
      if ('message' in created) throw refused(created);
      return { node: presentNode(created), jobId: null };
    },
  }),
  operation({
    method: 'PATCH',
    path: '/workspaces/:workspace/contacthub/nodes/:nodeId',
    summary: 'Change by what customers of an entry node are found again; what is left out stays',
    guard: inWorkspace,
    checks: { path: NodeParameters, body: NodeChanges },
    example: { uniquenessPolicy: 'BLOCK' },
    replies: { 200: NodeReply, ...errors(404) },
    handle: async ({ services, access: { workspace, credential }, path, body }) => {
      const { publicId } = requireNode(workspace, path.nodeId);
      const now = new Date(services.clock());
      const changed = await changeNode(services, workspace.id, publicId, body, credential.name, now);
      if (!changed) throw noNode();
      if ('message' in changed) throw refused(changed);
      void services.jobs.look();
      return { node: presentNode(changed.node), jobId: changed.jobId };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/workspaces/:workspace/contacthub/nodes/:nodeId',
    summary: 'Delete an entry node that holds nothing',
    guard: inWorkspace,
    checks: { path: NodeParameters },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is no more.' }), ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, path }) => {
      const { publicId } = requireNode(workspace, path.nodeId);
      const outcome = await deleteNode(services, workspace.id, publicId, new Date(services.clock()));
      if (outcome === 'not-there') throw noNode();
      if (outcome !== 'deleted') throw new RequestError('conflict', `The node ${nodeKeepers[outcome]}.`);
    },
  }),
  operation({
    method: 'POST',
    path: '/workspaces/:workspace/contacthub/nodes/:nodeId/empty',
    summary: 'Delete what an entry node holds by now, in the background',
    guard: inWorkspace,
    checks: {
      path: NodeParameters,
      body: Type.Object(
        { eventsOnly: Type.Optional(Type.Boolean({ description: 'Its events alone.' })) },
        { additionalProperties: false },
      ),
    },
    example: { eventsOnly: true },
    status: 202,
    replies: { 202: Type.Object({ jobId: Type.String({ format: 'uuid' }) }), ...errors(404) },
    handle: async ({ services, access: { workspace, credential }, path, body }) => {
      const node = requireNode(workspace, path.nodeId);
      const { eventsOnly = false } = body;
      const wanted = { eventsOnly, requestedBy: credential.name };
      const jobId = await requestEmptying(services, workspace, node, wanted, new Date(services.clock()));
      void services.jobs.look();
      return { jobId };
    },
  }),
];
