import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { setMemberships } from '../profile/profile-store.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import {
  deriveMemberships,
  type Link,
  type Membership,
  type ProfileNode,
  withoutOutweighed,
} from './link.ts';
import { readLinksByFirst, readLinksOfProfiles, type StoredLink } from './link-store.ts';

/** A profile with the record and person that are stored of it. */
export interface StoredMember extends ProfileNode {
  readonly stored: Membership;
}

/** Profiles, and the active links among them. */
export interface Neighbourhood {
  readonly profiles: readonly StoredMember[];
  readonly active: readonly StoredLink[];
}

/** A profile that changes its record or person. */
export interface Move {
  readonly profileId: string;
  readonly from: Membership;
  readonly to: Membership;
}

/**
 * The profiles and all that active links lead to from them, gone ones too; but along no exclusive link that another outweighs, which
 * counts for nobody while that one is there. So the links among them say all of their records and persons. `without`: a link that is
 * taken as if it were not there.
 */
export async function readNeighbourhood(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  without?: string,
): Promise<Neighbourhood> {
  const found = new Set(profileIds);
  const active = new Map<string, StoredLink>();
  for (let border = [...found]; border.length > 0; ) {
    const further = new Set<string>();
    for (const link of await readStandingLinks(connection, workspaceId, border, without)) {
      active.set(link.id, link);
      for (const id of [link.firstProfile, link.secondProfile]) if (!found.has(id)) further.add(id);
    }
    for (const id of further) found.add(id);
    border = [...further];
  }
  const profiles = await readMembers(connection, workspaceId, [...found]);
  return { profiles, active: [...active.values()] };
}

/** The active links at either end of the profiles, without the exclusive ones that are outweighed. */
async function readStandingLinks(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  without: string | undefined,
): Promise<StoredLink[]> {
  const isActive = ({ id, undoneAt }: StoredLink) => undoneAt === null && id !== without;
  const near = (await readLinksOfProfiles(connection, workspaceId, profileIds)).filter(isActive);
  const inside = new Set(profileIds);
  const followers = near.flatMap(({ exclusive, firstProfile }) =>
    exclusive && !inside.has(firstProfile) ? [firstProfile] : [],
  );
  if (followers.length === 0) return withoutOutweighed(near);
  const theirs = (await readLinksByFirst(connection, workspaceId, [...new Set(followers)])).filter(isActive);
  const known = new Set(near.map(({ id }) => id));
  const standing = withoutOutweighed([...near, ...theirs.filter(({ id }) => !known.has(id))]);
  return standing.filter(({ id }) => known.has(id));
}

async function readMembers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<StoredMember[]> {
  const rows = await connection.query<{
    id: string;
    anonymous: boolean;
    created_seq: number;
    record_id: string;
    person_id: string;
  }>(
    `select id, anonymous, created_seq, record_id, person_id from profile
      where workspace_id = $1 and id = any($2::text::uuid[]) order by created_seq`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map((row) => ({
    id: row.id,
    anonymous: row.anonymous,
    createdSeq: row.created_seq,
    stored: { record: row.record_id, person: row.person_id },
  }));
}

/** Who of the profiles has another record or person by the links than is stored. */
export function findMoves(profiles: readonly StoredMember[], active: readonly Link[]): Move[] {
  const memberships = deriveMemberships(profiles, active);
  return profiles.flatMap(({ id, stored: from }) => {
    const to = memberships.get(id) ?? from;
    return from.record === to.record && from.person === to.person ? [] : [{ profileId: id, from, to }];
  });
}

export async function storeMoves(
  tx: Queryable,
  workspaceId: WorkspaceId,
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  await setMemberships(tx, workspaceId, new Map(moves.map((move) => [move.profileId, move.to])));
}

/**
 * Makes records and persons of the profiles, and of all that they are linked with, what the stored links give. Under the head lock, after
 * links of theirs were written; whoever takes some out names both ends of each. Answers who has moved.
 */
export async function settleMemberships(
  tx: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<readonly Move[]> {
  const { profiles, active } = await readNeighbourhood(tx, workspaceId, profileIds);
  const moves = findMoves(profiles, active);
  await storeMoves(tx, workspaceId, moves);
  return moves;
}
