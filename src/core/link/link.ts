/**
 * Links are evidence that two profiles are one. From the active ones follow, and can be made anew at any time:
 *   record: what the vendor's API shows as one (links of scope `record`, inside a node)
 *   person: what the native API shows as one (all links)
 * Each is named by its oldest profile, known ones before anonymous ones, so that an id that a vendor's client holds stays the
 * record's id when an older anonymous session joins it.
 */
export type LinkScope = 'record' | 'person';

export type LinkOrigin =
  /** The vendor's call bound an anonymous session or visitor to a record. */
  | 'binding'
  /** A browser, without a key, said whose it is. */
  | 'claim'
  /** One event carried keys of both. */
  | 'shared-event'
  /** Both have the same e-mail or phone (the workspace's matching rule). */
  | 'shared-key'
  /** Somebody joined them through the native API. */
  | 'manual';

export interface Link {
  readonly id: string;
  readonly firstProfile: string;
  readonly secondProfile: string;
  readonly scope: LinkScope;
  readonly origin: LinkOrigin;
  /** What the evidence is: an identity kind, or who says so. With both profiles and the scope it is unique. */
  readonly evidence: string;
  /** The first profile is anonymous and follows one record only: of its active exclusive links one counts (`outweighs`). */
  readonly exclusive: boolean;
  /**
   * Profiles that the second one can't be one record with by this evidence: the link counts only while none of them has come into
   * the first profile's record by older links.
   */
  readonly rivals: readonly string[];
  readonly createdSeq: number;
}

/** What tells one link between two profiles from another, in one text. */
export function linkText(link: { first: string; second: string; scope: string; evidence: string }): string {
  return `${link.first}/${link.second}/${link.scope}/${link.evidence}`;
}

export interface ProfileNode {
  readonly id: string;
  readonly anonymous: boolean;
  readonly createdSeq: number;
}

export interface Membership {
  record: string;
  person: string;
}

/** True when `a` names a record or person rather than `b` does. */
export function precedes(a: ProfileNode, b: ProfileNode): boolean {
  if (a.anonymous !== b.anonymous) return b.anonymous;
  return a.createdSeq < b.createdSeq;
}

/** Addresses that one browser may claim; further claims are not linked. */
export const maximumClaimsOfBrowser = 10;
/** Browsers that may claim one profile; further claims are not linked: who has no key can't crowd a person. */
export const maximumClaimsOnProfile = 50;

/** Of an anonymous profile's exclusive links, whether `a` counts rather than `b`: what a key has said before a claim, then the older. */
function outweighs(a: Link, b: Link): boolean {
  if ((a.origin === 'claim') !== (b.origin === 'claim')) return b.origin === 'claim';
  return a.createdSeq < b.createdSeq;
}

/**
 * The links that count: an exclusive one only if no other of its anonymous profile outweighs it, one with rivals only if no older
 * links that count have led to them.
 */
export function effectiveLinks(active: readonly Link[]): Link[] {
  const counting = withoutOutweighed(active);
  return counting.some(({ rivals }) => rivals.length > 0) ? withoutRivals(counting) : counting;
}

/** The same links give the same answer in whatever order they are read: as they were made. */
function withoutRivals(links: readonly Link[]): Link[] {
  const records = new Groups();
  return links
    .toSorted((a, b) => a.createdSeq - b.createdSeq)
    .filter(({ scope, firstProfile, secondProfile, rivals }) => {
      if (rivals.some((rival) => records.nameOf(rival) === records.nameOf(firstProfile))) return false;
      if (scope === 'record') records.unite(firstProfile, secondProfile);
      return true;
    });
}

/** Profiles that are together, by any name; one that was never united is by itself. */
export class Groups {
  readonly #parents = new Map<string, string>();

  nameOf(id: string): string {
    let name = id;
    for (let parent = this.#parents.get(name); parent !== undefined; parent = this.#parents.get(name))
      name = parent;
    return name;
  }

  unite(a: string, b: string): void {
    const [first, second] = [this.nameOf(a), this.nameOf(b)];
    if (first !== second) this.#parents.set(second, first);
  }
}

/** All but the exclusive links that another one of their anonymous profile outweighs. */
export function withoutOutweighed<Some extends Link>(active: readonly Some[]): Some[] {
  const counting = new Map<string, Link>();
  for (const link of active) {
    if (!link.exclusive) continue;
    const known = counting.get(link.firstProfile);
    if (!known || outweighs(link, known)) counting.set(link.firstProfile, link);
  }
  return active.filter((link) => !link.exclusive || counting.get(link.firstProfile) === link);
}

class Components {
  readonly #parents = new Map<string, ProfileNode>();

  constructor(profiles: readonly ProfileNode[]) {
    for (const profile of profiles) this.#parents.set(profile.id, profile);
  }

  root(id: string): ProfileNode {
    let node = this.#parents.get(id);
    if (!node) throw new Error(`profile ${id} is linked but was not loaded`);
    while (node.id !== id) {
      id = node.id;
      node = this.#parents.get(id)!;
    }
    return node;
  }

  unite(a: string, b: string): void {
    const first = this.root(a);
    const second = this.root(b);
    if (first.id === second.id) return;
    const [winner, loser] = precedes(first, second) ? [first, second] : [second, first];
    this.#parents.set(loser.id, winner);
  }
}

/**
 * Record and person of each profile, from the active links among them. The same links give the same answer in whatever order
 * they came, which is what makes undoing one exact.
 */
export function deriveMemberships(
  profiles: readonly ProfileNode[],
  active: readonly Link[],
): Map<string, Membership> {
  const records = new Components(profiles);
  const persons = new Components(profiles);
  for (const link of effectiveLinks(active)) {
    if (link.scope === 'record') records.unite(link.firstProfile, link.secondProfile);
    persons.unite(link.firstProfile, link.secondProfile);
  }
  const memberships = new Map<string, Membership>();
  for (const { id } of profiles) {
    memberships.set(id, { record: records.root(id).id, person: persons.root(id).id });
  }
  return memberships;
}
