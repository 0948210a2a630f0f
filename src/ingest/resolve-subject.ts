import { newRecordId } from '../core/id.ts';
import { type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, maximumHolders } from '../core/identity/identity-store.ts';
import type { LinkOrigin, LinkScope } from '../core/link/link.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { type Erased, nobodyErased } from './erased.ts';
import type { Companion, EditItem, EventItem, KeyedSubject, NamedSubject, Subject } from './item.ts';

/** A link that an item is evidence for; whether it is made depends on what is stored (an undone one vetoes). */
export interface CandidateLink {
  readonly first: string;
  readonly second: string;
  readonly scope: LinkScope;
  readonly origin: LinkOrigin;
  readonly evidence: string;
  readonly exclusive: boolean;
  /** It gives way to profiles that have another value of a field than the second one. */
  readonly whereFieldsAgree: boolean;
}

/** A profile that an item speaks of. */
export interface ResolvedProfile {
  /** How it was found. */
  readonly sought: Subject | Companion;
  readonly profileId: string;
  readonly created: boolean;
  readonly nodeId: number;
  readonly newKeys: readonly Key[];
}

/** What finding an item's profiles goes by, and what it comes to beside them. */
interface Finding {
  readonly nodeId: number;
  readonly now: number;
  readonly links: CandidateLink[];
  cappedLinks: number;
}

/** Why an item is not done. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: 'no-such-profile' | 'key-taken';
  /** Who has the key. */
  readonly profileId: string | null;
}

/** The item speaks of somebody who was forgotten. */
export interface Erasal {
  readonly kind: 'erased';
}

export interface ResolvedItem {
  readonly kind: 'resolved';
  readonly subject: ResolvedProfile;
  readonly companions: readonly ResolvedProfile[];
  readonly links: readonly CandidateLink[];
  readonly cappedLinks: number;
}

const noCompanions: readonly Companion[] = [];

/** The subject, then the companions. */
export function profilesOf({ subject, companions }: ResolvedItem): ResolvedProfile[] {
  return [subject, ...companions];
}

/**
 * Finds the profiles that items speak of, in order, each seeing what those before it have added. It looks at keys only, never
 * at links: so what an event is stored on does not depend on who is merged with whom, and undoing a merge needs no moving back.
 */
export class SubjectResolver {
  readonly #workspace: Workspace;
  readonly #existing: ReadonlyMap<string, number>;
  readonly #erased: Erased;
  readonly #holders = new Map<string, Holder[]>();

  /** `holders`: of all keys of all items. `existing`: those of the named profile ids that exist, with their nodes. */
  constructor(
    workspace: Workspace,
    holders: readonly Holder[],
    existing: ReadonlyMap<string, number>,
    erased: Erased = nobodyErased,
  ) {
    this.#workspace = workspace;
    this.#existing = existing;
    this.#erased = erased;
    for (const holder of holders) this.#add(holder);
  }

  resolve(item: EventItem | EditItem, now: number): ResolvedItem | Refusal | Erasal {
    if (this.#erased.subjects.has(item)) return { kind: 'erased' };
    const { subject } = item;
    // Somebody else at a browser of who was forgotten: it is bound to nobody any more.
    const companions =
      item.companions?.filter(({ keys }) => !keys.some((key) => this.#isErased(key))) ?? noCompanions;
    const refusal = this.#refuse(subject, item.nodeId);
    if (refusal) return refusal;
    const nodeId = ('profileId' in subject && this.#existing.get(subject.profileId)) || item.nodeId;
    const finding = { nodeId, now, links: [], cappedLinks: 0 };
    const found =
      'profileId' in subject ? this.#named(subject, finding) : this.#findSubject(subject, finding);
    const bound = companions.map((companion) => {
      const { profile } = this.#findByKeys(companion, finding);
      this.#bind(companion, profile, found, finding.links);
      return profile;
    });
    const { links, cappedLinks } = finding;
    return { kind: 'resolved', subject: found, companions: bound, links, cappedLinks };
  }

  /** A profile is named by its id within its own dialect's nodes only, whichever of them it is in. */
  #refuse(subject: Subject, nodeId: number): Refusal | undefined {
    const nobody = { kind: 'refused', reason: 'no-such-profile', profileId: null } as const;
    if ('profileId' in subject) {
      const { nodes } = this.#workspace;
      const named = nodes.get(this.#existing.get(subject.profileId) ?? 0);
      return named && named.dialect === nodes.get(nodeId)?.dialect ? undefined : nobody;
    }
    if (subject.expects === 'any') return undefined;
    const holder = subject.keys.map((key) => this.#holderIn(nodeId, key)).find(Boolean);
    if (subject.expects === 'known') return holder ? undefined : nobody;
    return holder && { kind: 'refused', reason: 'key-taken', profileId: holder.profileId };
  }

  #named(subject: NamedSubject, finding: Finding): ResolvedProfile {
    const { profileId, contacts = [] } = subject;
    const newKeys = this.#attachAll(contacts, profileId, finding);
    this.#meet(subject, profileId, finding);
    return { sought: subject, profileId, created: false, nodeId: finding.nodeId, newKeys };
  }

  #findSubject(subject: KeyedSubject, finding: Finding): ResolvedProfile {
    const awaited = this.#findAwaited(subject, finding.nodeId);
    if (awaited) return awaited;
    const { profile, matched } = this.#findByKeys(subject, finding);
    const { profileId } = profile;
    for (const other of subject.unitesKeys ? matched : []) {
      if (other.profileId !== profileId)
        finding.links.push(unite(profileId, other.profileId, 'shared-event', other.key.kind));
    }
    const newKeys = [...profile.newKeys, ...this.#attachAll(subject.contacts, profileId, finding)];
    this.#meet(subject, profileId, finding);
    return { ...profile, newKeys };
  }

  /** The oldest profile that has the first key that anybody has, or a new one; it gets the keys that nobody has. */
  #findByKeys(
    sought: KeyedSubject | Companion,
    finding: Finding,
  ): { profile: ResolvedProfile; matched: readonly Holder[] } {
    const { nodeId, now } = finding;
    const matched: Holder[] = [];
    const free: Key[] = [];
    for (const key of sought.keys) {
      const holder = this.#holderIn(nodeId, key);
      if (holder) matched.push(holder);
      else free.push(key);
    }
    const found = matched[0]?.profileId;
    const profileId = found ?? newRecordId(now);
    const newKeys = this.#attachAll(free, profileId, finding);
    return { profile: { sought, profileId, created: found === undefined, nodeId, newKeys }, matched };
  }

  #findAwaited(subject: KeyedSubject, nodeId: number): ResolvedProfile | undefined {
    const holder = subject.standsInFor?.map((key) => this.#holderIn(nodeId, key)).find(Boolean);
    return holder && { sought: subject, profileId: holder.profileId, created: false, nodeId, newKeys: [] };
  }

  /** Gives the profile a key it has not; by a key of the matching rule it joins the oldest other profile that has it. */
  #attach(key: Key, profileId: string, { nodeId, links }: Finding): { added: boolean; capped: boolean } {
    const holders = this.#holders.get(keyText(key)) ?? [];
    if (holders.some((holder) => holder.profileId === profileId)) return { added: false, capped: false };
    let capped = false;
    if ((this.#workspace.settings.matching as readonly string[]).includes(key.kind) && holders.length > 0) {
      // A key that this many profiles share (an office's phone) tells nobody apart: joining stops, and is counted.
      capped = holders.length >= maximumHolders - 1;
      const oldest = holders.reduce((a, b) => (b.profileId < a.profileId ? b : a)).profileId;
      if (!capped) links.push({ ...unite(profileId, oldest, 'shared-key', key.kind), scope: 'person' });
    }
    this.#add({ key, nodeId, profileId });
    return { added: true, capped };
  }

  /** Those of the keys that the profile has not had. */
  #attachAll(keys: readonly Key[], profileId: string, finding: Finding): Key[] {
    return keys.filter((key) => {
      const { added, capped } = this.#attach(key, profileId, finding);
      if (capped) finding.cappedLinks++;
      return added;
    });
  }

  /** Binds who has waited for a record to it, now that it is there. */
  #meet({ adopts = [] }: Subject, profileId: string, { nodeId, links }: Finding): void {
    for (const key of adopts) {
      const waiting = this.#holderIn(nodeId, key);
      if (waiting) links.push(follow(waiting.profileId, profileId, key.kind));
    }
  }

  #bind(
    { keys, binding }: Companion,
    bound: ResolvedProfile,
    subject: ResolvedProfile,
    links: CandidateLink[],
  ): void {
    if (bound.profileId === subject.profileId) return;
    if (binding.when === 'when-new' && !bound.created && !subject.created) return;
    const evidence = keys[0]?.kind ?? 'binding';
    const following = follow(bound.profileId, subject.profileId, evidence);
    switch (binding.follows) {
      case 'one-record':
        links.push(following);
        break;
      case 'claimed-record':
        links.push(claim(bound.profileId, subject.profileId, evidence));
        break;
      case 'fields-agree':
        links.push({ ...following, exclusive: false, whereFieldsAgree: true });
    }
  }

  #isErased(key: Key): boolean {
    return this.#erased.keys.size > 0 && this.#erased.keys.has(keyText(key));
  }

  /** The oldest, as stored holders are read, so that it makes no difference whether the others came in the same batch. */
  #holderIn(nodeId: number, key: Key): Holder | undefined {
    let oldest: Holder | undefined;
    for (const holder of this.#holders.get(keyText(key)) ?? []) {
      if (holder.nodeId === nodeId && (!oldest || holder.profileId < oldest.profileId)) oldest = holder;
    }
    return oldest;
  }

  #add(holder: Holder): void {
    const text = keyText(holder.key);
    const holders = this.#holders.get(text);
    if (holders) holders.push(holder);
    else this.#holders.set(text, [holder]);
  }
}

/** An anonymous profile goes with a record. */
function follow(first: string, second: string, evidence: string): CandidateLink {
  return {
    first,
    second,
    scope: 'record',
    origin: 'binding',
    evidence,
    exclusive: true,
    whereFieldsAgree: false,
  };
}

/** A browser says whose it is. It is evidence of its own: said again with a key, it is a binding beside it. */
function claim(first: string, second: string, evidence: string): CandidateLink {
  return { ...follow(first, second, `claimed-${evidence}`), origin: 'claim' };
}

/** A link with no direction: the younger profile first, so that the same evidence is the same link whichever came first. */
function unite(a: string, b: string, origin: LinkOrigin, evidence: string): CandidateLink {
  const [first, second] = a > b ? [a, b] : [b, a];
  return { first, second, scope: 'record', origin, evidence, exclusive: false, whereFieldsAgree: false };
}
