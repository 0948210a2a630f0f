import { newRecordId } from '../core/id.ts';
import { type IdentityKind, type Key, keyText } from '../core/identity/identity.ts';
import { type Holder, maximumHolders } from '../core/identity/identity-store.ts';
import type { LinkOrigin, LinkScope } from '../core/link/link.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Command, Facet } from './submission.ts';

/** A link that the command is evidence for; whether it is made depends on what is stored (an undone one vetoes). */
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

export interface ResolvedFacet {
  readonly profileId: string;
  readonly created: boolean;
  readonly nodeId: number;
  readonly newKeys: readonly Key[];
}

/** Why a command is not done. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: 'no-such-profile' | 'key-taken';
  /** Who has the key. */
  readonly profileId: string | null;
}

export interface ResolvedCommand {
  readonly kind: 'resolved';
  readonly facets: readonly ResolvedFacet[];
  readonly links: readonly CandidateLink[];
  readonly cappedLinks: number;
}

/**
 * Finds the profiles that commands speak of, in order, each seeing what those before it have added. It looks at keys only, never
 * at links: so what an event is stored on does not depend on who is merged with whom, and undoing a merge needs no moving back.
 */
export class SubjectResolver {
  readonly #workspace: Workspace;
  readonly #existing: ReadonlyMap<string, number>;
  readonly #holders = new Map<string, Holder[]>();

  /** `holders`: of all keys of all commands. `existing`: those of the named profile ids that exist, with their nodes. */
  constructor(workspace: Workspace, holders: readonly Holder[], existing: ReadonlyMap<string, number>) {
    this.#workspace = workspace;
    this.#existing = existing;
    for (const holder of holders) this.#add(holder);
  }

  resolve(command: Command, now: number): ResolvedCommand | Refusal {
    for (const facet of command.facets) {
      const refusal = this.#refuse(facet, command.nodeId);
      if (refusal) return refusal;
    }
    const nodeId = this.#existing.get(command.facets[0]?.profileId ?? '') ?? command.nodeId;
    const links: CandidateLink[] = [];
    const facets: ResolvedFacet[] = [];
    let cappedLinks = 0;
    for (const facet of command.facets) {
      const resolved = this.#resolveFacet(facet, nodeId, now, links);
      cappedLinks += resolved.cappedLinks;
      facets.push(resolved.facet);
      this.#bind(facet, resolved.facet, facets[0]!, links);
    }
    return { kind: 'resolved', facets, links, cappedLinks };
  }

  /** A profile is named by its id within its own dialect's nodes only, whichever of them it is in. */
  #refuse(facet: Facet, nodeId: number): Refusal | undefined {
    if (facet.profileId !== undefined) {
      const { nodes } = this.#workspace;
      const named = nodes.get(this.#existing.get(facet.profileId) ?? 0);
      if (named && named.dialect === nodes.get(nodeId)?.dialect) return undefined;
      return { kind: 'refused', reason: 'no-such-profile', profileId: null };
    }
    if (facet.expects === 'any') return undefined;
    const holder = facet.keys.map((key) => this.#holderIn(nodeId, key)).find(Boolean);
    if (facet.expects === 'new')
      return holder && { kind: 'refused', reason: 'key-taken', profileId: holder.profileId };
    if (holder) return undefined;
    return { kind: 'refused', reason: 'no-such-profile', profileId: null };
  }

  #resolveFacet(facet: Facet, nodeId: number, now: number, links: CandidateLink[]) {
    const awaited = facet.standsInFor?.map((key) => this.#holderIn(nodeId, key)).find(Boolean);
    if (awaited) {
      const { profileId } = awaited;
      return { facet: { profileId, created: false, nodeId, newKeys: [] }, cappedLinks: 0 };
    }
    const matched: { profileId: string; kind: IdentityKind }[] = [];
    for (const key of facet.keys) {
      const holder = this.#holderIn(nodeId, key);
      if (holder) matched.push({ profileId: holder.profileId, kind: key.kind });
    }
    const found = facet.profileId ?? matched[0]?.profileId;
    const profileId = found ?? newRecordId(now);
    if (facet.unitesKeys) {
      for (const other of matched) {
        if (other.profileId !== profileId)
          links.push(unite(profileId, other.profileId, 'shared-event', other.kind));
      }
    }
    let cappedLinks = 0;
    const newKeys: Key[] = [];
    const attach = (key: Key) => {
      const attached = this.#attach(key, profileId, nodeId, links);
      if (attached.added) newKeys.push(key);
      if (attached.capped) cappedLinks++;
    };
    for (const key of facet.keys) if (!this.#holderIn(nodeId, key)) attach(key);
    for (const contact of facet.contacts) attach(contact);
    this.#meet(facet, profileId, nodeId, links);
    return { facet: { profileId, created: found === undefined, nodeId, newKeys }, cappedLinks };
  }

  /** Gives the profile a key it has not; by a key of the matching rule it joins the oldest other profile that has it. */
  #attach(
    key: Key,
    profileId: string,
    nodeId: number,
    links: CandidateLink[],
  ): { added: boolean; capped: boolean } {
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

  /** Binds who has waited for a record to it, now that it is there. */
  #meet(facet: Facet, profileId: string, nodeId: number, links: CandidateLink[]): void {
    for (const key of facet.adopts ?? []) {
      const waiting = this.#holderIn(nodeId, key);
      if (waiting) links.push(follow(waiting.profileId, profileId, key.kind));
    }
  }

  #bind(facet: Facet, bound: ResolvedFacet, first: ResolvedFacet, links: CandidateLink[]): void {
    if (!facet.binding || bound.profileId === first.profileId) return;
    if (facet.binding.when === 'when-new' && !bound.created && !first.created) return;
    const evidence = facet.keys[0]?.kind ?? 'binding';
    switch (facet.binding.follows) {
      case 'one-record':
        links.push(follow(bound.profileId, first.profileId, evidence));
        break;
      case 'claimed-record':
        links.push(claim(bound.profileId, first.profileId, evidence));
        break;
      case 'fields-agree':
        links.push({
          ...follow(bound.profileId, first.profileId, evidence),
          exclusive: false,
          whereFieldsAgree: true,
        });
        break;
      case 'any':
        links.push(unite(bound.profileId, first.profileId, 'binding', evidence));
    }
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
