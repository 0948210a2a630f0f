import { arrayLiteral } from '../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import { browserKinds, identityKindOf, identityKinds, type Key } from '../identity/identity.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Candidate } from './candidate-keys.ts';

/** The columns that are emptied at once, when a person is forgotten. */
export const emptiedAtOnce: readonly string[] = [
  'profile.attributes',
  'profile_name.words',
  'identity.value',
  'profile_state.name',
  'profile_state.value',
  'link.scope',
  'link.origin',
  'link.evidence',
];

/** A profile of a person who is to be forgotten. */
export interface Member {
  readonly id: string;
  readonly nodeId: number;
  readonly recordId: string;
  readonly personId: string;
}

/**
 * All profiles of the person that a profile is of, deleted ones too, but no forgotten ones; behind them what other nodes know of the
 * person's browsers alone, without knowing whose they are.
 */
export async function readMembers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileId: string,
): Promise<Member[]> {
  const rows = await connection.query<{ id: string; node_id: number; record_id: string; person_id: string }>(
    `with own as (
       select id, node_id, record_id, person_id, created_seq from profile
        where workspace_id = $1 and forgotten_at is null
          and person_id = (select person_id from profile where workspace_id = $1 and id = $2)
     ), browser as (
       select distinct p.id, p.node_id, p.record_id, p.person_id, p.created_seq
         from identity k
         join identity i on i.workspace_id = $1 and i.kind = any($3::text::smallint[]) and i.value = k.value
         join profile p on p.workspace_id = $1 and p.id = i.profile_id
        where k.workspace_id = $1 and k.kind = any($3::text::smallint[]) and k.profile_id in (select id from own)
          and p.anonymous and p.forgotten_at is null and p.person_id = p.id and p.id not in (select id from own)
          and not exists (select from profile other
                           where other.workspace_id = $1 and other.person_id = p.id and other.id <> p.id)
     )
     select id, node_id, record_id, person_id
       from (select *, 0 as place from own union all select *, 1 from browser) members
      order by place, created_seq`,
    [workspaceId, profileId, arrayLiteral(browserKinds.map((kind) => identityKinds[kind]))],
  );
  return rows.map((row) => ({
    id: row.id,
    nodeId: row.node_id,
    recordId: row.record_id,
    personId: row.person_id,
  }));
}

/** What names the profiles of a person and nobody else; and how many of their keys somebody else has, too. */
export interface OwnKeys {
  readonly own: readonly Candidate[];
  readonly shared: number;
}

/** By what the profiles are named: their ids, and their keys, each once. */
export async function readOwnKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<OwnKeys> {
  const rows = await connection.query<{ kind: number; value: string; shared: boolean }>(
    `select own.kind, own.value, other.held is not null as shared
       from (select distinct kind, value from identity
              where workspace_id = $1 and profile_id = any($2::text::uuid[])) own
       left join lateral (select true as held from identity
                           where workspace_id = $1 and kind = own.kind and value = own.value
                             and profile_id <> all($2::text::uuid[]) limit 1) other on true`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  const own = rows.filter(({ shared }) => !shared);
  return {
    own: [
      ...profileIds.map((profileId) => ({ profileId })),
      ...own.map(({ kind, value }) => ({ kind: identityKindOf(kind), value })),
    ],
    shared: rows.length - own.length,
  };
}

const ofProfiles = 'workspace_id = $1 and profile_id = any($2::text::uuid[])';

/** How many rows of what is emptied at once there are, by what they are. */
export async function countAtOnce(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<{ keys: number; states: number; links: number }> {
  const which = [workspaceId, arrayLiteral(profileIds)];
  const count = async (from: string) =>
    onlyRow(await connection.query<{ total: number }>(`select count(*) as total from ${from}`, which)).total;
  return {
    keys: await count(`identity where ${ofProfiles}`),
    states: await count(`profile_state where ${ofProfiles}`),
    links: await count(
      'link where workspace_id = $1 and (first_profile = any($2::text::uuid[]) or second_profile = any($2::text::uuid[]))',
    ),
  };
}

/** A key that somebody has. */
export interface HolderPlace {
  readonly key: Key;
  readonly nodeId: number;
  readonly profileId: string;
}

/** All keys of a workspace in their order, from behind `after`. */
export async function readKeysAfter(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: HolderPlace | null,
  limit: number,
): Promise<HolderPlace[]> {
  const rows = await connection.query<{ kind: number; value: string; node_id: number; profile_id: string }>(
    `select kind, value, node_id, profile_id from identity
      where workspace_id = $1
        and ($2::text is null or (kind, value, node_id, profile_id) > ($2::smallint, $3::text, $4::integer, $5::uuid))
      order by kind, value, node_id, profile_id limit $6`,
    [
      workspaceId,
      after && String(identityKinds[after.key.kind]),
      after?.key.value ?? null,
      after?.nodeId ?? null,
      after?.profileId ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({
    key: { kind: identityKindOf(row.kind), value: row.value },
    nodeId: row.node_id,
    profileId: row.profile_id,
  }));
}
