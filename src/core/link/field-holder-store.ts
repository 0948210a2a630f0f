import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { identityKinds } from '../identity/identity.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** A profile with a key of the kind `field`. */
export interface FieldHolder {
  /** The profile that it was looked for from. */
  readonly near: string;
  readonly profileId: string;
  readonly recordId: string;
  readonly value: string;
}

/** One other value is enough to tell two users apart: of records with more than these it does not matter which are looked at. */
export const maximumFieldValues = 200;
/** So many profiles are looked at around one, the nearest. */
const maximumNear = 200;

/**
 * The keys of the kind `field` of the profiles' records, and of all whom links inside a node lead to from the profiles, whether they
 * count or not: by undoing one, any of these may turn out to have been in the record all along.
 */
export async function readFieldHolders(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<FieldHolder[]> {
  const rows = await connection.query<{
    near: string;
    profile_id: string;
    record_id: string;
    value: string;
  }>(
    `select k.id as near, h.profile_id, h.record_id, h.value
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (
        (select i.profile_id, m.record_id, i.value
           from profile p
           join profile m on m.workspace_id = $1 and m.record_id = p.record_id
           join identity i on i.workspace_id = $1 and i.profile_id = m.id and i.kind = ${identityKinds.field}
          where p.workspace_id = $1 and p.id = k.id
          limit ${maximumFieldValues})
        union
        (with recursive near (id) as (
           select k.id
            union
           select l.id
             from near n
            cross join lateral (
              select second_profile as id from link
               where workspace_id = $1 and first_profile = n.id and scope = 'record'
               union all
              select first_profile from link
               where workspace_id = $1 and second_profile = n.id and scope = 'record') l)
         select p.id, p.record_id, i.value
           from (select id from near limit ${maximumNear}) n
          cross join lateral (select id, record_id from profile
                               where workspace_id = $1 and id = n.id offset 0) p
          cross join lateral (select value from identity
                               where workspace_id = $1 and profile_id = n.id and kind = ${identityKinds.field} offset 0) i
          limit ${maximumFieldValues})
      ) h`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map((row) => ({
    near: row.near,
    profileId: row.profile_id,
    recordId: row.record_id,
    value: row.value,
  }));
}
