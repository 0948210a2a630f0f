import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

export interface ProfileState {
  readonly profileId: string;
  readonly name: string;
  readonly value: unknown;
}

/** What is remembered of the profiles, and of those that name their records. */
export async function readProfileStates(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<ProfileState[]> {
  const rows = await connection.query<{ profile_id: string; name: string; value: unknown }>(
    `select s.profile_id, s.name, s.value
       from (select distinct unnest(array[k.id, p.record_id]) as id
               from unnest($2::text::uuid[]) as k (id)
              cross join lateral (select record_id from profile where workspace_id = $1 and id = k.id limit 1) as p) as n
       join profile_state s on s.workspace_id = $1 and s.profile_id = n.id`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map((row) => ({ profileId: row.profile_id, name: row.name, value: row.value }));
}

export async function upsertProfileStates(
  connection: Queryable,
  workspaceId: WorkspaceId,
  states: readonly ProfileState[],
): Promise<void> {
  await connection.query(
    `insert into profile_state (workspace_id, profile_id, name, value)
     select h.workspace_id, s.* from workspace_head h,
            unnest($2::text::uuid[], $3::text::text[], string_to_array($4::text, E'\\x1e')::json[]) as s
      where h.workspace_id = $1
     on conflict (workspace_id, profile_id, name) do update set value = excluded.value`,
    [
      workspaceId,
      arrayLiteral(states.map((state) => state.profileId)),
      arrayLiteral(states.map((state) => state.name)),
      joinDocuments(states.map((state) => JSON.stringify(state.value))),
    ],
  );
}

export async function deleteProfileStates(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<void> {
  await connection.query(
    'delete from profile_state where workspace_id = $1 and profile_id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(profileIds)],
  );
}
