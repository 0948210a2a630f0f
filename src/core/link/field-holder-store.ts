import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { identityKinds } from '../identity/identity.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** A profile with a key of the kind `field`. */
export interface FieldHolder {
  readonly profileId: string;
  readonly recordId: string;
  readonly value: string;
}

/** One other value is enough to tell two users apart: of records with more than these it does not matter which are looked at. */
export const maximumFieldValues = 200;

/** The keys of the kind `field` of the profiles' records, and of those that active links lead to from the profiles. */
export async function readFieldHolders(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<FieldHolder[]> {
  const rows = await connection.query<{ profile_id: string; record_id: string; value: string }>(
    `select distinct h.profile_id, h.record_id, h.value
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (
        select i.profile_id, m.record_id, i.value
          from (select k.id
                 union
                select second_profile from link
                 where workspace_id = $1 and first_profile = k.id and undone_at is null) as n (id)
          join profile p on p.workspace_id = $1 and p.id = n.id
          join profile m on m.workspace_id = $1 and m.record_id = p.record_id
          join identity i on i.workspace_id = $1 and i.profile_id = m.id and i.kind = ${identityKinds.field}
         limit ${maximumFieldValues}
      ) h`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map((row) => ({ profileId: row.profile_id, recordId: row.record_id, value: row.value }));
}
