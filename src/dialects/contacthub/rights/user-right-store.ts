import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspacePart } from '../../../core/workspace/workspace-part.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { NodeRights, Permission } from './node-rights.ts';

export interface UserRights {
  readonly rights: NodeRights;
  readonly updatedAt: Date;
}

/** Of the users to whom rights were given, by whom their tokens stand for; the others may what their role may. */
export const userRights: WorkspacePart<ReadonlyMap<string, UserRights>> = {
  async read(connection, workspaceId) {
    const rows = await connection.query<{
      user_id: string;
      rights: Record<string, Permission>;
      updated_at: Date;
    }>('select user_id, rights, updated_at from user_right where workspace_id = $1', [workspaceId]);
    return new Map(
      rows.map(({ user_id, rights, updated_at }) => [
        user_id,
        { rights: new Map(Object.entries(rights)), updatedAt: updated_at },
      ]),
    );
  },
};

/** Under a change of the configuration. */
export async function upsertUserRights(
  connection: Queryable,
  workspaceId: WorkspaceId,
  userId: string,
  rights: NodeRights,
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into user_right (workspace_id, user_id, rights, updated_at)
     select h.workspace_id, $2::uuid, $3::text::jsonb, $4::timestamptz from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, user_id) do update set rights = excluded.rights, updated_at = excluded.updated_at`,
    [workspaceId, userId, JSON.stringify(Object.fromEntries(rights)), now],
  );
}

/** Under a change of the configuration. */
export async function deleteUserRights(
  connection: Queryable,
  workspaceId: WorkspaceId,
  userId: string,
): Promise<void> {
  await connection.query('delete from user_right where workspace_id = $1 and user_id = $2::uuid', [
    workspaceId,
    userId,
  ]);
}
