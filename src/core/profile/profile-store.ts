import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Attributes } from './attributes.ts';

export interface Profile {
  readonly id: string;
  readonly nodeId: number;
  readonly anonymous: boolean;
  readonly createdSeq: number;
  readonly recordId: string;
  readonly personId: string;
  readonly attributes: Attributes;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** A profile that is gone keeps its id alone: it is in no search, record or person, and under no key. */
  readonly removal: 'deleted' | 'forgotten' | null;
}

export interface ProfileRow {
  id: string;
  node_id: number;
  anonymous: boolean;
  created_seq: number;
  record_id: string;
  person_id: string;
  attributes: Attributes;
  version: number;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  forgotten_at: Date | null;
}

export const profileColumns =
  'id, node_id, anonymous, created_seq, record_id, person_id, attributes, version, created_at, updated_at, deleted_at, forgotten_at';

export function profileFromRow(row: ProfileRow): Profile {
  return {
    id: row.id,
    nodeId: row.node_id,
    anonymous: row.anonymous,
    createdSeq: row.created_seq,
    recordId: row.record_id,
    personId: row.person_id,
    attributes: row.attributes,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    removal: row.forgotten_at ? 'forgotten' : row.deleted_at ? 'deleted' : null,
  };
}

/**
 * The given profiles and those that name their records and persons. Looked up one by one (`limit 1` keeps it so): before the
 * first analyze of a growing table the planner would rather read the whole workspace.
 */
export async function readProfilesWithRoots(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Profile[]> {
  const rows = await connection.query<ProfileRow>(
    `select r.*
       from (select distinct unnest(array[p.id, p.record_id, p.person_id]) as id
               from unnest($2::text::uuid[]) as k (id)
              cross join lateral (select id, record_id, person_id from profile
                                   where workspace_id = $1 and id = k.id limit 1) as p) as n
      cross join lateral (select ${profileColumns} from profile
                           where workspace_id = $1 and id = n.id limit 1) as r`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map(profileFromRow);
}

/** Those of the ids that are profiles and not gone. */
export async function readProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Profile[]> {
  const rows = await connection.query<ProfileRow>(
    `select ${profileColumns} from profile
      where workspace_id = $1 and id = any($2::text::uuid[]) and deleted_at is null`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map(profileFromRow);
}

/** Those of the ids that are profiles and not gone, each with its node. */
export async function readNodesOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await connection.query<{ id: string; node_id: number }>(
    'select id, node_id from profile where workspace_id = $1 and id = any($2::text::uuid[]) and deleted_at is null',
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.node_id]));
}

/** The person that each profile is of, deleted ones too. */
export async function readPersonsOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await connection.query<{ id: string; person_id: string }>(
    'select id, person_id from profile where workspace_id = $1 and id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.person_id]));
}

/** The record's profiles that are somebody, without the anonymous ones that follow it; the one that names it first. */
export async function readKnownOfRecord(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<Profile[]> {
  const rows = await connection.query<ProfileRow>(
    `select ${profileColumns} from profile
      where workspace_id = $1 and deleted_at is null and not anonymous
        and record_id = (select record_id from profile where workspace_id = $1 and id = $2)
      order by (id = record_id) desc, created_seq`,
    [workspaceId, profileId],
  );
  return rows.map(profileFromRow);
}

/** All profiles of the records that the given ones belong to, anonymous ones too. */
export async function readMembersOfRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Profile[]> {
  const rows = await connection.query<ProfileRow>(
    `select m.*
       from (select distinct p.record_id
               from unnest($2::text::uuid[]) as k (id)
              cross join lateral (select record_id from profile where workspace_id = $1 and id = k.id limit 1) as p) as r
      cross join lateral (select ${profileColumns} from profile
                           where workspace_id = $1 and record_id = r.record_id offset 0) as m`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map(profileFromRow);
}

export async function insertProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profiles: readonly Profile[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into profile (workspace_id, created_at, updated_at, id, node_id, anonymous, created_seq, record_id, person_id,
                          version, attributes)
     select h.workspace_id, $2::timestamptz, $2::timestamptz, p.* from workspace_head h,
            unnest($3::text::uuid[], $4::text::integer[], $5::text::boolean[], $6::text::bigint[], $7::text::uuid[],
                   $8::text::uuid[], $9::text::integer[], string_to_array($10::text, E'\\x1e')::jsonb[]) as p
      where h.workspace_id = $1`,
    [
      workspaceId,
      now,
      arrayLiteral(profiles.map((profile) => profile.id)),
      arrayLiteral(profiles.map((profile) => profile.nodeId)),
      arrayLiteral(profiles.map((profile) => String(profile.anonymous))),
      arrayLiteral(profiles.map((profile) => profile.createdSeq)),
      arrayLiteral(profiles.map((profile) => profile.recordId)),
      arrayLiteral(profiles.map((profile) => profile.personId)),
      arrayLiteral(profiles.map((profile) => profile.version)),
      joinDocuments(profiles.map((profile) => JSON.stringify(profile.attributes))),
    ],
  );
}

/** Writes the attributes, versions and times of change of profiles that exist. */
export async function updateProfileAttributes(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profiles: readonly Pick<Profile, 'id' | 'attributes' | 'version' | 'updatedAt'>[],
): Promise<void> {
  await connection.query(
    `update profile p set attributes = n.attributes, version = n.version, updated_at = n.updated_at
       from unnest($2::text::uuid[], $3::text::integer[], $4::text::timestamptz[], string_to_array($5::text, E'\\x1e')::jsonb[])
              as n (id, version, updated_at, attributes)
      where p.workspace_id = $1 and p.id = n.id`,
    [
      workspaceId,
      arrayLiteral(profiles.map((profile) => profile.id)),
      arrayLiteral(profiles.map((profile) => profile.version)),
      arrayLiteral(profiles.map((profile) => profile.updatedAt.toISOString())),
      joinDocuments(profiles.map((profile) => JSON.stringify(profile.attributes))),
    ],
  );
}

/** Leaves the ids of profiles, and that they are gone; of who is forgotten not even who was one with whom. */
export async function markProfilesRemoved(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  removal: NonNullable<Profile['removal']>,
  now: Date,
): Promise<void> {
  const forgotten = removal === 'forgotten' ? ', record_id = id, person_id = id, forgotten_at = $3' : '';
  await connection.query(
    `update profile set attributes = '{}', version = version + 1, updated_at = $3, deleted_at = coalesce(deleted_at, $3)${forgotten}
      where workspace_id = $1 and id = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(ids), now],
  );
}

/** Renames records or persons as wholes: every profile of `from` now belongs to `to`. */
export async function renameMemberships(
  connection: Queryable,
  workspaceId: WorkspaceId,
  level: 'record' | 'person',
  renames: ReadonlyMap<string, string>,
): Promise<void> {
  const column = level === 'record' ? 'record_id' : 'person_id';
  await connection.query(
    `update profile p set ${column} = n.new_id
       from unnest($2::text::uuid[], $3::text::uuid[]) as n (old_id, new_id)
      where p.workspace_id = $1 and p.${column} = n.old_id`,
    [workspaceId, arrayLiteral([...renames.keys()]), arrayLiteral([...renames.values()])],
  );
}

/** Sets record and person of single profiles, after a link was undone. */
export async function setMemberships(
  connection: Queryable,
  workspaceId: WorkspaceId,
  memberships: ReadonlyMap<string, { record: string; person: string }>,
): Promise<void> {
  const entries = [...memberships];
  await connection.query(
    `update profile p set record_id = n.record_id, person_id = n.person_id
       from unnest($2::text::uuid[], $3::text::uuid[], $4::text::uuid[]) as n (id, record_id, person_id)
      where p.workspace_id = $1 and p.id = n.id`,
    [
      workspaceId,
      arrayLiteral(entries.map(([id]) => id)),
      arrayLiteral(entries.map(([, membership]) => membership.record)),
      arrayLiteral(entries.map(([, membership]) => membership.person)),
    ],
  );
}
