import type { Queryable } from '../../store/queryable.ts';
import { type Profile, readPerson, setMemberships } from '../profile/profile-store.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Membership } from './link.ts';
import { readLinksOfProfiles, type StoredLink } from './link-store.ts';

/** A profile that changes its record or person. */
export interface Move {
  readonly profileId: string;
  readonly from: Membership;
  readonly to: Membership;
}

/** Everybody who is one person with any of the profiles, and the links among them. */
export async function readNeighbourhood(
  tx: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
) {
  const persons = await Promise.all(profileIds.map((id) => readPerson(tx, workspaceId, id)));
  const profiles = [...new Map(persons.flat().map((profile) => [profile.id, profile])).values()];
  const ids = new Set(profiles.map((profile) => profile.id));
  const all = await readLinksOfProfiles(tx, workspaceId, [...ids]);
  // An exclusive link that does not count may lead out of the person; it begins to count when an older one is undone.
  const outside = all.flatMap((link) => [link.firstProfile, link.secondProfile]).filter((id) => !ids.has(id));
  if (outside.length > 0) {
    const further = await Promise.all([...new Set(outside)].map((id) => readPerson(tx, workspaceId, id)));
    for (const profile of further.flat()) if (!ids.has(profile.id)) profiles.push(profile);
    const known = await readLinksOfProfiles(tx, workspaceId, [
      ...new Set(profiles.map((profile) => profile.id)),
    ]);
    return { profiles: distinct(profiles), active: within(known, profiles), all: known };
  }
  return { profiles, active: within(all, profiles), all };
}

function distinct(profiles: readonly Profile[]): Profile[] {
  return [...new Map(profiles.map((profile) => [profile.id, profile])).values()];
}

function within(links: readonly StoredLink[], profiles: readonly Profile[]): StoredLink[] {
  const ids = new Set(profiles.map((profile) => profile.id));
  return links.filter(
    (link) => link.undoneAt === null && ids.has(link.firstProfile) && ids.has(link.secondProfile),
  );
}

export function movesTo(profiles: readonly Profile[], memberships: ReadonlyMap<string, Membership>): Move[] {
  const moves: Move[] = [];
  for (const profile of profiles) {
    const from = { record: profile.recordId, person: profile.personId };
    const to = memberships.get(profile.id)!;
    if (from.record !== to.record || from.person !== to.person)
      moves.push({ profileId: profile.id, from, to });
  }
  return moves;
}

export async function storeMoves(
  tx: Queryable,
  workspaceId: WorkspaceId,
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  await setMemberships(tx, workspaceId, new Map(moves.map((move) => [move.profileId, move.to])));
}
