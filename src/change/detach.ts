import { type Key, keyText } from '../core/identity/identity.ts';
import { readKeysOfProfiles } from '../core/identity/identity-store.ts';
import { type Link, withoutOutweighed } from '../core/link/link.ts';
import { deleteLinks, readLinksByFirst, readLinksOfProfiles } from '../core/link/link-store.ts';
import { type Move, settleMemberships } from '../core/link/neighbourhood.ts';
import { readProfiles } from '../core/profile/profile-store.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import { endsOf, evidenceText, insertEvidence, type KeyEvidence } from './link.ts';

/**
 * Takes out every link between records (all profiles of each are given) and others, undone ones too: nothing tells any more whose record
 * it was. Others that were one person with each other by such a record stay so where they share a key of the `matching` kinds. Answers
 * whose record or person is another now.
 */
export async function detachRecords(
  change: WorkspaceChange,
  members: readonly { readonly id: string; readonly recordId: string }[],
  matching: readonly string[],
): Promise<readonly Move[]> {
  const { tx, workspaceId, record } = change;
  const recordOf = new Map(members.map(({ id, recordId }) => [id, recordId]));
  const leadsOut = ({ firstProfile, secondProfile }: Link) =>
    recordOf.get(firstProfile) !== recordOf.get(secondProfile);
  const links = await readLinksOfProfiles(tx, workspaceId, [...recordOf.keys()]);
  const outward = links.filter(leadsOut);
  if (outward.length === 0) return [];
  const outwardIds = outward.map(({ id }) => id);
  await deleteLinks(tx, workspaceId, outwardIds);
  const active = links.filter(({ undoneAt }) => undoneAt === null);
  for (const { id } of active.filter(leadsOut)) record({ entity: 'link', entityId: id, operation: 'delete' });
  const ends = [...new Set(withoutOutweighed(active).filter(leadsOut).flatMap(endsOf))];
  const others = ends.filter((id) => !recordOf.has(id));
  await insertEvidence(change, await findSharedKeys(change, others, matching));
  return settleMemberships(tx, workspaceId, ends);
}

/** By which keys profiles are one person yet, of those that are one by what is stored; undone evidence stays undone. */
async function findSharedKeys(
  { tx, workspaceId }: WorkspaceChange,
  profileIds: readonly string[],
  matching: readonly string[],
): Promise<KeyEvidence[]> {
  const keys = (await readKeysOfProfiles(tx, workspaceId, profileIds)).filter(({ key }) =>
    matching.includes(key.kind),
  );
  if (keys.length < 2) return [];
  const holderIds = keys.map(({ profileId }) => profileId);
  const profiles = await readProfiles(tx, workspaceId, holderIds);
  const personOf = new Map(profiles.map(({ id, personId }) => [id, personId]));
  const known = new Set((await readLinksByFirst(tx, workspaceId, holderIds)).map(evidenceText));
  const shared = Map.groupBy(keys, ({ key, profileId }) => `${personOf.get(profileId)}\n${keyText(key)}`);
  const evidence = [...shared.values()].flatMap(linksOfHolders);
  return [...new Map(evidence.map((one) => [evidenceText(one), one])).values()].filter(
    (one) => !known.has(evidenceText(one)),
  );
}

/** As the ingest links who shares a key: each with the oldest that has it. */
function linksOfHolders(
  holders: readonly { readonly key: Key; readonly profileId: string }[],
): KeyEvidence[] {
  const [oldest, ...younger] = [...new Set(holders.map(({ profileId }) => profileId))].sort();
  const evidence = holders[0]?.key.kind;
  if (oldest === undefined || evidence === undefined) return [];
  return younger.map((firstProfile) => ({
    firstProfile,
    secondProfile: oldest,
    scope: 'person',
    origin: 'shared-key',
    evidence,
  }));
}
