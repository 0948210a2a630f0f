import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Attributes } from './attributes.ts';
import { nameWords } from './name-words.ts';

/** A profile as a write has left it. */
export interface NamedProfile {
  readonly id: string;
  readonly attributes: Attributes;
}

/** Keeps by which words these profiles are found now. One statement, and another where some have none. */
export async function storeNames(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profiles: readonly NamedProfile[],
): Promise<void> {
  const named = profiles.map(({ id, attributes }) => ({ id, words: nameWords(workspaceId, attributes) }));
  const nameless = named.filter(({ words }) => words.length === 0).map(({ id }) => id);
  const written = named.filter(({ words }) => words.length > 0);
  await Promise.all([
    ...(written.length > 0 ? [writeNames(connection, workspaceId, written)] : []),
    ...(nameless.length > 0 ? [deleteNames(connection, workspaceId, nameless)] : []),
  ]);
}

/** The words hold no sign that a `tsvector` would need to be escaped. */
async function writeNames(
  connection: Queryable,
  workspaceId: WorkspaceId,
  named: readonly { readonly id: string; readonly words: readonly string[] }[],
): Promise<void> {
  await connection.query(
    `insert into profile_name (workspace_id, profile_id, words)
     select h.workspace_id, n.profile_id, n.words::tsvector from workspace_head h,
            unnest($2::text::uuid[], $3::text::text[]) as n (profile_id, words)
      where h.workspace_id = $1
     on conflict (workspace_id, profile_id) do update set words = excluded.words`,
    [
      workspaceId,
      arrayLiteral(named.map(({ id }) => id)),
      arrayLiteral(named.map(({ words }) => words.map((word) => `'${word}'`).join(' '))),
    ],
  );
}

export async function deleteNames(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<void> {
  await connection.query(
    'delete from profile_name where workspace_id = $1 and profile_id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(profileIds)],
  );
}
