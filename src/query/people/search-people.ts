import { type IdentityKind, identityKinds, type Key } from '../../core/identity/identity.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { toKey } from './find-person.ts';

export interface FoundPerson {
  readonly id: string;
  /** By what it was found, in normal form. */
  readonly key: string;
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

/** Those who have a key that is the text, of whichever kind, and whose profile has it as its id; oldest first. */
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
  const rows = await connection.query<{ person_id: string; value: string }>(
    `select p.person_id, min(found.value) as value
       from (select i.profile_id, i.value
               from unnest($2::text::smallint[], $3::text::text[]) as wanted (kind, value)
               join identity i on i.workspace_id = $1 and i.kind = wanted.kind and i.value = wanted.value
              union all
             select id, id::text from profile where workspace_id = $1 and id = $4::text::uuid) found
       join profile p on p.workspace_id = $1 and p.id = found.profile_id and p.deleted_at is null
      group by p.person_id order by min(p.created_seq) limit $5`,
    [
      workspace.id,
      arrayLiteral(keys.map(({ kind }) => identityKinds[kind])),
      arrayLiteral(keys.map(({ value }) => value)),
      isId(text) ? text : null,
      limit,
    ],
  );
  return rows.map((row) => ({ id: row.person_id, key: row.value }));
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
