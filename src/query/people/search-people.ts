import { type IdentityKind, identityKindOf, identityKinds, type Key } from '../../core/identity/identity.ts';
import { type Attributes, attributeValues } from '../../core/profile/attributes.ts';
import { isEnoughOfName, nameQuestion } from '../../core/profile/name-words.ts';
import { nameOf } from '../../core/profile/names.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { toKey } from './find-person.ts';

export interface FoundPerson {
  readonly id: string;
  /** How the profile that was found is called. */
  readonly name: string | null;
  /** By what it was found, in normal form, where that was a key; else by which else it is known, where it has a key. */
  readonly key: Key | null;
}

/** The kinds whose values somebody may know and write down; those that are made of several parts are none. */
const searchedKinds: readonly IdentityKind[] = [
  'email',
  'phone',
  'user',
  'anonymous',
  'external',
  'session',
  'visitor',
  'tracker',
  'whatsappUser',
];

/** Of all whose name begins so, so many are looked at. */
const maximumNamed = 1000;

const search = `
  select f.person_id, f.attributes, k.kind, k.value from (
    select distinct on (p.person_id) p.person_id, p.id, p.created_seq, p.attributes, found.by_name, found.kind, found.value
      from (select i.profile_id, false as by_name, i.kind, i.value
              from unnest($2::text::smallint[], $3::text::text[]) as wanted (kind, value)
              join identity i on i.workspace_id = $1 and i.kind = wanted.kind and i.value = wanted.value
             union all
            select id, false, null, null from profile where workspace_id = $1 and id = $4::text::uuid
             union all
            select named.id, true, null, null
              from (select profile_id as id from profile_name
                     where workspace_id = $1 and words @@ $5::text::tsquery limit ${maximumNamed}) named) found
      join profile p on p.workspace_id = $1 and p.id = found.profile_id and p.deleted_at is null
     order by p.person_id, found.by_name, p.created_seq) f
    left join lateral (
      select i.kind, i.value from identity i
       where i.workspace_id = $1 and i.profile_id = f.id and i.kind = any($7::text::smallint[]) and (f.kind is null or i.kind = f.kind and i.value = f.value)
       order by i.kind, i.value limit 1) k on true
   order by f.by_name, f.created_seq limit $6`;

/**
 * Those who have a key that is the text, of whichever kind, and whose profile has it as its id; behind them those of whose name each of its
 * words begins a word, without regard to case and accents, in whichever API. Oldest first.
 */
export async function searchPeople(
  connection: Queryable,
  workspace: Workspace,
  text: string,
  limit: number,
): Promise<FoundPerson[]> {
  const keys = searchedKinds.flatMap((kind): Key[] => {
    const key = toKey(workspace, kind, text);
    return key ? [key] : [];
  });
  const rows = await connection.query<{
    person_id: string;
    attributes: Attributes;
    kind: number | null;
    value: string | null;
  }>(search, [
    workspace.id,
    arrayLiteral(keys.map(({ kind }) => identityKinds[kind])),
    arrayLiteral(keys.map(({ value }) => value)),
    isId(text) ? text : null,
    isEnoughOfName(text) ? nameQuestion(workspace.id, text) : null,
    limit,
    arrayLiteral(searchedKinds.map((kind) => identityKinds[kind])),
  ]);
  return rows.map(({ person_id, attributes, kind, value }) => ({
    id: person_id,
    name: nameOf(attributeValues(attributes)),
    key: kind === null || value === null ? null : { kind: identityKindOf(kind), value },
  }));
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
