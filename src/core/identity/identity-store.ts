import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { identityKindOf, identityKinds, type Key, keyText } from './identity.ts';

/** A profile that has a key. */
export interface Holder {
  readonly key: Key;
  readonly nodeId: number;
  readonly profileId: string;
}

/** At most this many profiles of one key are looked at; a key with more is shared by too many to tell who is who. */
export const maximumHolders = 51;

/**
 * The profiles that have any of the keys, in all nodes, oldest of a node first, at most `maximumHolders` for each key. Of the given
 * nodes the oldest are there however many others have the key, so that a record is found by it.
 */
export async function readHolders(
  connection: Queryable,
  workspaceId: WorkspaceId,
  keys: readonly Key[],
  nodeIds: readonly number[] = [],
): Promise<Holder[]> {
  const holders = await readFirstHolders(connection, workspaceId, keys);
  const crowded = findCrowded(holders);
  if (crowded.length === 0) return holders;
  const seen = new Set(holders.map((holder) => holderText(holder)));
  const ofNodes = await readHoldersInNodes(connection, workspaceId, crowded, nodeIds);
  return [...holders, ...ofNodes.filter((holder) => !seen.has(holderText(holder)))];
}

/** Keys of which there may be more holders than were read. */
function findCrowded(holders: readonly Holder[]): Key[] {
  if (holders.length < maximumHolders) return [];
  const counts = new Map<Key, number>();
  for (const { key } of holders) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= maximumHolders).map(([key]) => key);
}

function holderText(holder: Holder): string {
  return `${holder.profileId}\n${keyText(holder.key)}`;
}

interface HolderRow {
  kind: number;
  value: string;
  node_id: number;
  profile_id: string;
}

function holderFromRow(row: HolderRow): Holder {
  return {
    key: { kind: identityKindOf(row.kind), value: row.value },
    nodeId: row.node_id,
    profileId: row.profile_id,
  };
}

/** The two oldest holders of each key in each node: one, and another that a profile with the key itself could collide with. */
async function readHoldersInNodes(
  connection: Queryable,
  workspaceId: WorkspaceId,
  keys: readonly Key[],
  nodeIds: readonly number[],
): Promise<Holder[]> {
  const rows = await connection.query<HolderRow>(
    `select k.kind, k.value, i.node_id, i.profile_id
       from unnest($2::text::smallint[], $3::text::text[]) as k (kind, value)
      cross join unnest($4::text::integer[]) as n (id)
      cross join lateral (
        select node_id, profile_id from identity
         where workspace_id = $1 and kind = k.kind and value = k.value and node_id = n.id
         order by profile_id limit 2
      ) i`,
    [
      workspaceId,
      arrayLiteral(keys.map((key) => identityKinds[key.kind])),
      arrayLiteral(keys.map((key) => key.value)),
      arrayLiteral(nodeIds),
    ],
  );
  return rows.map(holderFromRow);
}

/** Rows tell which of the keys theirs is by its place: of most batches that is all that would differ from what was asked. */
async function readFirstHolders(
  connection: Queryable,
  workspaceId: WorkspaceId,
  keys: readonly Key[],
): Promise<Holder[]> {
  const rows = await connection.query<{ place: number; node_id: number; profile_id: string }>(
    `select k.place::integer, i.node_id, i.profile_id
       from unnest($2::text::smallint[], $3::text::text[]) with ordinality as k (kind, value, place)
      cross join lateral (
        select node_id, profile_id from identity
         where workspace_id = $1 and kind = k.kind and value = k.value
         order by node_id, profile_id limit ${maximumHolders}
      ) i`,
    [
      workspaceId,
      arrayLiteral(keys.map((key) => identityKinds[key.kind])),
      arrayLiteral(keys.map((key) => key.value)),
    ],
  );
  return rows.flatMap(({ place, node_id, profile_id }) => {
    const key = keys[place - 1];
    return key ? { key, nodeId: node_id, profileId: profile_id } : [];
  });
}

export interface NewIdentity {
  readonly key: Key;
  readonly nodeId: number;
  readonly profileId: string;
  readonly createdSeq: number;
}

/** Gives profiles their keys; one that a profile has already is left as it is. */
export async function insertIdentities(
  connection: Queryable,
  workspaceId: WorkspaceId,
  identities: readonly NewIdentity[],
): Promise<void> {
  await connection.query(
    `insert into identity (workspace_id, kind, value, node_id, profile_id, created_seq)
     select h.workspace_id, i.* from workspace_head h,
            unnest($2::text::smallint[], $3::text::text[], $4::text::integer[], $5::text::uuid[], $6::text::bigint[]) as i
      where h.workspace_id = $1
     on conflict do nothing`,
    [
      workspaceId,
      arrayLiteral(identities.map((identity) => identityKinds[identity.key.kind])),
      arrayLiteral(identities.map((identity) => identity.key.value)),
      arrayLiteral(identities.map((identity) => identity.nodeId)),
      arrayLiteral(identities.map((identity) => identity.profileId)),
      arrayLiteral(identities.map((identity) => identity.createdSeq)),
    ],
  );
}

/**
 * Keys that may be spelt otherwise now (`respellKey`), in their order, from behind `after`: numbers of the countries that have two
 * spellings, and what is not ASCII.
 */
export async function readKeysToRespell(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: NewIdentity | null,
  limit: number,
): Promise<NewIdentity[]> {
  const rows = await connection.query<HolderRow & { created_seq: number }>(
    `select kind, value, node_id, profile_id, created_seq from identity
      where workspace_id = $1 and kind = any($2::text::smallint[])
        and (value ~ '(^|\\n)\\+5[245]' or octet_length(value) > length(value))
        and ($3::text is null or (kind, value, node_id, profile_id) > ($3::smallint, $4::text, $5::integer, $6::uuid))
      order by kind, value, node_id, profile_id limit $7`,
    [
      workspaceId,
      arrayLiteral([identityKinds.email, identityKinds.phone, identityKinds.field]),
      after && String(identityKinds[after.key.kind]),
      after?.key.value ?? null,
      after?.nodeId ?? null,
      after?.profileId ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({ ...holderFromRow(row), createdSeq: row.created_seq }));
}

/**
 * The keys that profiles have, oldest first. Each profile is looked up by itself: a plan for any workspace takes this one for a small one,
 * and reads all its keys by the primary key rather than looking for many profiles.
 */
export async function readKeysOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<Holder[]> {
  const rows = await connection.query<HolderRow>(
    `select i.kind, i.value, i.node_id, i.profile_id
       from unnest($2::text::uuid[]) as p (id)
      cross join lateral (
        select * from identity where workspace_id = $1 and profile_id = p.id offset 0
      ) i
      order by i.created_seq`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map(holderFromRow);
}

/** Takes keys from a profile whose properties have changed, so that the old value no longer finds it. */
export async function deleteIdentities(
  connection: Queryable,
  workspaceId: WorkspaceId,
  identities: readonly { key: Key; profileId: string }[],
): Promise<void> {
  await connection.query(
    `delete from identity i
      using unnest($2::text::smallint[], $3::text::text[], $4::text::uuid[]) as gone (kind, value, profile_id)
      where i.workspace_id = $1 and i.kind = gone.kind and i.value = gone.value and i.profile_id = gone.profile_id`,
    [
      workspaceId,
      arrayLiteral(identities.map((identity) => identityKinds[identity.key.kind])),
      arrayLiteral(identities.map((identity) => identity.key.value)),
      arrayLiteral(identities.map((identity) => identity.profileId)),
    ],
  );
}

/** Takes all keys of some profiles. Answers the profiles that had any. */
export async function deleteIdentitiesOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<Set<string>> {
  const rows = await connection.query<{ profile_id: string }>(
    'delete from identity where workspace_id = $1 and profile_id = any($2::text::uuid[]) returning profile_id',
    [workspaceId, arrayLiteral(profileIds)],
  );
  return new Set(rows.map((row) => row.profile_id));
}
