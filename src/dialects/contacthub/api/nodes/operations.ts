import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Node } from '../../../../core/node/node.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, nodesOf, readNodesOf, requireNode } from '../../access.ts';
import { notFound } from '../../errors.ts';
import { changeNode } from '../../node/change-node.ts';
import { createNode, defaultMatchingPolicy, maximumNodes } from '../../node/create-node.ts';
import { deleteNode, nodeKeepers } from '../../node/delete-node.ts';
import { requestEmptying } from '../../node/empty-node.ts';
import type { NodeChanges, NodeProblem } from '../../node/node-changes.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { ListQuery, presentListPage } from '../list-page.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { parseMatchingPolicy, parseNewNode, parseNode, refuseNode } from './parse.ts';
import { presentEntryNode, presentMatchingPolicy, presentNode } from './present.ts';
import {
  EmptyQuery,
  EntryNodeBody,
  MatchingPolicyBody,
  NewEntryNodeBody,
  NodeParameters,
  NodesQuery,
} from './schemas.ts';

/** Entry nodes, and by what their customers are found again (docs/spec/contacthub.md A, 42 to 50 and 72 to 74). */
export const nodeOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listNodes'),
    summary: 'List nodes',
    checks: { path: WorkspaceParameters, query: NodesQuery },
    handle: ({ access: { workspace }, query }) => {
      const { nodeType } = query;
      const all = readNodesOf(workspace).map(presentNode);
      const wanted = all.filter(({ type }) => nodeType === undefined || type === nodeType);
      return presentListPage(wanted, query, (node) => node, all.length);
    },
  }),
  operation({
    ...at('listEntryNodes'),
    summary: 'List entry nodes',
    checks: { path: WorkspaceParameters, query: ListQuery },
    handle: ({ access: { workspace }, query }) =>
      presentListPage(nodesOf(workspace), query, presentEntryNode),
  }),
  operation({
    ...at('createEntryNode'),
    summary: 'Create entry node',
    checks: { path: WorkspaceParameters },
    documents: { body: NewEntryNodeBody },
    example: {
      name: 'Shop',
      uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
    },
    status: 201,
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, body }) => {
      requireUnlimited(workspace);
      const wanted = parseNewNode(body);
      const created = await createNode(services, workspace.id, wanted, new Date(services.clock()));
      if (created === 'full')
        throw new RequestError(
          'conflict',
          `A workspace has at most ${maximumNodes} nodes; delete one first.`,
        );
      if ('message' in created) throw refuseNode(created);
      return presentEntryNode(created);
    },
  }),
  operation({
    ...at('readEntryNode'),
    summary: 'Get entry node',
    checks: { path: NodeParameters },
    handle: ({ access: { workspace }, path }) => presentEntryNode(requireNode(workspace, path.nodeId)),
  }),
  operation({
    ...at('replaceEntryNode'),
    summary: 'Modify entry node',
    checks: { path: NodeParameters },
    documents: { body: EntryNodeBody },
    example: {
      id: '0198c0de-0000-7000-8000-000000000001',
      name: 'Shop',
      uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
    },
    bodyLimit: payloadLimit,
    handle: async ({ services, access, path, body }) => {
      const { publicId } = requireNode(access.workspace, path.nodeId);
      const changes = parseNode(body, publicId);
      return presentEntryNode(await change(services, access, publicId, changes, refuseNode));
    },
  }),
  operation({
    ...at('deleteEntryNode'),
    summary: 'Delete entry node',
    checks: { path: NodeParameters },
    handle: async ({ services, access: { workspace }, path }) => {
      const { publicId } = requireNode(workspace, path.nodeId);
      const outcome = await deleteNode(services, workspace.id, publicId, new Date(services.clock()));
      if (outcome === 'not-there') throw notFound('node', publicId);
      if (outcome !== 'deleted')
        throw new RequestError('conflict', `node ${publicId} ${nodeKeepers[outcome]}`);
      return {};
    },
  }),
  operation({
    ...at('emptyEntryNode'),
    summary: 'Empty entry node',
    checks: { path: NodeParameters, query: EmptyQuery },
    status: 202,
    handle: async ({ services, access: { workspace, credential }, path, query }) => {
      const node = requireNode(workspace, path.nodeId);
      const wanted = { eventsOnly: query.eventsOnly, requestedBy: credential.name };
      await requestEmptying(services, workspace, node, wanted, new Date(services.clock()));
      void services.jobs.look();
      return {};
    },
  }),
  operation({
    ...at('readMatchingPolicy'),
    summary: 'Get default customer matching policy',
    checks: { path: WorkspaceParameters },
    handle: () => defaultMatchingPolicy,
  }),
  operation({
    ...at('readNodeMatchingPolicy'),
    summary: 'Get customer matching policy',
    checks: { path: NodeParameters },
    handle: ({ access: { workspace }, path }) => presentMatchingPolicy(requireNode(workspace, path.nodeId)),
  }),
  operation({
    ...at('replaceNodeMatchingPolicy'),
    summary: 'Modify customer matching policy',
    checks: { path: NodeParameters },
    documents: { body: MatchingPolicyBody },
    example: { properties: ['base.contacts.email'], caseSensitive: false },
    bodyLimit: payloadLimit,
    handle: async ({ services, access, path, body }) => {
      const { publicId } = requireNode(access.workspace, path.nodeId);
      const uniqueCustomer = parseMatchingPolicy(body);
      const refuse = (problem: NodeProblem) => refuseNode(problem, 'matching policy', 'uniqueCustomer/');
      return presentMatchingPolicy(await change(services, access, publicId, { uniqueCustomer }, refuse));
    },
  }),
];

/** The node as it is changed. @throws RequestError */
async function change(
  services: Services,
  { workspace, credential }: Access,
  publicId: string,
  changes: NodeChanges,
  refuse: (problem: NodeProblem) => RequestError,
): Promise<Node> {
  const now = new Date(services.clock());
  const changed = await changeNode(services, workspace.id, publicId, changes, credential.name, now);
  if (!changed) throw notFound('node', publicId);
  if ('message' in changed) throw refuse(changed);
  void services.jobs.look();
  return changed.node;
}
