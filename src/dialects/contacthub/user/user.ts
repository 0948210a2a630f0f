import { type Credential, holderOf } from '../../../core/credential/credential.ts';
import { listValidKeys } from '../../../core/credential/credential-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { userNumberOf } from '../access.ts';
import type { NodeRights } from '../rights/node-rights.ts';
import {
  deleteUserRights,
  type UserRights,
  upsertUserRights,
  userRights,
} from '../rights/user-right-store.ts';
import { isSourceRole } from '../source/source-roles.ts';

/** Whom a token with a user's role stands for: the platform knows no more of them. */
export interface HubUser {
  readonly number: number;
  readonly holder: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Undefined: what its role may, in every node. */
  readonly rights: UserRights | undefined;
}

/** The users of a workspace, oldest first. Of several tokens of one the oldest that is valid has the name. */
export async function listUsers(connection: Queryable, workspace: Workspace, now: Date): Promise<HubUser[]> {
  const keys = await listValidKeys(connection, workspace.id, 'contacthub', now);
  const users = new Map<string, HubUser>();
  for (const key of keys)
    if (!isSourceRole(key.role)) users.getOrInsertComputed(holderOf(key), () => userOf(key, workspace));
  return [...users.values()];
}

export async function findUser(
  connection: Queryable,
  workspace: Workspace,
  number: number,
  now: Date,
): Promise<HubUser | undefined> {
  const users = await listUsers(connection, workspace, now);
  return users.find((user) => user.number === number);
}

function userOf(key: Credential, workspace: Workspace): HubUser {
  const holder = holderOf(key);
  const { name, createdAt } = key;
  const rights = workspace.parts.get(userRights).get(holder);
  return { number: userNumberOf(holder), holder, name, createdAt, rights };
}

/** Gives a user what it may in which nodes, in place of what it might before; null: what its role may, in every one. */
export async function changeUserRights(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  { id: workspaceId }: Workspace,
  user: HubUser,
  rights: NodeRights | null,
  now: Date,
): Promise<HubUser> {
  await changeConfiguration(services, workspaceId, now, ({ tx }) =>
    rights
      ? upsertUserRights(tx, workspaceId, user.holder, rights, now)
      : deleteUserRights(tx, workspaceId, user.holder),
  );
  return { ...user, rights: rights ? { rights, updatedAt: now } : undefined };
}
