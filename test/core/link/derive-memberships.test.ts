import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveMemberships, type Link, type ProfileNode } from '../../../src/core/link/link.ts';
import fc from '../../helpers/fast-check.ts';

const size = 12;
const place = fc.nat({ max: size - 1 });
const profiles: fc.Arbitrary<ProfileNode[]> = fc
  .tuple(
    fc.array(fc.boolean(), { minLength: size, maxLength: size }),
    fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => index),
      { minLength: size, maxLength: size },
    ),
  )
  .map(([anonymous, order]) =>
    order.map((createdSeq, index) => ({ id: `p${index}`, anonymous: anonymous[index]!, createdSeq })),
  );
const links: fc.Arbitrary<Link[]> = fc
  .array(
    fc.record({
      a: place,
      b: place,
      person: fc.boolean(),
      exclusive: fc.boolean(),
      claim: fc.boolean(),
      rivals: fc.array(place, { maxLength: 2 }),
    }),
    { maxLength: 16 },
  )
  .map((pairs) =>
    pairs
      .filter(({ a, b }) => a !== b)
      .map(({ a, b, person, exclusive, claim, rivals }, index) => ({
        id: `l${index}`,
        firstProfile: `p${a}`,
        secondProfile: `p${b}`,
        scope: person ? 'person' : 'record',
        origin: claim ? 'claim' : 'binding',
        evidence: `e${index}`,
        exclusive,
        rivals: index % 3 === 0 ? rivals.map((rival) => `p${rival}`) : [],
        createdSeq: 100 + ((index * 7) % 17),
      })),
  );

/** The lightest counts. */
const weight = ({ origin, createdSeq }: Link) => (origin === 'claim' ? 1000 : 0) + createdSeq;

/** Everybody takes the name of the best neighbour, again and again, until nobody changes. */
function spreadNames(nodes: readonly ProfileNode[], active: readonly Link[], scopes: readonly string[]) {
  const isOldest = (link: Link) =>
    !link.exclusive ||
    active.every(
      (other) =>
        !other.exclusive || other.firstProfile !== link.firstProfile || weight(other) >= weight(link),
    );
  /** Whom the links that were made before this one, and count, lead to from its first profile. */
  const reached = (link: Link): Set<string> => {
    const older = active.filter(
      (other) => other.createdSeq < link.createdSeq && other.scope === 'record' && counts(other),
    );
    const found = new Set([link.firstProfile]);
    for (const _ of older) {
      for (const { firstProfile, secondProfile } of older)
        if (found.has(firstProfile) || found.has(secondProfile)) found.add(firstProfile).add(secondProfile);
    }
    return found;
  };
  const counts = (link: Link): boolean =>
    isOldest(link) && (link.rivals.length === 0 || reached(link).isDisjointFrom(new Set(link.rivals)));
  const ranked = [...nodes].sort(
    (a, b) => Number(a.anonymous) - Number(b.anonymous) || a.createdSeq - b.createdSeq,
  );
  const rank = new Map(ranked.map((node, index) => [node.id, index]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const link of active.filter((l) => counts(l) && scopes.includes(l.scope))) {
      const best = Math.min(rank.get(link.firstProfile)!, rank.get(link.secondProfile)!);
      for (const end of [link.firstProfile, link.secondProfile]) {
        if (rank.get(end) === best) continue;
        rank.set(end, best);
        changed = true;
      }
    }
  }
  return new Map(nodes.map((node) => [node.id, ranked[rank.get(node.id)!]!.id]));
}

test('records and persons are the connected components, named by the oldest known profile', () => {
  fc.assert(
    fc.property(profiles, links, (nodes, active) => {
      const derived = deriveMemberships(nodes, active);
      const records = spreadNames(nodes, active, ['record']);
      const persons = spreadNames(nodes, active, ['record', 'person']);
      for (const { id } of nodes)
        assert.deepEqual(derived.get(id), { record: records.get(id), person: persons.get(id) });
    }),
    { numRuns: 3000 },
  );
});

test('the order in which links are read changes nothing', () => {
  fc.assert(
    fc.property(profiles, links, (nodes, active) => {
      assert.deepEqual(deriveMemberships(nodes, active), deriveMemberships(nodes, [...active].reverse()));
    }),
    { numRuns: 1000 },
  );
});
