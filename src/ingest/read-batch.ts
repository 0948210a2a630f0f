import { type DedupeKey, dedupeKeyText, type KnownKey, keysToKnow } from '../core/dedupe/dedupe.ts';
import { readForeverKeys, readWindowKeys } from '../core/dedupe/dedupe-store.ts';
import type { DialectName } from '../core/dialect-name.ts';
import { profileLockType, readAttributeLocks } from '../core/event-type/attribute-lock.ts';
import { readTypesByName } from '../core/event-type/event-type-store.ts';
import { type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, readHolders, readKeysOfProfiles } from '../core/identity/identity-store.ts';
import { type FieldHolder, readFieldHolders } from '../core/link/field-holder-store.ts';
import { maximumClaimsOnProfile } from '../core/link/link.ts';
import { countClaimsOn, readLinksByFirst, type StoredLink } from '../core/link/link-store.ts';
import { attributeValues } from '../core/profile/attributes.ts';
import { readProfileStates } from '../core/profile/profile-state-store.ts';
import {
  type Profile,
  readNodesOfProfiles,
  readProfiles,
  readProfilesWithRoots,
} from '../core/profile/profile-store.ts';
import { readReplayedIds } from '../core/quarantine/quarantine-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Item } from './items.ts';
import type { ResolvedCommand } from './resolve-subject.ts';
import type { Command, Facet, Submission } from './submission.ts';
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

/** Who has the keys that commands speak of, and which of the profiles they name exist. */
export async function readHoldersOf(
  tx: Queryable,
  workspace: Workspace,
  commands: readonly Command[],
): Promise<{ holders: Holder[]; existing: Map<string, number> }> {
  const keys = new Map<string, Key>();
  const named = new Set<string>();
  const nodeIds = new Set<number>();
  for (const command of commands) {
    nodeIds.add(command.nodeId);
    for (const facet of command.facets) {
      if (facet.profileId !== undefined) named.add(facet.profileId);
      for (const key of facet.keys) keys.set(keyText(key), key);
      for (const key of facet.contacts) keys.set(keyText(key), key);
      for (const key of facet.adopts ?? []) keys.set(keyText(key), key);
      for (const key of facet.standsInFor ?? []) keys.set(keyText(key), key);
    }
  }
  const [holders, existing] = await Promise.all([
    keys.size > 0 ? readHolders(tx, workspace.id, [...keys.values()], [...nodeIds]) : [],
    named.size > 0 ? readNodesOfProfiles(tx, workspace.id, [...named]) : new Map<string, number>(),
  ]);
  return { holders, existing };
}

/** What deciding needs to know of profiles that are linked or written to; a plain event on a known profile needs nothing. */
export interface Subjects {
  readonly profiles: readonly Profile[];
  readonly links: readonly StoredLink[];
  readonly states: Map<string, Map<string, unknown>>;
  readonly keys: readonly Holder[];
  readonly fieldHolders: readonly FieldHolder[];
  /** How many claims were made on the profiles that are claimed. */
  readonly claims: ReadonlyMap<string, number>;
}

export async function readSubjects(
  tx: Queryable,
  workspace: Workspace,
  resolved: readonly { command: Command; resolution: ResolvedCommand }[],
): Promise<Subjects> {
  const profileIds = new Set<string>();
  const firsts = new Set<string>();
  const withStates = new Set<string>();
  const rekeyed = new Set<string>();
  const yielding = new Set<string>();
  const claimed = new Set<string>();
  for (const { command, resolution } of resolved) {
    for (const link of resolution.links) {
      firsts.add(link.first);
      profileIds.add(link.first).add(link.second);
      if (link.whereFieldsAgree) yielding.add(link.first);
      if (link.origin === 'claim') claimed.add(link.second);
    }
    command.facets.forEach((facet, index) => {
      const { profileId, created } = resolution.facets[index]!;
      if (facet.write || command.event?.leadFact) profileIds.add(profileId);
      if (created) return;
      if (facet.states) withStates.add(profileId);
      if (facet.rekeying) rekeyed.add(profileId);
    });
  }
  const [profiles, links, states, keys, fieldHolders, claims] = await Promise.all([
    profileIds.size > 0 ? readProfilesWithRoots(tx, workspace.id, [...profileIds]) : [],
    firsts.size > 0 ? readLinksByFirst(tx, workspace.id, [...firsts]) : [],
    withStates.size > 0 ? readProfileStates(tx, workspace.id, [...withStates]) : [],
    rekeyed.size > 0 ? readKeysOfProfiles(tx, workspace.id, [...rekeyed]) : [],
    yielding.size > 0 ? readFieldHolders(tx, workspace.id, [...yielding]) : [],
    claimed.size > 0
      ? countClaimsOn(tx, workspace.id, [...claimed], maximumClaimsOnProfile)
      : new Map<string, number>(),
  ]);
  const statesByProfile = new Map<string, Map<string, unknown>>();
  for (const state of states) {
    const named = statesByProfile.get(state.profileId) ?? new Map<string, unknown>();
    statesByProfile.set(state.profileId, named.set(state.name, state.value));
  }
  return { profiles, links, states: statesByProfile, keys, fieldHolders, claims };
}

/**
 * Refuses a command whose write would give its profile a unique key of another record. What is unique follows from the values
 * before the write, so such a command is the only one of its batch.
 */
export async function refuseTakenKeys(
  tx: Queryable,
  workspace: Workspace,
  items: readonly Item[],
  subjects: Subjects,
): Promise<void> {
  for (const item of items) {
    const { prepared, resolved } = item;
    if (prepared.kind !== 'command' || resolved?.kind !== 'resolved') continue;
    for (const [index, facet] of prepared.facets.entries()) {
      const { profileId, nodeId, created } = resolved.facets[index]!;
      const wanted = uniqueKeysAfter(facet, profileId, created, subjects);
      if (wanted.length === 0) continue;
      const holders = await readHolders(tx, workspace.id, wanted, [nodeId]);
      const others = holders.filter((holder) => holder.nodeId === nodeId && holder.profileId !== profileId);
      if (others.length === 0) continue;
      const known = await readProfiles(tx, workspace.id, [
        profileId,
        ...others.map((holder) => holder.profileId),
      ]);
      const recordId = known.find((profile) => profile.id === profileId)?.recordId;
      const taker = known.find((profile) => profile.recordId !== recordId);
      if (taker) item.resolved = { kind: 'refused', reason: 'key-taken', profileId: taker.id };
    }
  }
}

function uniqueKeysAfter(facet: Facet, profileId: string, created: boolean, subjects: Subjects): Key[] {
  const { write, rekeying } = facet;
  const profile = subjects.profiles.find((known) => known.id === profileId);
  if (!rekeying?.uniqueKind || !write || !(profile || created)) return [];
  const states = subjects.states.get(profileId) ?? new Map<string, unknown>();
  const values = attributeValues(profile?.attributes ?? {});
  const held = new Set(
    subjects.keys.filter((holder) => holder.profileId === profileId).map((holder) => keyText(holder.key)),
  );
  return rekeying
    .keysOf({ ...values, ...write(values, states) }, states)
    .filter((key) => key.kind === rekeying.uniqueKind && !held.has(keyText(key)));
}

/** Makes sure that every event type and first value that the batch meets, and another process may have settled, is known. */
export async function readVocabulary(
  tx: Queryable,
  workspace: Workspace,
  memory: WorkspaceMemory,
  commands: readonly { dialect: DialectName; command: Command }[],
): Promise<void> {
  const unknownTypes = new Map<string, { dialect: DialectName; name: string }>();
  const unknownLocks = new Set<number>();
  for (const { dialect, command } of commands) {
    if (command.event) {
      const type = workspace.eventTypes.byName(dialect, command.event.type);
      for (const name of [command.event.type, ...(command.event.derivedTypes ?? [])]) {
        if (!workspace.eventTypes.byName(dialect, name))
          unknownTypes.set(`${dialect}\n${name}`, { dialect, name });
      }
      if (
        type &&
        command.event.locksAttributes &&
        meetsUnknown(memory, type.id, Object.keys(command.event.properties))
      ) {
        unknownLocks.add(type.id);
      }
    }
    if (command.facets.some((facet) => facet.lockedPrefix !== undefined)) unknownLocks.add(profileLockType);
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
