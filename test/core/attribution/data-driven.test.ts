import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MarkovChain, maximumMarkovKeys } from '../../../src/core/attribution/markov.ts';
import { wholeCredit } from '../../../src/core/attribution/models.ts';
import { ShapleyGame } from '../../../src/core/attribution/shapley.ts';
import fc from '../../helpers/fast-check.ts';
import { type KeyJourneys, removalEffectsByWalking } from './markov-oracle.ts';

async function removalEffects(journeys: readonly KeyJourneys[]): Promise<Map<string, number>> {
  const chain = new MarkovChain();
  for (const { keys, conversions, nulls } of journeys) chain.add(keys, conversions, nulls);
  return chain.removalEffects();
}

function assertNear(actual: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): void {
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [key, effect] of expected)
    assert.ok(
      Math.abs((actual.get(key) ?? Number.NaN) - effect) < 1e-9,
      `${key}: ${actual.get(key)}, not ${effect}`,
    );
}

const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 });

const journeys = fc.array(fc.record({ keys, conversions: fc.nat({ max: 4 }), nulls: fc.nat({ max: 4 }) }), {
  maxLength: 12,
});

describe('Markov’s removal effects', () => {
  it('are those of the example that the method is explained by', async () => {
    // Three journeys: C1 > C2 > C3 converts, C1 and C2 > C3 do not. From the start to a conversion by C1, C2, C3: 2/3 · 1/2 · 1 · 1/2,
    // and by C2, C3: 1/3 · 1 · 1/2. Without C1 the latter is left, without C2 or C3 nothing (Bryl, "Marketing Multi-Channel Attribution
    // model with R", 2016).
    const effects = await removalEffects([
      { keys: ['C1', 'C2', 'C3'], conversions: 1, nulls: 0 },
      { keys: ['C1'], conversions: 0, nulls: 1 },
      { keys: ['C2', 'C3'], conversions: 0, nulls: 1 },
    ]);
    assertNear(
      effects,
      new Map([
        ['C1', 0.5],
        ['C2', 1],
        ['C3', 1],
      ]),
    );
  });

  it('of any journeys are what walking the chain without each key comes to', async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async (drawn) =>
        assertNear(await removalEffects(drawn), removalEffectsByWalking(drawn)),
      ),
    );
  });

  it('do not depend on the order of journeys, nor on whether equal ones come at once', async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async (drawn) => {
        const one = drawn.toReversed().flatMap(({ conversions, nulls, ...rest }) => [
          { ...rest, conversions, nulls: 0 },
          { ...rest, conversions: 0, nulls },
        ]);
        assertNear(await removalEffects(one), await removalEffects(drawn));
      }),
    );
  });

  it('of a key that led to nothing are none, and of one that all went over are whole', async () => {
    const effects = await removalEffects([
      { keys: ['door', 'useless'], conversions: 0, nulls: 7 },
      { keys: ['door'], conversions: 3, nulls: 0 },
    ]);
    assert.deepEqual(
      [...effects],
      [
        ['door', 1],
        ['useless', 0],
      ],
    );
    assert.deepEqual([...(await removalEffects([{ keys: ['a'], conversions: 0, nulls: 1 }]))], [['a', 0]]);
    assert.deepEqual([...(await removalEffects([{ keys: [], conversions: 5, nulls: 1 }]))], []);
  });

  it('of as many keys as a chain can hold come within seconds, with turns for others, and one more is refused', async () => {
    const chain = new MarkovChain();
    const name = (number: number) => `key ${number % maximumMarkovKeys}`;
    for (let number = 0; number < 3 * maximumMarkovKeys; number++)
      chain.add([name(number), name(number * 7 + 1), name(number * number)], number % 2, 1);
    assert.equal(chain.size, maximumMarkovKeys);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const effects = await chain.removalEffects();
    clearInterval(timer);
    assert.equal(effects.size, maximumMarkovKeys);
    assert.ok([...effects.values()].every((effect) => effect >= 0 && effect <= 1));
    assert.ok(longest < 1000, `others waited for ${longest} ms`);
    assert.throws(() => chain.add(['one more'], 1, 0), RangeError);
  });
});

const converted = fc.array(
  fc.record({ keys, conversions: fc.nat({ max: 4 }), value: fc.bigInt({ min: -500n, max: 5000n }) }),
  { maxLength: 10 },
);

describe('Shapley’s shares', () => {
  function sharesOf(drawn: readonly { keys: readonly string[]; conversions: number; value: bigint }[]) {
    const game = new ShapleyGame();
    for (const { keys: path, conversions, value } of drawn) game.add(path, conversions, value);
    return game.shares();
  }

  it('are what each key adds when it comes to those before it, over all orders in which they can come', () => {
    fc.assert(
      fc.property(converted, (drawn) => {
        const players = [...new Set(drawn.flatMap((one) => one.keys))].sort();
        const shares = sharesOf(drawn);
        assert.deepEqual([...shares.keys()], players);
        const orders = permutationsOf(players);
        for (const key of players) {
          let [credit, value] = [0n, 0n];
          for (const order of orders) {
            const before = new Set(order.slice(0, order.indexOf(key)));
            const [without, withIt] = [worthOf(drawn, before), worthOf(drawn, new Set([...before, key]))];
            credit += withIt.conversions - without.conversions;
            value += withIt.value - without.value;
          }
          const share = shares.get(key);
          const average = (sum: bigint) => Number(sum) / orders.length;
          assert.ok(Math.abs(Number(share?.credit) - average(credit * wholeCredit)) < 1.01);
          assert.ok(Math.abs(Number(share?.value) - average(value)) < 1.01);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('sum to all conversions and to all value, to the unit', () => {
    fc.assert(
      fc.property(converted, (drawn) => {
        const whole = worthOf(drawn, new Set(['a', 'b', 'c', 'd', 'e']));
        const shares = [...sharesOf(drawn).values()];
        assert.equal(
          shares.reduce((sum, { credit }) => sum + credit, 0n),
          whole.conversions * wholeCredit,
        );
        assert.equal(
          shares.reduce((sum, { value }) => sum + value, 0n),
          whole.value,
        );
        assert.deepEqual(sharesOf(drawn.toReversed()), sharesOf(drawn));
      }),
    );
  });

  it('are exact for more keys than sets could be walked', () => {
    const all = Array.from({ length: 90 }, (_, number) => `key ${String(number).padStart(2, '0')}`);
    const shares = sharesOf([{ keys: all, conversions: 9, value: 100n }]);
    assert.deepEqual(shares.get('key 00'), { credit: 100_000_000n, value: 2n });
    assert.deepEqual(shares.get('key 89'), { credit: 100_000_000n, value: 1n });
  });

  /** What these keys bring alone: the conversions whose paths have no other key. */
  function worthOf(
    drawn: readonly { keys: readonly string[]; conversions: number; value: bigint }[],
    players: ReadonlySet<string>,
  ): { conversions: bigint; value: bigint } {
    const theirs = drawn.filter((one) => one.keys.length > 0 && one.keys.every((key) => players.has(key)));
    return {
      conversions: theirs.reduce((sum, { conversions }) => sum + BigInt(conversions), 0n),
      value: theirs.reduce((sum, { value }) => sum + value, 0n),
    };
  }

  function permutationsOf(players: readonly string[]): string[][] {
    if (players.length === 0) return [[]];
    return players.flatMap((first) =>
      permutationsOf(players.filter((player) => player !== first)).map((rest) => [first, ...rest]),
    );
  }
});
