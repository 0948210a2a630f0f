import Type, { type Static } from 'typebox';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { noSuch, wrong } from '../../../native/refusals.ts';
import { errors, nullable, Time, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { findReadNode } from '../access.ts';
import { type NodeRights, type Permission, permissions } from '../rights/node-rights.ts';
import { changeUserRights, findUser, type HubUser, listUsers } from '../user/user.ts';

const path = '/workspaces/:workspace/contacthub/users';

const maximumNodes = 1000;

const NodeRight = Type.Object(
  {
    nodeId: Type.String({ format: 'uuid' }),
    permission: Type.Unsafe<Permission>({ type: 'string', enum: [...permissions] }),
  },
  { additionalProperties: false },
);

const Nodes = nullable(Type.Array(NodeRight, { maxItems: maximumNodes }));

const User = Type.Object({
  id: Type.Integer({ description: 'As GET /hub/v1/me shows it.' }),
  name: Type.String(),
  createdAt: Time,
  nodes: Nodes,
  changedAt: nullable(Time),
});

const UserParameters = Type.Object({
  ...WorkspaceParameters.properties,
  userId: Type.String({ maxLength: 100, description: 'The `id` of a user.' }),
});

const RightsBody = Type.Object(
  { nodes: { ...Nodes, description: 'Null: what the role may, in every node.' } },
  { additionalProperties: false },
);

/** What tokens of Contacthub that no source has may in which nodes: the vendor's wire gives it, too, and can't take it back. */
export const userOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Who has a token of Contacthub with a user’s role, and what it may in which nodes',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: Type.Object({ users: Type.Array(User) }), ...errors(404) },
    handle: async ({ services, access: { workspace } }) => {
      const users = await listUsers(services.database, workspace, new Date(services.clock()));
      return { users: users.map(presentUser) };
    },
  }),
  operation({
    method: 'PUT',
    path: `${path}/:userId/rights`,
    summary: 'Say what a user of Contacthub may in which nodes',
    guard: inWorkspace,
    checks: { path: UserParameters, body: RightsBody },
    example: { nodes: [{ nodeId: '0198c0de-0000-7000-8000-000000000001', permission: 'RW' }] },
    replies: { 200: User, ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { userId }, body: { nodes } }) => {
      const now = new Date(services.clock());
      const number = /^\d{1,10}$/.test(userId) ? Number(userId) : undefined;
      const user = number && (await findUser(services.database, workspace, number, now));
      if (!user)
        throw noSuch('params/userId', 'No valid token with a user’s role stands for one of this id.');
      return presentUser(
        await changeUserRights(services, workspace, user, nodes && rightsOf(nodes, workspace), now),
      );
    },
  }),
];

/** Of two for one node the latter counts, as on the vendor's wire. @throws RequestError `invalid-request` */
function rightsOf(nodes: readonly Static<typeof NodeRight>[], workspace: Workspace): NodeRights {
  return new Map(
    nodes.map(({ nodeId, permission }, index) => {
      const node = findReadNode(workspace, nodeId);
      if (!node)
        throw wrong(
          `body/nodes/${index}/nodeId`,
          'Contacthub has no node of this id here; GET …/nodes lists those there are.',
        );
      return [node.publicId, permission];
    }),
  );
}

function presentUser({ number, name, createdAt, rights }: HubUser) {
  return {
    id: number,
    name,
    createdAt: createdAt.toISOString(),
    nodes: rights ? [...rights.rights].map(([nodeId, permission]) => ({ nodeId, permission })) : null,
    changedAt: rights?.updatedAt.toISOString() ?? null,
  };
}
