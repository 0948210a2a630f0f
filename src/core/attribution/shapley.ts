import { roundTogether } from './apportion.ts';
import { wholeCredit } from './models.ts';

/** What a key gets of all conversions (`wholeCredit` each) and of all their value (minor units). */
export interface KeyShare {
  readonly credit: bigint;
  readonly value: bigint;
}

interface Sums {
  conversions: bigint;
  value: bigint;
}

/**
 * Shapley's shares of a span's conversions among the keys (a channel, a campaign) of their paths, where a set of keys is worth the
 * conversions whose paths have no other key: what they would bring alone.
 *
 * They are exact, for any number of keys, and nothing is sampled: that game is a sum of games that each conversion's set of keys plays
 * alone, in which all have the same part and none but they has one (Shapley's axioms of symmetry, null player and additivity; Zhao et
 * al., "Shapley Value Methods for Attribution Modeling in Online Advertising", 2018, theorem 1). So each conversion is shared alike
 * by the different keys of its path, and what a walk over all 2ⁿ sets comes to follows from how many conversions had sets of which size.
 */
export class ShapleyGame {
  /** By how many different keys the paths had, and then by key. */
  readonly #bySize = new Map<number, Map<string, Sums>>();

  /** Adds conversions of the same keys, with their value in minor units. A path without a key tells nothing: it is unattributed. */
  add(keys: readonly string[], conversions: number, value: bigint): void {
    const different = new Set(keys);
    if (different.size === 0) return;
    const sums = this.#bySize.getOrInsertComputed(different.size, () => new Map());
    for (const key of different) {
      const sum = sums.getOrInsertComputed(key, () => ({ conversions: 0n, value: 0n }));
      sum.conversions += BigInt(conversions);
      sum.value += value;
    }
  }

  /** By key, in their order; together they are all that was added, to the unit. */
  shares(): Map<string, KeyShare> {
    const denominator = [...this.#bySize.keys()].reduce(
      (multiple, size) => leastCommonMultiple(multiple, BigInt(size)),
      1n,
    );
    const parts = new Map<string, Sums>();
    for (const [size, sums] of this.#bySize) {
      const factor = denominator / BigInt(size);
      for (const [key, { conversions, value }] of sums) {
        const part = parts.getOrInsertComputed(key, () => ({ conversions: 0n, value: 0n }));
        part.conversions += conversions * wholeCredit * factor;
        part.value += value * factor;
      }
    }
    const keys = [...parts.keys()].sort();
    const inOrder = keys.map((key) => parts.get(key) ?? { conversions: 0n, value: 0n });
    const credits = roundTogether(
      inOrder.map(({ conversions }) => conversions),
      denominator,
    );
    const values = roundTogether(
      inOrder.map(({ value }) => value),
      denominator,
    );
    return new Map(
      keys.map((key, index) => [key, { credit: credits[index] ?? 0n, value: values[index] ?? 0n }]),
    );
  }
}

function leastCommonMultiple(one: bigint, other: bigint): bigint {
  let [divisor, rest] = [one, other];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return (one / divisor) * other;
}
