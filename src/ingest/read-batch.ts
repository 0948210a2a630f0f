import { type DedupeKey, dedupeKeyText, type KnownKey, keysToKnow } from '../core/dedupe/dedupe.ts';
import { readForeverKeys, readWindowKeys } from '../core/dedupe/dedupe-store.ts';
import type { DialectName } from '../core/dialect-name.ts';
import { profileLockType, readAttributeLocks } from '../core/event-type/attribute-lock.ts';
import { readTypesByName } from '../core/event-type/event-type-store.ts';
import { type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, readHolders } from '../core/identity/identity-store.ts';
import { readNodesOfProfiles } from '../core/profile/profile-store.ts';
import { readReplayedIds } from '../core/quarantine/quarantine-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { EditItem, EventItem } from './item.ts';
import type { Resolved } from './queued.ts';
import type { Submission } from './submission.ts';
import { locksOf, type WorkspaceMemory } from './workspace-memory.ts';

/** The keys of a batch that were answered before. A repeat inside the batch is the caller's to see. */
export async function readKnownKeys(
  tx: Queryable,
  workspace: Workspace,
  batch: readonly { readonly submission: Submission }[],
  now: number,
): Promise<Map<string, KnownKey>> {
  const keys = batch.flatMap(({ submission }) => (submission.dedupe ? keysToKnow(submission.dedupe) : []));
  const forever = keys.filter((key) => key.window === 'forever');
  const windowed = keys.filter((key) => key.window === 'four-hours');
  const [first, second] = await Promise.all([
    forever.length > 0
      ? readForeverKeys(tx, workspace.id, distinctKeys(forever))
      : new Map<string, KnownKey>(),
    windowed.length > 0
      ? readWindowKeys(tx, workspace.id, distinctKeys(windowed), now)
      : new Map<string, KnownKey>(),
  ]);
  return new Map([...first, ...second]);
}

/** Those of the quarantined events that the batch replays that were replayed before. */
export async function readReplayed(
  tx: Queryable,
  workspace: Workspace,
  batch: readonly { readonly submission: Submission }[],
): Promise<Set<string>> {
  const ids = new Set(batch.flatMap(({ submission }) => submission.replayOf?.id ?? []));
  return ids.size > 0 ? readReplayedIds(tx, workspace.id, [...ids]) : ids;
}

function distinctKeys(keys: readonly DedupeKey[]): DedupeKey[] {
  return [...new Map(keys.map((key) => [dedupeKeyText(key), key])).values()];
}

/** The keys that an item speaks of: of its subject, and of whom it brings along. */
export function keysSoughtBy({ subject, companions = [] }: EventItem | EditItem): Key[] {
  const { contacts = [], adopts = [] } = subject;
  const own = 'profileId' in subject ? [] : [...subject.keys, ...(subject.standsInFor ?? [])];
  return [...own, ...contacts, ...adopts, ...companions.flatMap((companion) => companion.keys)];
}

/** Who has the keys that items speak of, and which of the profiles they name exist. */
export async function readHoldersOf(
  tx: Queryable,
  workspace: Workspace,
  items: readonly (EventItem | EditItem)[],
): Promise<{ holders: Holder[]; existing: Map<string, number> }> {
  const keys = new Map<string, Key>();
  const named = new Set<string>();
  const nodeIds = new Set<number>();
  for (const item of items) {
    nodeIds.add(item.nodeId);
    if ('profileId' in item.subject) named.add(item.subject.profileId);
    for (const key of keysSoughtBy(item)) keys.set(keyText(key), key);
  }
  const [holders, existing] = await Promise.all([
    keys.size > 0 ? readHolders(tx, workspace.id, [...keys.values()], [...nodeIds]) : [],
    named.size > 0 ? readNodesOfProfiles(tx, workspace.id, [...named]) : new Map<string, number>(),
  ]);
  return { holders, existing };
}

/** Makes sure that every event type and first value that the batch meets, and another process may have settled, is known. */
export async function readVocabulary(
  tx: Queryable,
  workspace: Workspace,
  memory: WorkspaceMemory,
  resolved: readonly Resolved[],
): Promise<void> {
  const unknownTypes = new Map<string, { dialect: DialectName; name: string }>();
  const unknownLocks = new Set<number>();
  for (const { dialect, item } of resolved) {
    if (item.lockedPrefix !== undefined) unknownLocks.add(profileLockType);
    if (item.kind === 'edit') continue;
    const { event } = item;
    const type = workspace.eventTypes.byName(dialect, event.type);
    for (const name of [event.type, ...(event.derivedTypes ?? [])]) {
      if (!workspace.eventTypes.byName(dialect, name))
        unknownTypes.set(`${dialect}\n${name}`, { dialect, name });
    }
    if (type && event.locksAttributes && meetsUnknown(memory, type.id, Object.keys(event.properties)))
      unknownLocks.add(type.id);
  }
  if (unknownTypes.size > 0) {
    const types = await readTypesByName(tx, workspace.id, [...unknownTypes.values()]);
    for (const type of types) {
      workspace.eventTypes.learn(type);
      unknownLocks.add(type.id);
    }
  }
  if (unknownLocks.size === 0) return;
  for (const lock of await readAttributeLocks(tx, workspace.id, [...unknownLocks])) {
    locksOf(memory, lock.typeId).learn(lock.name, lock.dataType);
  }
}

function meetsUnknown(memory: WorkspaceMemory, typeId: number, names: readonly string[]): boolean {
  const locks = memory.locks.get(typeId);
  return !locks || names.some((name) => !locks.has(name));
}
