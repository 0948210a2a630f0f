import type { AggregatePart } from './aggregate-store.ts';

/** Those that had something of their own, and have nothing by now: their profiles are gone, or left out. */
export function leaversOf(
  before: readonly AggregatePart[],
  after: readonly AggregatePart[],
): AggregatePart[] {
  const remaining = new Set(after.filter(({ own }) => own !== null).map(nameOf));
  return before.filter((part) => part.own !== null && !remaining.has(nameOf(part)));
}

/**
 * Hands ids on, so that a customer keeps its id while it has a part left. Each profile brings an id along, and a customer has the oldest of its
 * profiles'. Where the one that brings it is gone, or left out, the next oldest of those who had all alike with it bears it from then on; one
 * that is left out takes the other's for it. Who that is is judged by what each profile has by itself, as if no link were there: so a merge that
 * is undone leaves nothing behind. A merged record that is gone can't be parted any more: it hands on to those who were one customer with it.
 *
 * @param before what was stored of the profiles that are worked on
 * @param after what there is of them by now
 * @param mates others that had alike what leavers had; of each at least the one with the oldest id
 * @returns the parts, of `after` and of the mates, that bear another id
 */
export function passOn(
  before: readonly AggregatePart[],
  after: readonly AggregatePart[],
  mates: readonly AggregatePart[],
): AggregatePart[] {
  const now = new Map([...mates, ...after].map((part) => [nameOf(part), part]));
  const remaining = new Set(after.map(nameOf));
  const leavers = leaversOf(before, after).toSorted(bySince);
  const leaving = new Set(leavers.map(nameOf));
  const others = [...before.filter((part) => !leaving.has(nameOf(part))), ...mates];
  const bearers = new Set<string>();

  /** To the oldest of those who had this alike with the leaver, unless one of them has an older id anyway. */
  function handOn(leaver: AggregatePart, of: 'own' | 'alike'): void {
    const names = new Set(others.filter((part) => part[of] === leaver[of]).map(nameOf));
    const heirs = [...names].flatMap((name) => now.get(name) ?? []).toSorted(bySince);
    // Who stays where he was comes before who goes at the same time.
    const heir = heirs.find((part) => part[of] === leaver[of]) ?? heirs.find((part) => part[of] !== null);
    if (!heir || heirs.some(({ since }) => since < leaver.since)) return;
    bear(heir, leaver);
    const left = now.get(nameOf(leaver));
    if (left) bear(left, heir);
  }

  function bear(part: AggregatePart, { customerId, since }: AggregatePart): void {
    now.set(nameOf(part), { ...part, customerId, since });
    bearers.add(nameOf(part));
  }

  for (const leaver of leavers) {
    const isOfMerged = leaver.alike !== null && leaver.alike !== leaver.own;
    handOn(leaver, isOfMerged && !remaining.has(nameOf(leaver)) ? 'alike' : 'own');
  }
  return [...bearers].flatMap((name) => now.get(name) ?? []);
}

export function nameOf({ nodeId, profileId }: Pick<AggregatePart, 'nodeId' | 'profileId'>): string {
  return `${nodeId} ${profileId}`;
}

function bySince(one: AggregatePart, other: AggregatePart): number {
  return one.since - other.since;
}
