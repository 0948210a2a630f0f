import type { Access } from '../../../../core/credential/authenticator.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { aggregateNodesOf, at } from '../../access.ts';
import { type Aggregate, findAggregate, maximumAggregates } from '../../aggregate/aggregate.ts';
import {
  type AggregateChanges,
  changeAggregate,
  createAggregate,
  removeAggregate,
} from '../../aggregate/change-aggregate.ts';
import { notFound } from '../../errors.ts';
import { refuseNode, requireUnlimited, wholeOf } from '../../rights/seen-workspace.ts';
import { ListQuery, presentListPage } from '../list-page.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';
import {
  checkTransition,
  invalidAggregate,
  parseAggregate,
  parseAggregateChanges,
  parseState,
} from './parse.ts';
import { presentAggregate } from './present.ts';
import { AggregateParameters, createSchema, replaceSchema, stateSchema } from './schemas.ts';

/** What is made of an aggregate within the request that asks for it: 2,000 entry customers; the rest goes on by itself. */
const slicesPerCall = 4;

const exampleAggregate = {
  name: 'All shops',
  entryNodes: ['0198c0de-0000-7000-8000-000000000001', '0198c0de-0000-7000-8000-000000000002'],
  matchingProperties: { properties: ['base.contacts.email'], caseSensitive: false },
};

export const aggregateOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listAggregates'),
    summary: 'List aggregate nodes',
    checks: { path: WorkspaceParameters, query: ListQuery },
    handle: ({ access: { workspace }, query }) =>
      presentListPage(aggregateNodesOf(workspace), query, presentAggregate),
  }),
  operation({
    ...at('createAggregate'),
    summary: 'Create an aggregate node',
    checks: { path: WorkspaceParameters },
    documents: { body: createSchema },
    example: exampleAggregate,
    status: 201,
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, body }) => {
      requireUnlimited(workspace);
      const form = parseAggregate(body, workspace);
      const created = await createAggregate(services, workspace, form, new Date(services.clock()));
      switch (created.kind) {
        case 'created':
          return presentAggregate(created.node);
        case 'too-many':
          throw new RequestError('conflict', `A workspace has at most ${maximumAggregates} aggregate nodes.`);
        case 'unknown-entry': {
          const message = 'is no entry node of the workspace';
          throw invalidAggregate([{ path: `/entryNodes/${created.index}`, message }]);
        }
      }
    },
  }),
  operation({
    ...at('readAggregate'),
    summary: 'Get an aggregate node',
    checks: { path: AggregateParameters },
    handle: ({ access: { workspace }, path }) =>
      presentAggregate(requireAggregate(workspace, path.aggregateNodeId).node),
  }),
  operation({
    ...at('replaceAggregate'),
    summary: 'Modify an aggregate node',
    checks: { path: AggregateParameters },
    documents: { body: replaceSchema },
    example: exampleAggregate,
    bodyLimit: payloadLimit,
    handle: async ({ services, access, path, body }) => {
      const aggregate = requireAggregate(access.workspace, path.aggregateNodeId);
      const { state, ...changes } = parseAggregateChanges(body, aggregate, access.workspace);
      const { state: from } = aggregate.settings;
      const isActivated = checkTransition(from, state ?? from);
      return presentAggregate(await change(services, access, aggregate, { ...changes, isActivated }));
    },
  }),
  operation({
    ...at('deleteAggregate'),
    summary: 'Delete an aggregate node; its entry nodes and their customers stay',
    checks: { path: AggregateParameters },
    handle: async ({ services, access: { workspace, credential }, path }) => {
      const { node } = requireAggregate(workspace, path.aggregateNodeId);
      const now = new Date(services.clock());
      const removed = await removeAggregate(services, workspace, node.publicId, credential.name, now);
      if (!removed) throw aggregateNotFound(node.publicId);
      void services.jobs.look();
      return {};
    },
  }),
  operation({
    ...at('replaceAggregateState'),
    summary: 'Make a new aggregate node active: its customers are made, and kept up from then on',
    checks: { path: AggregateParameters },
    documents: { body: stateSchema },
    example: { state: 'ACTIVE' },
    bodyLimit: payloadLimit,
    handle: async ({ services, access, path, body }) => {
      const aggregate = requireAggregate(access.workspace, path.aggregateNodeId);
      const isActivated = checkTransition(aggregate.settings.state, parseState(body));
      const node = isActivated ? await change(services, access, aggregate, { isActivated }) : aggregate.node;
      return { state: presentAggregate(node).state };
    },
  }),
];

/** Answers the aggregate as it is when its customers are made, or when it has taken its time. @throws RequestError */
async function change(
  services: Services,
  { workspace, credential }: Access,
  { node: { publicId } }: Aggregate,
  changes: AggregateChanges,
): Promise<Node> {
  const now = new Date(services.clock());
  const changed = await changeAggregate(services, workspace, publicId, changes, credential.name, now);
  if (!changed) throw aggregateNotFound(publicId);
  if (changed.jobId === null) return changed.node;
  await services.jobs.run({ workspaceId: workspace.id, id: changed.jobId }, { slices: slicesPerCall });
  const current = await services.workspaces.reload(workspace.id);
  return findAggregate(current, publicId)?.node ?? changed.node;
}

function requireAggregate(workspace: Workspace, id: string): Aggregate {
  const aggregate = findAggregate(workspace, id);
  if (aggregate) return aggregate;
  throw findAggregate(wholeOf(workspace), id) ? refuseNode(id) : aggregateNotFound(id);
}

function aggregateNotFound(id: string): RequestError {
  return notFound('node', id);
}
