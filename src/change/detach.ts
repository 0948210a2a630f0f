import { newId } from '../core/id.ts';
import { type Key, keyText } from '../core/identity/identity.ts';
import { readKeysOfProfiles } from '../core/identity/identity-store.ts';
import { deriveMemberships, type Link } from '../core/link/link.ts';
import { deleteLink, insertLinks, readLinksOfProfiles, type StoredLink } from '../core/link/link-store.ts';
import { type Move, movesTo, readNeighbourhood, storeMoves } from '../core/link/neighbourhood.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';

/** As `detachRecord`, of each of several records, of which all profiles are given. */
export async function detachRecords(
  change: WorkspaceChange,
  members: readonly { readonly id: string; readonly recordId: string }[],
  matching: readonly string[],
): Promise<readonly Move[]> {
  const records = Map.groupBy(members, ({ recordId }) => recordId);
  const recordOf = new Map(members.map(({ id, recordId }) => [id, recordId]));
  const links = await readLinksOfProfiles(change.tx, change.workspaceId, [...recordOf.keys()]);
  const linked = new Set(
    links
      .map(({ firstProfile, secondProfile }) => [recordOf.get(firstProfile), recordOf.get(secondProfile)])
      .filter(([first, second]) => first !== second)
      .flat(),
  );
  const moves: Move[] = [];
  for (const [recordId, profiles] of records) {
    const ids = profiles.map(({ id }) => id);
    if (linked.has(recordId)) moves.push(...(await detachRecord(change, ids, matching)));
  }
  return moves;
}

/**
 * Takes out every link between a record's profiles (all of them are given) and others, undone ones too: nothing tells any more
 * whose record it was. Others that were one person with each other only by this record stay so where they share a key of the
 * `matching` kinds. Answers whose record or person is another now.
 */
export async function detachRecord(
  { tx, workspaceId, now, record }: WorkspaceChange,
  profileIds: readonly string[],
  matching: readonly string[],
): Promise<readonly Move[]> {
  const own = new Set(profileIds);
  const leadsOut = (link: Link) => own.has(link.firstProfile) !== own.has(link.secondProfile);
  const outward = (await readLinksOfProfiles(tx, workspaceId, profileIds)).filter(leadsOut);
  if (outward.length === 0) return [];
  const { profiles, active, all } = await readNeighbourhood(tx, workspaceId, [profileIds[0]!]);
  const others = neighboursOf(outward, own);
  const keys = await readKeysOfProfiles(tx, workspaceId, others);
  for (const link of outward) {
    await deleteLink(tx, workspaceId, link.id);
    if (!link.undoneAt) record({ entity: 'link', entityId: link.id, operation: 'delete' });
  }
  const made: Link[] = [];
  for (const link of linksBySharedKeys(keys, matching)) {
    if (all.some((known) => isSameEvidence(known, link))) continue;
    const id = newId(now.getTime());
    made.push({ ...link, id, createdSeq: record({ entity: 'link', entityId: id, operation: 'create' }) });
  }
  if (made.length > 0) await insertLinks(tx, workspaceId, made, now);
  const remaining = [...active.filter((link) => !leadsOut(link)), ...made];
  const moves = movesTo(profiles, deriveMemberships(profiles, remaining));
  await storeMoves(tx, workspaceId, moves);
  return moves;
}

/** The profiles at the other end of active links. */
function neighboursOf(outward: readonly StoredLink[], own: ReadonlySet<string>): string[] {
  const ends = outward
    .filter((link) => link.undoneAt === null)
    .map((link) => (own.has(link.firstProfile) ? link.secondProfile : link.firstProfile));
  return [...new Set(ends)];
}

type Evidence = Omit<Link, 'id' | 'createdSeq'>;

/** As the ingest links who shares a key: each with the oldest that has it. */
function linksBySharedKeys(
  holders: readonly { readonly key: Key; readonly profileId: string }[],
  matching: readonly string[],
): Evidence[] {
  const links = new Map<string, Evidence>();
  const shared = holders.filter(({ key }) => matching.includes(key.kind));
  for (const group of Map.groupBy(shared, ({ key }) => keyText(key)).values()) {
    const evidence = group[0]!.key.kind;
    const [oldest, ...younger] = [...new Set(group.map(({ profileId }) => profileId))].sort();
    for (const profileId of younger) {
      links.set(`${profileId}\n${oldest}\n${evidence}`, {
        firstProfile: profileId,
        secondProfile: oldest!,
        scope: 'person',
        origin: 'shared-key',
        evidence,
        exclusive: false,
        rivals: [],
      });
    }
  }
  return [...links.values()];
}

function isSameEvidence(a: Evidence, b: Evidence): boolean {
  return (
    a.firstProfile === b.firstProfile &&
    a.secondProfile === b.secondProfile &&
    a.scope === b.scope &&
    a.evidence === b.evidence
  );
}
