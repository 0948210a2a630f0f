import type { DialectName } from '../../core/dialect-name.ts';
import { type IdentityKind, identityKindOf, identityKinds, type Key } from '../../core/identity/identity.ts';
import { type Attributes, attributeValues } from '../../core/profile/attributes.ts';
import { emailKey, normalizePhone } from '../../core/value/normal-form.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Profiles that an answer lists, and a timeline merges; a person with more is a shared device or a mistake. */
export const maximumProfiles = 1000;
/** Persons that one key is looked up for. */
const maximumPersons = 20;

export interface PersonProfile {
  readonly id: string;
  readonly dialect: DialectName;
  /** The node's public id. */
  readonly node: string;
  readonly recordId: string;
  readonly anonymous: boolean;
  readonly keys: Key[];
  readonly attributes: Record<string, unknown>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Person {
  readonly id: string;
  /** The one that names the person first, then known ones before anonymous ones, each by age; at most `maximumProfiles`. */
  readonly profiles: PersonProfile[];
  readonly profileCount: number;
}

/** A key in the form that it is stored in; undefined for a text that can't be one. */
export function toKey(workspace: Workspace, kind: IdentityKind, value: string): Key | undefined {
  const normal =
    kind === 'email'
      ? emailKey(value)
      : kind === 'phone'
        ? normalizePhone(value, workspace.settings.phoneCountries)
        : value.trim();
  return normal ? { kind, value: normal } : undefined;
}

/** The persons that have a key, oldest profile first: one, unless links were undone or the kind is no matching rule. */
export async function findPersonIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  key: Key,
): Promise<string[]> {
  const rows = await connection.query<{ person_id: string }>(
    `select p.person_id from identity i
       join profile p on p.workspace_id = $1 and p.id = i.profile_id
      where i.workspace_id = $1 and i.kind = $2 and i.value = $3
      group by p.person_id order by min(p.created_seq) limit $4`,
    [workspaceId, identityKinds[key.kind], key.value, maximumPersons],
  );
  return rows.map((row) => row.person_id);
}

/** The ids of all profiles that are one person with this one, known ones first, at most `maximumProfiles`. */
export async function readProfileIdsOfPerson(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<{ personId: string; profileIds: string[] } | undefined> {
  const rows = await connection.query<{ id: string; person_id: string }>(
    `select id, person_id from profile
      where workspace_id = $1 and deleted_at is null
        and person_id = (select person_id from profile where workspace_id = $1 and id = $2)
      order by (id = person_id) desc, anonymous, created_seq limit $3`,
    [workspaceId, profileId, maximumProfiles],
  );
  const [first] = rows;
  return first && { personId: first.person_id, profileIds: rows.map((row) => row.id) };
}

interface ProfileRow {
  id: string;
  person_id: string;
  record_id: string;
  anonymous: boolean;
  attributes: Attributes;
  created_at: Date;
  updated_at: Date;
  dialect: DialectName;
  node: string;
  profile_count: number;
}

/** The person that a profile belongs to, with what is known of each profile; undefined when there is no such profile. */
export async function readPersonOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<Person | undefined> {
  const rows = await connection.query<ProfileRow>(
    `select p.id, p.person_id, p.record_id, p.anonymous, p.attributes, p.created_at, p.updated_at, n.dialect,
            n.public_id as node, count(*) over () as profile_count
       from profile p
       join node n on n.workspace_id = $1 and n.id = p.node_id
      where p.workspace_id = $1 and p.deleted_at is null
        and p.person_id = (select person_id from profile where workspace_id = $1 and id = $2)
      order by (p.id = p.person_id) desc, p.anonymous, p.created_seq limit $3`,
    [workspaceId, profileId, maximumProfiles],
  );
  const [first] = rows;
  if (!first) return undefined;
  const keys = await readKeys(
    connection,
    workspaceId,
    rows.map((row) => row.id),
  );
  return {
    id: first.person_id,
    profileCount: first.profile_count,
    profiles: rows.map((row) => ({
      id: row.id,
      dialect: row.dialect,
      node: row.node,
      recordId: row.record_id,
      anonymous: row.anonymous,
      keys: keys.get(row.id) ?? [],
      attributes: attributeValues(row.attributes),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    })),
  };
}

async function readKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<Map<string, Key[]>> {
  const rows = await connection.query<{ kind: number; value: string; profile_id: string }>(
    `select kind, value, profile_id from identity
      where workspace_id = $1 and profile_id = any($2::text::uuid[]) order by created_seq, kind, value`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  const keys = new Map<string, Key[]>();
  for (const row of rows) {
    const held = keys.getOrInsertComputed(row.profile_id, () => []);
    held.push({ kind: identityKindOf(row.kind), value: row.value });
  }
  return keys;
}
