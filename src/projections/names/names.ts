import Type from 'typebox';
import { Value } from 'typebox/value';
import { lowestId } from '../../core/id.ts';
import type { Attributes } from '../../core/profile/attributes.ts';
import { nameWords } from '../../core/profile/name-words.ts';
import { namePaths } from '../../core/profile/names.ts';
import { deleteNames, type NamedProfile, storeNames } from '../../core/profile/profile-name-store.ts';
import { underHeadLock } from '../../core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { lookTwice, toCheck } from '../check.ts';
import type { Projection } from '../projection.ts';

const profilesPerSlice = 2000;
const Place = Type.Union([Type.Object({ profileId: Type.String() }), Type.Null()]);

interface NameSlice {
  /** Profiles that are found by other words than those of their names. */
  readonly wrong: readonly NamedProfile[];
  /** Where the next slice begins; undefined after the last. */
  readonly next: string | undefined;
}

/** By which words people are found. Who writes or empties profiles keeps it up (change/writer.ts, change/remove-profiles.ts). */
export const names: Projection = {
  counts: 'profilesNamed',
  rebuild: ({ database, workspaceId, place }) =>
    underHeadLock(database, workspaceId, async (tx) => {
      const { wrong, next } = await readNameSlice(tx, workspaceId, Value.Parse(Place, place)?.profileId);
      await storeNames(tx, workspaceId, wrong);
      if (next !== undefined) return { counted: wrong.length, next: { profileId: next } };
      const strays = await readStrays(tx, workspaceId);
      if (strays.length > 0) await deleteNames(tx, workspaceId, strays);
      return { counted: wrong.length + strays.length, next: 'done' };
    }),
  verify: async (database, { id }) => {
    const problems: string[] = [];
    let after: string | undefined;
    do {
      const look = (connection: Queryable) => readNameSlice(connection, id, after);
      const slice = await lookTwice(database, id, look, ({ wrong }) => wrong.length > 0);
      for (const profile of slice.wrong) problems.push(`profile ${profile.id} is found by other words`);
      after = slice.next;
    } while (after !== undefined);
    const look = (connection: Queryable) => readStrays(connection, id);
    for (const stray of await lookTwice(database, id, look, (strays) => strays.length > 0))
      problems.push(`${stray} is found by a name, and is no profile`);
    return toCheck('names-equal', problems, 'people are found by the words of their names');
  },
};

/** Compares the words of the next profiles by id with their names. */
async function readNameSlice(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string = lowestId,
): Promise<NameSlice> {
  const rows = await connection.query<{ id: string; attributes: Attributes; words: readonly string[] }>(
    `select p.id, coalesce(named.attributes, '{}') as attributes, coalesce(array_to_json(tsvector_to_array(n.words)), '[]') as words
       from (select id, attributes from profile where workspace_id = $1 and id > $2 order by id limit $3) p
       left join profile_name n on n.workspace_id = $1 and n.profile_id = p.id
      cross join lateral (
        select jsonb_object_agg(a.key, a.value) as attributes from jsonb_each(p.attributes) a
         where a.key = any($4::text::text[])) named
      order by p.id`,
    [workspaceId, after, profilesPerSlice, arrayLiteral(namePaths)],
  );
  return {
    wrong: rows.filter(
      ({ attributes, words }) => nameWords(workspaceId, attributes).join(' ') !== words.toSorted().join(' '),
    ),
    next: rows.length === profilesPerSlice ? rows.at(-1)?.id : undefined,
  };
}

/** Ids that words lead to and that no profile has; so many as one deletion takes. */
async function readStrays(connection: Queryable, workspaceId: WorkspaceId): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select n.profile_id as id from profile_name n
      where n.workspace_id = $1 and not exists (select from profile p where p.workspace_id = $1 and p.id = n.profile_id)
      limit $2`,
    [workspaceId, profilesPerSlice],
  );
  return rows.map(({ id }) => id);
}
