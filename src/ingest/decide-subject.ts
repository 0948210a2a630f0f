import { newId } from '../core/id.ts';
import { type IdentityKind, type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, maximumHolders } from '../core/identity/identity-store.ts';
import type { Link } from '../core/link/link.ts';
import {
  type AttributeChanges,
  attributeValues,
  fillingChanges,
  writeAttributes,
} from '../core/profile/attributes.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import type { BatchRows } from './batch-rows.ts';
import { Claims } from './claims.ts';
import { FieldRivals } from './field-rivals.ts';
import { Memberships } from './memberships.ts';
import type { Subjects } from './read-batch.ts';
import type { CandidateLink, ResolvedCommand, ResolvedFacet } from './resolve-subject.ts';
import type { Command, Facet, Resolution } from './submission.ts';

/** Drops what the first-value rules forbid from a write; counts it. */
export type FilterLocked = (prefix: string, changes: AttributeChanges) => AttributeChanges;

/** What became of a command's facets, and what of it was not done. */
export interface SubjectOutcome extends Resolution {
  /** Links that were not made because there are too many of their kind. */
  readonly cappedLinks: number;
  /** Values that a facet which only fills in has left as they were. */
  readonly keptValues: number;
  /** Records that the command made one, by the profiles that named them. */
  readonly united: ReadonlySet<string>;
}

/**
 * Turns resolved commands, in order, into the rows of profiles, keys, links and attributes, and hands out the seq of each change.
 */
export class SubjectDecision {
  readonly #rows: BatchRows;
  readonly #now: Date;
  readonly #stored: readonly Profile[];
  readonly #profiles = new Map<string, Profile>();
  readonly #newIds = new Set<string>();
  readonly #memberships = new Memberships();
  /** Every link between the profiles at hand, undone ones too. */
  readonly #links = new Set<string>();
  readonly #fieldRivals: FieldRivals;
  readonly #claims: Claims;
  /** Whom links that give way to others lead to, by whom they lead from. */
  readonly #boundTo = new Map<string, Set<string>>();
  /** Anonymous profiles that follow a record, and by what: a claim yields to a binding. */
  readonly #bound = new Map<string, 'claim' | 'binding'>();
  readonly #states: Map<string, Map<string, unknown>>;
  readonly #keys = new Map<string, Holder[]>();

  constructor(rows: BatchRows, subjects: Subjects, now: Date) {
    this.#rows = rows;
    this.#now = now;
    this.#stored = subjects.profiles;
    this.#states = subjects.states;
    this.#claims = new Claims(subjects.claims);
    for (const profile of subjects.profiles) {
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

  /** The profile that will not have the command, as it is by now; undefined when all will. */
  findRefusing(command: Command, resolved: ResolvedCommand): string | undefined {
    const index = command.facets.findIndex(({ refuses }, at) => {
      const profile = refuses && this.#profiles.get(resolved.facets[at]!.profileId);
      return profile !== undefined && refuses!(attributeValues(profile.attributes));
    });
    return resolved.facets[index]?.profileId;
  }

  /** What the command makes of its profiles; the facets as the event's `complete` sees them. */
  decide(command: Command, resolved: ResolvedCommand, filterLocked: FilterLocked): SubjectOutcome {
    resolved.facets.forEach(({ profileId, nodeId, created }, index) => {
      if (created) this.#createProfile(profileId, nodeId, command.facets[index]!.anonymous);
    });
    resolved.facets.forEach((facet, index) => {
      this.#addKeys(facet);
      this.#fieldRivals.note(facet.profileId, command.facets[index]!.keys);
    });
    const bound = new Set<string>();
    const united = new Set<string>();
    let cappedLinks = resolved.cappedLinks;
    for (const candidate of resolved.links) {
      const made = this.#makeLink(candidate, united);
      if (made === 'capped') cappedLinks++;
      if (made === 'counts' && (candidate.origin === 'binding' || candidate.origin === 'claim'))
        bound.add(candidate.first).add(candidate.second);
    }
    let keptValues = 0;
    const facets = command.facets.map((facet, index) => {
      const { profileId, created, nodeId } = resolved.facets[index]!;
      const states = this.statesOf(profileId);
      const written = this.#write(command, facet, { profileId, created, states }, filterLocked);
      const { values } = written;
      keptValues += written.kept;
      if (facet.rekeying) {
        const keys = facet.rekeying.keysOf(values, states);
        this.#rekey(keys, facet.rekeying.kinds, profileId, nodeId);
      }
      return { profileId, created, bound: index > 0 && bound.has(profileId), values, states };
    });
    return { facets, cappedLinks, keptValues, united };
  }

  /** The profile that names the record that this one is part of by now, and what is remembered of it. */
  recordOf(profileId: string): { readonly recordId: string; readonly states: ReadonlyMap<string, unknown> } {
    const recordId = this.#memberships.root('record', profileId);
    return { recordId, states: this.statesOf(recordId) };
  }

  /** What is remembered of the profile itself. */
  statesOf(profileId: string): ReadonlyMap<string, unknown> {
    return this.#states.get(profileId) ?? new Map<string, unknown>();
  }

  /** What the dialect remembers from here on; later commands of the batch see it. */
  remember(profileId: string, name: string, value: unknown): void {
    const states = this.#states.get(profileId) ?? new Map<string, unknown>();
    this.#states.set(profileId, states.set(name, value));
    this.#rows.states.set(`${profileId}\n${name}`, { profileId, name, value });
  }

  /** Once all commands are decided: what records and persons are called now. */
  finish(): void {
    this.#rows.recordRenames = this.#memberships.renames('record', this.#stored);
    this.#rows.personRenames = this.#memberships.renames('person', this.#stored);
    this.#rows.profiles = this.#rows.profiles.map((profile) => ({
      ...this.#profiles.get(profile.id)!,
      recordId: this.#memberships.root('record', profile.id),
      personId: this.#memberships.root('person', profile.id),
    }));
  }

  #createProfile(id: string, nodeId: number, anonymous: boolean): void {
    if (this.#profiles.has(id)) return;
    const seq = this.#nextSeq('profile', id, 'create');
    const profile: Profile = {
      id,
      nodeId,
      anonymous,
      createdSeq: seq,
      recordId: id,
      personId: id,
      attributes: Object.create(null),
      version: 1,
      createdAt: this.#now,
      updatedAt: this.#now,
    };
    this.#profiles.set(id, profile);
    this.#memberships.add(profile);
    this.#newIds.add(id);
    this.#rows.profiles.push(profile);
  }

  #addKeys({ profileId, nodeId, newKeys }: ResolvedFacet): void {
    for (const key of newKeys) {
      this.#rows.identities.push({ key, nodeId, profileId, createdSeq: this.#rows.head.seq });
    }
    if (newKeys.length === 0) return;
    const added = newKeys.map((key): Holder => ({ key, nodeId, profileId }));
    this.#keys.set(profileId, [...(this.#keys.get(profileId) ?? []), ...added]);
  }

  /**
   * Whether the link now counts; `united` takes in the names of records that it makes one. Where the same evidence was given before, it stands, or was undone and stays so. A known profile
   * follows nobody: a key that was given to it (a browser's id that we made) must not hand the whole of it to another.
   */
  #makeLink(candidate: CandidateLink, united: Set<string>): 'counts' | 'does-not-count' | 'capped' {
    const { first, second, exclusive, whereFieldsAgree } = candidate;
    if (this.#links.has(linkText(candidate))) return 'does-not-count';
    if ((exclusive || whereFieldsAgree) && !this.#profiles.get(first)!.anonymous) return 'does-not-count';
    const boundTo = this.#boundTo.get(first) ?? new Set<string>();
    // A tracker of this many (a fixed id in a template) is nobody's browser.
    if (whereFieldsAgree && boundTo.size >= maximumHolders - 1) return 'capped';
    if (candidate.origin === 'claim' && !this.#claims.take(first, second)) return 'capped';
    const rivals = whereFieldsAgree ? this.#fieldRivals.findRivals(second, [first, ...boundTo]) : [];
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
      createdSeq: this.#nextSeq('link', id, 'create'),
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
      this.#rows.rebound.add(first);
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
    const { firstProfile, secondProfile, exclusive, origin } = link;
    if (!active) return;
    if (exclusive && (origin !== 'claim' || !this.#bound.has(firstProfile)))
      this.#bound.set(firstProfile, origin === 'claim' ? 'claim' : 'binding');
    if (origin !== 'binding') return;
    const boundTo = this.#boundTo.get(firstProfile);
    if (boundTo) boundTo.add(secondProfile);
    else this.#boundTo.set(firstProfile, new Set([secondProfile]));
  }

  #write(
    command: Command,
    facet: Facet,
    { profileId, created, states }: Pick<Resolution['facets'][number], 'profileId' | 'created' | 'states'>,
    filterLocked: FilterLocked,
  ): { values: Record<string, unknown>; kept: number } {
    if (!facet.write) return { values: {}, kept: 0 };
    const profile = this.#profiles.get(profileId)!;
    const wanted = facet.write(attributeValues(profile.attributes), states);
    const filling = facet.fillsOnly ? fillingChanges(profile.attributes, wanted) : undefined;
    let changes = filling?.changes ?? wanted;
    const kept = filling?.kept ?? 0;
    if (facet.lockedPrefix !== undefined) changes = filterLocked(facet.lockedPrefix, changes);
    // The creation is the change that tells of the first write, too.
    const seq = created ? profile.createdSeq : this.#rows.head.seq + 1;
    const written = writeAttributes(profile.attributes, changes, seq);
    if (!written) return { values: attributeValues(profile.attributes), kept };
    // An event that only says again what is known of its user is told of by the event itself.
    const isUpdate = !created && (written.changed || !command.event);
    if (isUpdate) this.#nextSeq('profile', profileId, 'update');
    const updated = {
      ...profile,
      attributes: written.attributes,
      version: isUpdate ? profile.version + 1 : profile.version,
      updatedAt: isUpdate ? this.#now : profile.updatedAt,
    };
    this.#profiles.set(profileId, updated);
    if (!this.#newIds.has(profileId)) this.#rows.updatedProfiles.set(profileId, updated);
    return { values: attributeValues(written.attributes), kept };
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

  #nextSeq(entity: 'profile' | 'link', entityId: string, operation: 'create' | 'update'): number {
    const seq = ++this.#rows.head.seq;
    this.#rows.changes.push({ seq, entity, entityId, operation });
    return seq;
  }
}

function linkText(link: { first: string; second: string; scope: string; evidence: string }): string {
  return `${link.first}/${link.second}/${link.scope}/${link.evidence}`;
}
