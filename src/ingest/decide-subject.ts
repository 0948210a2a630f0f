import { newId } from '../core/id.ts';
import { type IdentityKind, type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, maximumHolders } from '../core/identity/identity-store.ts';
import type { Link } from '../core/link/link.ts';
import { type AttributeChanges, attributeValues, writeAttributes } from '../core/profile/attributes.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import type { BatchRows } from './batch-rows.ts';
import { FieldRivals } from './field-rivals.ts';
import { Memberships } from './memberships.ts';
import type { Subjects } from './read-batch.ts';
import type { CandidateLink, ResolvedCommand, ResolvedFacet } from './resolve-subject.ts';
import type { Command, Facet, Resolution } from './submission.ts';

/** Drops what the first-value rules forbid from a write; counts it. */
export type FilterLocked = (prefix: string, changes: AttributeChanges) => AttributeChanges;

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
  /** Whom links that give way to others lead to, by whom they lead from. */
  readonly #boundTo = new Map<string, Set<string>>();
  /** Anonymous profiles that follow a record. */
  readonly #bound = new Set<string>();
  readonly #states: Map<string, Map<string, unknown>>;
  readonly #keys = new Map<string, Holder[]>();

  constructor(rows: BatchRows, subjects: Subjects, now: Date) {
    this.#rows = rows;
    this.#now = now;
    this.#stored = subjects.profiles;
    this.#states = subjects.states;
    for (const profile of subjects.profiles) {
      this.#profiles.set(profile.id, profile);
      this.#memberships.add(profile);
    }
    this.#fieldRivals = new FieldRivals(this.#memberships, subjects.fieldHolders);
    for (const link of subjects.links) this.#noteLink(link, link.undoneAt === null);
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

  /** The facets as the event's `complete` sees them, and how many links were not made for there being too many. */
  decide(
    command: Command,
    resolved: ResolvedCommand,
    filterLocked: FilterLocked,
  ): Resolution & { readonly cappedLinks: number } {
    resolved.facets.forEach(({ profileId, nodeId, created }, index) => {
      if (created) this.#createProfile(profileId, nodeId, command.facets[index]!.anonymous);
    });
    resolved.facets.forEach((facet, index) => {
      this.#addKeys(facet);
      this.#fieldRivals.note(facet.profileId, command.facets[index]!.keys);
    });
    const bound = new Set<string>();
    let cappedLinks = resolved.cappedLinks;
    for (const candidate of resolved.links) {
      const made = this.#makeLink(candidate);
      if (made === 'capped') cappedLinks++;
      if (made === 'counts' && candidate.origin === 'binding')
        bound.add(candidate.first).add(candidate.second);
    }
    const facets = command.facets.map((facet, index) => {
      const { profileId, created, nodeId } = resolved.facets[index]!;
      const states = this.#states.get(profileId) ?? new Map<string, unknown>();
      const values = this.#write(command, facet, { profileId, created, states }, filterLocked);
      if (facet.rekeying) {
        const keys = facet.rekeying.keysOf(values, states);
        this.#rekey(keys, facet.rekeying.kinds, profileId, nodeId);
      }
      return { profileId, created, bound: index > 0 && bound.has(profileId), values, states };
    });
    return { facets, cappedLinks };
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
   * Whether the link now counts. Where the same evidence was given before, it stands, or was undone and stays so. A known profile
   * follows nobody: a key that was given to it (a browser's id that we made) must not hand the whole of it to another.
   */
  #makeLink(candidate: CandidateLink): 'counts' | 'does-not-count' | 'capped' {
    const { first, second, exclusive, whereFieldsAgree } = candidate;
    if (this.#links.has(linkText(candidate))) return 'does-not-count';
    if ((exclusive || whereFieldsAgree) && !this.#profiles.get(first)!.anonymous) return 'does-not-count';
    const boundTo = this.#boundTo.get(first) ?? new Set<string>();
    // A tracker of this many (a fixed id in a template) is nobody's browser.
    if (whereFieldsAgree && boundTo.size >= maximumHolders - 1) return 'capped';
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
    // Effective or not (core/link effectiveLinks), it is kept: when an older exclusive one is undone, this one counts.
    const effective = exclusive ? !this.#bound.has(first) : !this.#fieldRivals.isAnyInRecord(rivals, first);
    this.#noteLink(link, true);
    this.#rows.links.push(link);
    if (!effective) return 'does-not-count';
    if (link.scope === 'record') this.#memberships.unite('record', first, second);
    this.#memberships.unite('person', first, second);
    return 'counts';
  }

  #noteLink(link: Link, active: boolean): void {
    this.#links.add(linkText({ ...link, first: link.firstProfile, second: link.secondProfile }));
    if (!active) return;
    if (link.exclusive) this.#bound.add(link.firstProfile);
    if (link.origin !== 'binding') return;
    const boundTo = this.#boundTo.get(link.firstProfile);
    if (boundTo) boundTo.add(link.secondProfile);
    else this.#boundTo.set(link.firstProfile, new Set([link.secondProfile]));
  }

  #write(
    command: Command,
    facet: Facet,
    { profileId, created, states }: Pick<Resolution['facets'][number], 'profileId' | 'created' | 'states'>,
    filterLocked: FilterLocked,
  ): Record<string, unknown> {
    if (!facet.write) return {};
    const profile = this.#profiles.get(profileId)!;
    let changes = facet.write(attributeValues(profile.attributes), states);
    if (facet.lockedPrefix !== undefined) changes = filterLocked(facet.lockedPrefix, changes);
    // The creation is the change that tells of the first write, too.
    const seq = created ? profile.createdSeq : this.#rows.head.seq + 1;
    const written = writeAttributes(profile.attributes, changes, seq);
    if (!written) return attributeValues(profile.attributes);
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
    return attributeValues(written.attributes);
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
