import type { Erasure } from '../core/erasure/erasure.ts';
import type { JournalledErasure } from '../core/erasure/erasure-journal.ts';
import { readErasure } from '../core/erasure/erasure-store.ts';
import { type HolderPlace, type Member, readKeysAfter, readMembers } from '../core/erasure/person-store.ts';
import { newId } from '../core/id.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { type ErasureServices, forgetMembers } from './forget-person.ts';

const keysPerRead = 5_000;

/**
 * Forgets anew whom a workspace's journalled erasures have forgotten, and an older backup has brought back: by the profiles of then, and by
 * whoever has a key of then. Answers the erasures whose jobs are to be run; those of which nothing has come back are none of them.
 * @throws StartupError when the key of then is not there
 */
export async function replayErasures(
  services: ErasureServices,
  workspace: Workspace,
  journalled: readonly JournalledErasure[],
  now: Date,
): Promise<Erasure[]> {
  const holders = await findHolders(services, workspace, journalled);
  const replayed: Erasure[] = [];
  for (const entry of journalled) {
    const candidates = new Set([...entry.profileIds, ...(holders.get(entry.id) ?? [])]);
    const erasure = await replayOne(services, workspace, entry, candidates, now);
    if (erasure) replayed.push(erasure);
  }
  await services.workspaces.reload(workspace.id);
  return replayed;
}

async function replayOne(
  services: ErasureServices,
  workspace: Workspace,
  entry: JournalledErasure,
  candidates: ReadonlySet<string>,
  now: Date,
): Promise<Erasure | undefined> {
  return changeWorkspace(services, workspace.id, now, async (change) => {
    const members = new Map<string, Member>();
    for (const profileId of candidates)
      for (const member of await readMembers(change.tx, workspace.id, profileId))
        members.set(member.id, member);
    const known = await readErasure(change.tx, workspace.id, entry.id);
    if (known && members.size === 0) return known.finished ? undefined : known;
    const id = known ? newId(now.getTime()) : entry.id;
    const personId = known?.personId ?? entry.profileIds[0] ?? entry.id;
    const { requestedBy } = entry;
    const forgetting = { id, members: [...members.values()], personId, requestedBy, before: entry };
    await forgetMembers(services, workspace, change, forgetting);
    return readErasure(change.tx, workspace.id, id);
  });
}

/** By the erasure's id: the profiles that have one of its keys now. */
async function findHolders(
  { database, erasureKey }: ErasureServices,
  workspace: Workspace,
  journalled: readonly JournalledErasure[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const holders = new Map<string, Set<string>>();
  const [first] = journalled;
  if (!first) return holders;
  // Each by itself: whom an erasure by another key is of could not be told, and would stay.
  for (const { keyId } of journalled) await erasureKey.open(keyId);
  const key = await erasureKey.open(first.keyId);
  const erasureOf = new Map(
    journalled.flatMap(({ id, hashes }) => hashes.map((hash) => [hash, id] as const)),
  );
  for (let after: HolderPlace | null = null; ; ) {
    const read: HolderPlace[] = await readKeysAfter(database, workspace.id, after, keysPerRead);
    for (const holder of read) {
      const erasureId = erasureOf.get(key.hash(workspace, holder.key));
      if (erasureId !== undefined)
        holders.getOrInsertComputed(erasureId, () => new Set<string>()).add(holder.profileId);
    }
    after = read.at(-1) ?? null;
    if (read.length < keysPerRead) return holders;
  }
}
