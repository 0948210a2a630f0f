import type { BatchRows } from '../change/rows.ts';
import { newId } from '../core/id.ts';
import { type IdentityKind, type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, maximumHolders } from '../core/identity/identity-store.ts';
import { type Link, linkText } from '../core/link/link.ts';
import {
  type AttributeChanges,
  attributeValues,
  fillingChanges,
  writeAttributes,
} from '../core/profile/attributes.ts';
import { changesName } from '../core/profile/name-words.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import { Claims } from './claims.ts';
import { FieldRivals } from './field-rivals.ts';
import type { Edit, EditItem, EventItem, RecordView, Resolution, ResolvedView } from './item.ts';
import { MadeProfiles, newProfile } from './made-profiles.ts';
import { Memberships } from './memberships.ts';
import type { Subjects } from './read-subjects.ts';
import { recordViewOf } from './record-view.ts';
import {
  type CandidateLink,
  profilesOf,
  type ResolvedItem,
  type ResolvedProfile,
} from './resolve-subject.ts';

/** Drops what the first-value rules forbid from a write; counts it. */
export type FilterLocked = (prefix: string, changes: AttributeChanges) => AttributeChanges;

/** What became of an item's profiles, and what of it was not done. */
export interface SubjectOutcome extends Resolution {
  /** Links that were not made because there are too many of their kind. */
  readonly cappedLinks: number;
  /** Values that a write which only fills in has left as they were. */
  readonly keptValues: number;
  /** Records that the item made one, by the profiles that named them. */
  readonly united: ReadonlySet<string>;
}

/** Of items that link nobody and profiles of which nothing is remembered, as most are: nothing is put into them. */
const nobody = new Set<string>();
const nothing: ReadonlyMap<string, unknown> = new Map();

/** Turns resolved items, in order, into the rows of profiles, keys, links and attributes, and hands out the seq of each change. */
export class SubjectDecision {
  readonly #rows: BatchRows;
  readonly #now: Date;
  /** Profiles with the names of record and person that they are stored with, or about to be. */
  readonly #stored: Profile[];
  readonly #profiles = new Map<string, Profile>();
  readonly #made = new MadeProfiles();
  /** Names of stored records all of whose profiles are at hand. */
  readonly #wholeRecords: ReadonlySet<string>;
  readonly #memberships = new Memberships();
  /** Every link between the profiles at hand, undone ones too. */
  readonly #links = new Set<string>();
  readonly #fieldRivals: FieldRivals;
  readonly #claims: Claims;
  /** Whom links that give way to others lead to, by whom they lead from. */
  readonly #boundTo = new Map<string, Set<string>>();
  /** Anonymous profiles that follow a record, and by what: a claim yields to a binding. */
  readonly #bound = new Map<string, 'claim' | 'binding'>();
  /** Whom claims lead to, by whom they lead from. */
  readonly #claimed = new Map<string, Set<string>>();
  readonly #states: Map<string, Map<string, unknown>>;
  readonly #keys = new Map<string, Holder[]>();
  /** Profiles of refused items, which those behind them may have been resolved to. */
  readonly #unmade = new Map<string, ResolvedProfile>();

  constructor(rows: BatchRows, subjects: Subjects, now: Date) {
    this.#rows = rows;
    this.#now = now;
    this.#stored = [...subjects.profiles, ...subjects.members];
    this.#states = subjects.states;
    this.#claims = new Claims(subjects.claims);
    this.#wholeRecords = new Set(subjects.members.map(({ recordId }) => recordId));
    for (const profile of [...subjects.profiles, ...subjects.members]) {
      this.#profiles.set(profile.id, profile);
      this.#memberships.add(profile);
    }
    this.#fieldRivals = new FieldRivals(this.#memberships, subjects.fieldHolders);
    for (const link of subjects.links) {
      this.#noteLink(link, link.undoneAt === null);
      if (link.origin === 'claim') this.#claims.noteStored(link.firstProfile);
    }
    for (const holder of subjects.keys) {
      this.#keys.set(holder.profileId, [...(this.#keys.get(holder.profileId) ?? []), holder]);
    }
  }

  /** What the edit of an item comes to, from its record as it is by now. */
  edit(item: EditItem, { subject }: ResolvedItem): Edit {
    return item.edit?.(this.#viewOf(subject.profileId)) ?? { kind: 'edited', changes: {} };
  }

  /** Why an event is not to be stored, by its record as it is by now; undefined: it is. */
  withhold(item: EventItem, { subject }: ResolvedItem): string | undefined {
    return item.withhold?.(this.#viewOf(subject.profileId));
  }

  /** The item is not done; who comes behind and was resolved to a profile that it would have made makes it. */
  refuse(resolved: ResolvedItem): void {
    for (const profile of profilesOf(resolved))
      if (profile.created && !this.#profiles.has(profile.profileId))
        this.#unmade.set(profile.profileId, profile);
  }

  /** What the item makes of its profiles; `changes`: of an edit. */
  decide(
    item: EventItem | EditItem,
    resolved: ResolvedItem,
    changes: AttributeChanges,
    filterLocked: FilterLocked,
  ): SubjectOutcome {
    this.#make(resolved.subject);
    for (const profile of resolved.companions) this.#make(profile);
    const isLinked = resolved.links.length > 0;
    const bound = isLinked ? new Set<string>() : nobody;
    const united = isLinked ? new Set<string>() : nobody;
    let cappedLinks = resolved.cappedLinks;
    for (const candidate of resolved.links) {
      const made = this.#makeLink(candidate, united);
      if (made === 'capped') cappedLinks++;
      if (made === 'counts' && (candidate.origin === 'binding' || candidate.origin === 'claim'))
        bound.add(candidate.first).add(candidate.second);
    }
    const viewOf = ({ profileId, created }: ResolvedProfile): ResolvedView => {
      return { profileId, created, bound: bound.has(profileId), states: this.statesOf(profileId) };
    };
    const keptValues = this.#write(item, resolved.subject, changes, filterLocked);
    return {
      subject: { ...viewOf(resolved.subject), bound: false },
      companions: resolved.companions.map(viewOf),
      cappedLinks,
      keptValues,
      united,
    };
  }

  /** The profile that names the record that this one is part of by now, and what is remembered of it. */
  recordOf(profileId: string): { readonly recordId: string; readonly states: ReadonlyMap<string, unknown> } {
    const recordId = this.#memberships.root('record', profileId);
    return { recordId, states: this.statesOf(recordId) };
  }

  /** The known profiles of its record as they are by now, the one that names it first; undefined where some are not at hand. */
  knownOf(profileId: string): readonly Profile[] | undefined {
    // Who is who around these is derived at the end of the batch.
    if (this.#rows.rebound.size > 0) return undefined;
    const recordId = this.#memberships.root('record', profileId);
    const members = this.#membersOf(recordId);
    if (members.some(({ id, recordId: stored }) => !this.#made.has(id) && !this.#wholeRecords.has(stored)))
      return undefined;
    return members
      .filter(({ anonymous, removal }) => !anonymous && removal === null)
      .map((profile) => (profile.recordId === recordId ? profile : { ...profile, recordId }))
      .sort((a, b) => Number(b.id === recordId) - Number(a.id === recordId) || a.createdSeq - b.createdSeq);
  }

  #aloneOf(profileId: string): Profile | undefined {
    const [profile, ...others] = this.knownOf(profileId) ?? [];
    return profile?.id === profileId && others.length === 0 ? profile : undefined;
  }

  /** What is remembered of the profile itself. */
  statesOf(profileId: string): ReadonlyMap<string, unknown> {
    return this.#states.get(profileId) ?? nothing;
  }

  /** What the dialect remembers from here on; later commands of the batch see it. */
  remember(profileId: string, name: string, value: unknown): void {
    this.#states.getOrInsertComputed(profileId, () => new Map()).set(name, value);
    this.#rows.states.set(`${profileId}\n${name}`, { profileId, name, value });
  }

  /** Makes rows of the profiles made so far, once they are worth a statement; what comes behind finds them stored, and updates them. */
  makeRowsAhead(): void {
    if (this.#made.areWorthRows) this.#makeRows();
  }

  #makeRows(): void {
    for (const made of this.#made.takeUnstored().flatMap((id) => this.#profiles.get(id) ?? [])) {
      const recordId = this.#memberships.root('record', made.id);
      const personId = this.#memberships.root('person', made.id);
      const isAlone = made.recordId === recordId && made.personId === personId;
      const row = isAlone ? made : { ...made, recordId, personId };
      this.#rows.profiles.push(row);
      this.#stored.push(row);
    }
  }

  /** Once all commands are decided: what records and persons are called now. */
  finish(): void {
    this.#makeRows();
    this.#rows.recordRenames = this.#memberships.renames('record', this.#stored);
    this.#rows.personRenames = this.#memberships.renames('person', this.#stored);
    const { profiles, updatedProfiles, recordRenames } = this.#rows;
    const renamed = [...recordRenames.keys()].flatMap((id) => this.#profiles.get(id) ?? []);
    const touched = [...profiles, ...updatedProfiles.values(), ...renamed].filter(
      ({ anonymous }) => !anonymous,
    );
    const nodes = new Map(touched.map(({ id, nodeId }) => [id, nodeId]));
    this.#rows.touchedProfiles = Array.from(nodes, ([id, nodeId]) => {
      const alone = () => this.#aloneOf(id);
      return { id, nodeId, isNew: this.#made.has(id), alone };
    });
  }

  #viewOf(profileId: string): RecordView {
    const profile = this.#profiles.get(profileId);
    const recordId = profile ? this.#memberships.root('record', profileId) : profileId;
    return recordViewOf(profile, recordId, this.#membersOf(recordId), this.statesOf(profileId));
  }

  /** The profiles at hand of the record, anonymous ones too. */
  #membersOf(recordId: string): Profile[] {
    return this.#memberships.membersOf(recordId).flatMap((id) => this.#profiles.get(id) ?? []);
  }

  #make(resolved: ResolvedProfile): void {
    const { profileId } = resolved;
    const unmade = this.#unmade.get(profileId);
    if (unmade) {
      this.#unmade.delete(profileId);
      this.#make(unmade);
    }
    const { sought, created, nodeId } = resolved;
    if (created)
      this.#createProfile(profileId, nodeId, 'binding' in sought || ('keys' in sought && sought.anonymous));
    this.#addKeys(resolved);
    if ('keys' in sought) this.#fieldRivals.note(profileId, sought.keys);
  }

  #createProfile(id: string, nodeId: number, anonymous: boolean): void {
    if (this.#profiles.has(id)) return;
    const seq = this.#nextSeq('profile', id, 'create', nodeId);
    const profile = newProfile(id, nodeId, anonymous, seq, this.#now);
    this.#profiles.set(id, profile);
    this.#memberships.add(profile);
    this.#made.add(id);
  }

  #addKeys({ profileId, nodeId, newKeys }: ResolvedProfile): void {
    for (const key of newKeys) {
      this.#rows.identities.push({ key, nodeId, profileId, createdSeq: this.#rows.head.seq });
    }
    if (newKeys.length === 0) return;
    const added = newKeys.map((key): Holder => ({ key, nodeId, profileId }));
    this.#keys.set(profileId, [...(this.#keys.get(profileId) ?? []), ...added]);
  }

  /**
   * Whether the link now counts; `united` takes in the names of records that it makes one. Where the same evidence was given before, it
   * stands, or was undone and stays so. A known profile follows nobody: a key that was given to it (a browser's id that we made) must not hand the whole of it to another.
   */
  #makeLink(candidate: CandidateLink, united: Set<string>): 'counts' | 'does-not-count' | 'capped' {
    const { first, second, exclusive, whereFieldsAgree } = candidate;
    if (this.#links.has(linkText(candidate))) return 'does-not-count';
    if ((exclusive || whereFieldsAgree) && !this.#profiles.get(first)!.anonymous) return 'does-not-count';
    const boundTo = this.#boundTo.get(first) ?? new Set<string>();
    // A tracker of this many (a fixed id in a template) is nobody's browser.
    if (whereFieldsAgree && boundTo.size >= maximumHolders - 1) return 'capped';
    if (candidate.origin === 'claim' && !this.#claims.take(first, second)) return 'capped';
    const rivals = whereFieldsAgree ? this.#fieldRivals.findRivals(second, first) : [];
    const id = newId(this.#now.getTime());
    const link: Link = {
      id,
      firstProfile: first,
      secondProfile: second,
      scope: candidate.scope,
      origin: candidate.origin,
      evidence: candidate.evidence,
      exclusive,
      rivals,
      createdSeq: this.#nextSeq('link', id, 'create', null),
    };
    // Effective or not (core/link effectiveLinks), it is kept: when the exclusive one that counts is undone, this one may.
    const before = exclusive ? this.#bound.get(first) : undefined;
    const yields =
      before === undefined
        ? this.#fieldRivals.isAnyInRecord(rivals, first)
        : before === 'binding' || link.origin === 'claim';
    this.#noteLink(link, true);
    this.#rows.links.push(link);
    if (yields) return 'does-not-count';
    if (before === 'claim') {
      for (const id of [first, ...(this.#claimed.get(first) ?? [])]) this.#rows.rebound.add(id);
      return 'counts';
    }
    if (link.scope === 'record') this.#uniteRecords(candidate, united);
    this.#memberships.unite('person', first, second);
    return 'counts';
  }

  #uniteRecords({ first, second }: CandidateLink, united: Set<string>): void {
    const records = [first, second].map((id) => this.#memberships.root('record', id));
    if (records[0] === records[1]) return;
    for (const record of records) united.add(record);
    this.#memberships.unite('record', first, second);
  }

  #noteLink(link: Link, active: boolean): void {
    this.#links.add(linkText({ ...link, first: link.firstProfile, second: link.secondProfile }));
    const { firstProfile, secondProfile, exclusive, origin, scope } = link;
    if (scope === 'record') this.#fieldRivals.noteLink(firstProfile, secondProfile);
    if (!active) return;
    if (origin === 'claim')
      this.#claimed.getOrInsertComputed(firstProfile, () => new Set()).add(secondProfile);
    if (exclusive && (origin !== 'claim' || !this.#bound.has(firstProfile)))
      this.#bound.set(firstProfile, origin === 'claim' ? 'claim' : 'binding');
    if (origin !== 'binding') return;
    this.#boundTo.getOrInsertComputed(firstProfile, () => new Set()).add(secondProfile);
  }

  /** Writes to the subject what the item changes of it, and gives it the keys that follow. Answers how many values were kept. */
  #write(
    item: EventItem | EditItem,
    { profileId, created, nodeId }: ResolvedProfile,
    edited: AttributeChanges,
    filterLocked: FilterLocked,
  ): number {
    const profile = this.#profiles.get(profileId);
    const states = this.statesOf(profileId);
    const valuesOf = () => attributeValues(this.#profiles.get(profileId)?.attributes ?? {});
    const wanted = item.kind === 'event' ? item.write?.({ values: valuesOf(), states }) : edited;
    let kept = 0;
    if (profile && wanted) {
      const filling =
        item.kind === 'event' && item.fillsOnly ? fillingChanges(profile.attributes, wanted) : undefined;
      kept = filling?.kept ?? 0;
      const { lockedPrefix } = item;
      const changes = filling?.changes ?? wanted;
      const allowed = lockedPrefix === undefined ? changes : filterLocked(lockedPrefix, changes);
      this.#writeProfile(profile, created, allowed, item.kind === 'edit');
    }
    if (item.keyRule) this.#rekey(item.keyRule.of(valuesOf(), states), item.keyRule.kinds, profileId, nodeId);
    return kept;
  }

  /** `isEdit`: else an event, which tells by itself of its user what it only says again. */
  #writeProfile(profile: Profile, created: boolean, changes: AttributeChanges, isEdit: boolean): void {
    // The creation is the change that tells of the first write, too.
    const seq = created ? profile.createdSeq : this.#rows.head.seq + 1;
    const written = writeAttributes(profile.attributes, changes, seq);
    if (!written) return;
    const isUpdate = !created && (written.changed || isEdit);
    if (isUpdate) this.#nextSeq('profile', profile.id, 'update', profile.nodeId);
    const updated = {
      ...profile,
      attributes: written.attributes,
      version: isUpdate ? profile.version + 1 : profile.version,
      updatedAt: isUpdate ? this.#now : profile.updatedAt,
    };
    this.#profiles.set(profile.id, updated);
    if (!this.#made.isUnstored(profile.id)) this.#rows.updatedProfiles.set(profile.id, updated);
    const { named } = this.#rows;
    if (named.has(profile.id) || changesName(profile.attributes, changes))
      named.set(profile.id, written.attributes);
  }

  /** Gives the profile the keys that its values make now, and takes those of the kinds that they no longer make. */
  #rekey(keys: readonly Key[], kinds: readonly IdentityKind[], profileId: string, nodeId: number): void {
    const wanted = new Map(keys.map((key) => [keyText(key), key]));
    const kept: Holder[] = [];
    for (const holder of this.#keys.get(profileId) ?? []) {
      const { key } = holder;
      if (!wanted.delete(keyText(key)) && kinds.includes(key.kind)) this.#removeKey(key, profileId);
      else kept.push(holder);
    }
    const createdSeq = this.#rows.head.seq;
    for (const key of wanted.values()) {
      this.#rows.identities.push({ key, nodeId, profileId, createdSeq });
      kept.push({ key, nodeId, profileId });
    }
    this.#keys.set(profileId, kept);
  }

  #removeKey(key: Key, profileId: string): void {
    // A key that this very batch has given is simply not written; one of the table is taken out before the new ones go in.
    this.#rows.identities = this.#rows.identities.filter(
      (given) => given.profileId !== profileId || keyText(given.key) !== keyText(key),
    );
    this.#rows.removedIdentities.push({ key, profileId });
  }

  #nextSeq(
    entity: 'profile' | 'link',
    entityId: string,
    operation: 'create' | 'update',
    nodeId: number | null,
  ): number {
    const seq = ++this.#rows.head.seq;
    this.#rows.changes.push({ seq, entity, entityId, operation, nodeId, data: null });
    return seq;
  }
}
