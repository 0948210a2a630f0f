import { type IdentityKind, identityKinds } from '../../core/identity/identity.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** The kinds of keys by which people know each other, best first. */
const titleKinds: readonly IdentityKind[] = ['email', 'phone', 'user', 'external', 'whatsappUser'];

/** Who is known as what: of each person the best key, by the person's id. Who has none, or is not there, is left out. */
export async function readPersonTitles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  personIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<{ id: string; title: string }>(
    `select k.id, best.value as title
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (
        select i.value from profile p
          join identity i on i.workspace_id = $1 and i.profile_id = p.id and i.kind = any($3::text::smallint[])
         where p.workspace_id = $1 and p.person_id = k.id and p.deleted_at is null
         order by array_position($3::text::smallint[], i.kind), i.value limit 1) best`,
    [workspaceId, arrayLiteral(personIds), arrayLiteral(titleKinds.map((kind) => identityKinds[kind]))],
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}
