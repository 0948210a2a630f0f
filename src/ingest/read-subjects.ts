import { type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, readHolders, readKeysOfProfiles } from '../core/identity/identity-store.ts';
import { type FieldHolder, readFieldHolders } from '../core/link/field-holder-store.ts';
import { maximumClaimsOnProfile } from '../core/link/link.ts';
import { countClaimsOn, readLinksByFirst, type StoredLink } from '../core/link/link-store.ts';
import { readProfileStates } from '../core/profile/profile-state-store.ts';
import {
  type Profile,
  readMembersOfRecords,
  readProfiles,
  readProfilesWithRoots,
} from '../core/profile/profile-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { EditItem } from './item.ts';
import type { QueuedItem, Resolved } from './queued.ts';
import { recordViewOf } from './record-view.ts';
import { profilesOf, type ResolvedProfile } from './resolve-subject.ts';

/** What deciding needs to know of profiles that are linked or written to; a plain event on a known profile needs nothing. */
export interface Subjects {
  readonly profiles: readonly Profile[];
  /** All profiles of the records that are edited. */
  readonly members: readonly Profile[];
  readonly links: readonly StoredLink[];
  readonly states: Map<string, Map<string, unknown>>;
  readonly keys: readonly Holder[];
  readonly fieldHolders: readonly FieldHolder[];
  /** How many claims were made on the profiles that are claimed. */
  readonly claims: ReadonlyMap<string, number>;
}

/** Whose rows have to be read. */
interface Needs {
  readonly profiles: Set<string>;
  readonly records: Set<string>;
  readonly links: Set<string>;
  readonly states: Set<string>;
  readonly keys: Set<string>;
  readonly fields: Set<string>;
  readonly claims: Set<string>;
}

export async function readSubjects(
  tx: Queryable,
  workspace: Workspace,
  resolved: readonly Resolved[],
): Promise<Subjects> {
  const needs = findNeeds(resolved);
  const read = <Row>(
    ids: ReadonlySet<string>,
    ask: (ids: string[]) => Promise<Row[]>,
  ): Promise<Row[]> | Row[] => (ids.size > 0 ? ask([...ids]) : []);
  const { id } = workspace;
  const [profiles, members, links, states, keys, fieldHolders, claims] = await Promise.all([
    read(needs.profiles, (ids) => readProfilesWithRoots(tx, id, ids)),
    read(needs.records, (ids) => readMembersOfRecords(tx, id, ids)),
    read(needs.links, (ids) => readLinksByFirst(tx, id, ids)),
    read(needs.states, (ids) => readProfileStates(tx, id, ids)),
    read(needs.keys, (ids) => readKeysOfProfiles(tx, id, ids)),
    read(needs.fields, (ids) => readFieldHolders(tx, id, ids)),
    needs.claims.size > 0
      ? countClaimsOn(tx, id, [...needs.claims], maximumClaimsOnProfile)
      : new Map<string, number>(),
  ]);
  const statesByProfile = new Map<string, Map<string, unknown>>();
  for (const state of states)
    statesByProfile.getOrInsertComputed(state.profileId, () => new Map()).set(state.name, state.value);
  return { profiles, members, links, states: statesByProfile, keys, fieldHolders, claims };
}

function findNeeds(resolved: readonly Resolved[]): Needs {
  const needs: Needs = {
    profiles: new Set(),
    records: new Set(),
    links: new Set(),
    states: new Set(),
    keys: new Set(),
    fields: findFieldNeeds(resolved),
    claims: new Set(),
  };
  const isAnyWithheld = resolved.some(({ item }) => item.kind === 'event' && item.withhold);
  for (const { item, resolution } of resolved) {
    for (const link of resolution.links) {
      // Whom it binds to whom an event behind it is judged by.
      if (isAnyWithheld) needs.records.add(link.first).add(link.second);
      needs.links.add(link.first);
      needs.profiles.add(link.first).add(link.second);
      if (link.origin === 'claim') needs.claims.add(link.second);
    }
    for (const { sought, profileId, created } of profilesOf(resolution))
      if (sought.states && !created) needs.states.add(profileId);
    const { profileId, created } = resolution.subject;
    // Of who is made by the batch nothing is stored.
    if (created) continue;
    const isEdit = item.kind === 'edit' && item.edit !== undefined;
    if (isEdit || (item.kind === 'event' && item.withhold)) needs.records.add(profileId);
    const isSeen = item.kind === 'event' && item.event.projections?.some(({ seesProfiles }) => seesProfiles);
    if (isSeen || (item.kind === 'event' && item.write)) needs.profiles.add(profileId);
    if (item.keyRule) needs.keys.add(profileId);
  }
  return needs;
}

/**
 * Around whom fields are looked for, where a link gives way to others by them: around the browser, and around whom the batch makes one record
 * with it before it comes to somebody else, too. Of who is made by the batch nothing is stored.
 */
function findFieldNeeds(resolved: readonly Resolved[]): Set<string> {
  const links = resolved.flatMap(({ resolution }) =>
    resolution.links.filter(({ scope }) => scope === 'record'),
  );
  const times = new Map<string, number>();
  for (const { first, whereFieldsAgree } of links)
    if (whereFieldsAgree) times.set(first, (times.get(first) ?? 0) + 1);
  const needs = new Set<string>();
  if (times.size === 0) return needs;
  for (const { first, second, whereFieldsAgree } of links) {
    needs.add(first);
    if (!whereFieldsAgree || (times.get(first) ?? 0) > 1) needs.add(second);
  }
  for (const { resolution } of resolved)
    for (const { profileId, created } of profilesOf(resolution)) if (created) needs.delete(profileId);
  return needs;
}

/**
 * Refuses an edit that would give its profile a unique key of another record of the node. What it would give follows from the values
 * before, so such an edit is the only item of its batch.
 */
export async function refuseTakenKey(
  tx: Queryable,
  workspace: Workspace,
  [item, ...others]: readonly QueuedItem[],
  subjects: Subjects,
): Promise<void> {
  if (!item || others.length > 0 || item.prepared.kind !== 'edit' || item.resolved?.kind !== 'resolved')
    return;
  if (item.prepared.uniqueKind === undefined) return;
  const taker = await findTaker(tx, workspace, item.prepared, item.resolved.subject, subjects);
  if (taker !== undefined) item.resolved = { kind: 'refused', reason: 'key-taken', profileId: taker };
}

async function findTaker(
  tx: Queryable,
  workspace: Workspace,
  item: EditItem,
  { profileId, nodeId }: ResolvedProfile,
  subjects: Subjects,
): Promise<string | undefined> {
  const wanted = uniqueKeysAfter(item, profileId, subjects);
  if (wanted.length === 0) return undefined;
  const holders = await readHolders(tx, workspace.id, wanted, [nodeId]);
  const others = holders.filter((holder) => holder.nodeId === nodeId && holder.profileId !== profileId);
  if (others.length === 0) return undefined;
  const ids = [profileId, ...others.map((holder) => holder.profileId)];
  const known = await readProfiles(tx, workspace.id, ids);
  const recordId = known.find((profile) => profile.id === profileId)?.recordId;
  return known.find((profile) => profile.recordId !== recordId)?.id;
}

function uniqueKeysAfter(item: EditItem, profileId: string, subjects: Subjects): Key[] {
  const { edit, keyRule, uniqueKind } = item;
  if (!edit || !keyRule) return [];
  const profile = subjects.members.find((member) => member.id === profileId);
  const states = subjects.states.get(profileId) ?? new Map<string, unknown>();
  const view = recordViewOf(profile, profile?.recordId ?? profileId, subjects.members, states);
  const edited = edit(view);
  if (edited.kind === 'refused') return [];
  const held = new Set(
    subjects.keys.filter((holder) => holder.profileId === profileId).map((holder) => keyText(holder.key)),
  );
  return keyRule
    .of({ ...view.values, ...edited.changes }, states)
    .filter((key) => key.kind === uniqueKind && !held.has(keyText(key)));
}
