import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at } from '../../access.ts';
import { notFound } from '../../errors.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { changeUserRights, findUser, type HubUser, listUsers } from '../../user/user.ts';
import { presentListPage } from '../list-page.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { parseRights } from './parse.ts';
import { presentUser } from './present.ts';
import { UserParameters, UsersQuery, userSchema } from './schemas.ts';

/** Who has a token with a user's role, and what it may in which nodes. */
export const userOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listUsers'),
    summary: 'List users',
    checks: { path: WorkspaceParameters, query: UsersQuery },
    handle: async ({ services, access: { workspace }, query }) => {
      const users = await listUsers(services.database, workspace, new Date(services.clock()));
      const term = (query.search ?? '').toLowerCase();
      const found = users.filter(({ name }) => name.toLowerCase().includes(term));
      return presentListPage(found, query, (user) => presentUser(user, workspace), users.length);
    },
  }),
  operation({
    ...at('readUser'),
    summary: 'Get user',
    checks: { path: UserParameters },
    handle: async ({ services, access: { workspace }, path }) =>
      presentUser(await requireUser(services, workspace, path.userId), workspace),
  }),
  operation({
    ...at('replaceUser'),
    summary: 'Modify user',
    checks: { path: UserParameters },
    documents: { body: userSchema },
    example: { nodes: [{ id: '0198c0de-0000-7000-8000-000000000001', permission: 'RW' }] },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, path, body }) => {
      requireUnlimited(workspace);
      const user = await requireUser(services, workspace, path.userId);
      const rights = parseRights(body, workspace);
      const changed = await changeUserRights(services, workspace, user, rights, new Date(services.clock()));
      return presentUser(changed, workspace);
    },
  }),
];

/** @throws RequestError `not-found`, also for ids of another form */
async function requireUser(services: Services, workspace: Workspace, userId: string): Promise<HubUser> {
  const number = /^\d{1,10}$/.test(userId) ? Number(userId) : undefined;
  const now = new Date(services.clock());
  const user = number === undefined ? undefined : await findUser(services.database, workspace, number, now);
  if (!user) throw notFound('user', userId);
  return user;
}
