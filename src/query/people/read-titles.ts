import { type IdentityKind, identityKinds } from '../../core/identity/identity.ts';
import { type Attributes, attributeValues } from '../../core/profile/attributes.ts';
import { nameOf, namePaths } from '../../core/profile/names.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** The kinds of keys by which people know each other, best first. */
const titleKinds: readonly IdentityKind[] = ['email', 'phone', 'user', 'external', 'whatsappUser'];

/** In so many of a person's profiles, the oldest, a name is looked for. */
const namedProfiles = 5;

interface Row {
  id: string;
  key: string | null;
  attributes: Attributes[] | null;
}

/**
 * Who is known as what, by the person's id: by a name, else by the best of the keys. Who has neither, or is not there, is left out.
 */
export async function readPersonTitles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  personIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<Row>(
    `select k.id, best.value as key, named.attributes
       from unnest($2::text::uuid[]) as k (id)
       left join lateral (
         select i.value from profile p
           join identity i on i.workspace_id = $1 and i.profile_id = p.id and i.kind = any($3::text::smallint[])
          where p.workspace_id = $1 and p.person_id = k.id and p.deleted_at is null
          order by array_position($3::text::smallint[], i.kind), i.value limit 1) best on true
       left join lateral (
         select json_agg(o.attributes order by o.created_seq) as attributes
           from (select p.created_seq,
                        coalesce((select jsonb_object_agg(a.key, a.value) from jsonb_each(p.attributes) a
                                   where a.key = any($4::text::text[])), '{}') as attributes
                   from profile p
                  where p.workspace_id = $1 and p.person_id = k.id and p.deleted_at is null
                  order by p.created_seq limit ${namedProfiles}) o) named on true`,
    [
      workspaceId,
      arrayLiteral(personIds),
      arrayLiteral(titleKinds.map((kind) => identityKinds[kind])),
      arrayLiteral(namePaths),
    ],
  );
  return new Map(
    rows.flatMap(({ id, key, attributes }) => {
      const names = (attributes ?? []).map((values) => nameOf(attributeValues(values)));
      const title = names.find((name) => name !== null) ?? key;
      return title === null ? [] : [[id, title] as const];
    }),
  );
}
