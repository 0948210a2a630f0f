import type { Queryable } from '../../store/queryable.ts';
import { newId } from '../id.ts';
import { type Key, keyText } from '../identity/identity.ts';
import { readKeysOfProfiles } from '../identity/identity-store.ts';
import { type Change, insertChanges } from '../update-stream/change-store.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Head } from '../workspace/workspace-store.ts';
import { deriveMemberships, type Link } from './link.ts';
import { deleteLink, insertLinks, readLinksOfProfiles, type StoredLink } from './link-store.ts';
import { movesTo, readNeighbourhood, storeMoves } from './manage-links.ts';

/**
 * Takes out every link between a record's profiles (all of them are given) and others, undone ones too: nothing tells any more
 * whose record it was. Others that were one person with each other only by this record stay so where they share a key of the
 * `matching` kinds. To be called under the head lock; advances the head's seq.
 */
export async function detachRecord(
  connection: Queryable,
  workspaceId: WorkspaceId,
  head: Head,
  profileIds: readonly string[],
  matching: readonly string[],
  now: Date,
): Promise<void> {
  const own = new Set(profileIds);
  const leadsOut = (link: Link) => own.has(link.firstProfile) !== own.has(link.secondProfile);
  const outward = (await readLinksOfProfiles(connection, workspaceId, profileIds)).filter(leadsOut);
  if (outward.length === 0) return;
  const { profiles, active, all } = await readNeighbourhood(connection, workspaceId, [profileIds[0]!]);
  const others = neighboursOf(outward, own);
  const keys = await readKeysOfProfiles(connection, workspaceId, others);
  const changes: Change[] = [];
  for (const link of outward) {
    await deleteLink(connection, workspaceId, link.id);
    if (!link.undoneAt)
      changes.push({ seq: ++head.seq, entity: 'link', entityId: link.id, operation: 'delete' });
  }
  const made: Link[] = [];
  for (const link of linksBySharedKeys(keys, matching)) {
    if (all.some((known) => isSameEvidence(known, link))) continue;
    made.push({ ...link, id: newId(now.getTime()), createdSeq: ++head.seq });
    changes.push({ seq: head.seq, entity: 'link', entityId: made.at(-1)!.id, operation: 'create' });
  }
  if (made.length > 0) await insertLinks(connection, workspaceId, made, now);
  if (changes.length > 0) await insertChanges(connection, workspaceId, changes, now);
  const remaining = [...active.filter((link) => !leadsOut(link)), ...made];
  await storeMoves(connection, workspaceId, movesTo(profiles, deriveMemberships(profiles, remaining)));
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
