import { type Grouping, keyOf } from './grouping.ts';
import { addCredited, type Credited, type CreditedPath, nothing } from './tally.ts';

/** Conversions that the same groups led to, in the same order. */
export interface CountedPath extends Credited {
  /** The groups (grouping.ts) of the touches, oldest first; none: no touch led there. */
  readonly keys: readonly (string | null)[];
  /** From the first touch to the conversion; null of conversions that no touch led to. */
  readonly medianSeconds: number | null;
  readonly meanSeconds: number | null;
}

interface Gathering {
  readonly keys: readonly (string | null)[];
  credited: Credited;
  readonly seconds: number[];
}

/** Counts the paths to conversions. */
export class PathCount {
  readonly #grouping: Grouping;
  readonly #paths = new Map<string, Gathering>();

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  add({ touches, convertedAt, conversions, value }: CreditedPath): void {
    const keys = touches.map(({ touch }) => keyOf(this.#grouping, touch.origin));
    const path = this.#paths.getOrInsertComputed(JSON.stringify(keys), () => ({
      keys,
      credited: nothing,
      seconds: [],
    }));
    path.credited = addCredited(path.credited, { conversions, value });
    const first = touches[0]?.touch.at;
    if (first !== undefined) path.seconds.push((convertedAt - first) / 1000);
  }

  /** How many different ones there are. */
  get size(): number {
    return this.#paths.size;
  }

  get total(): Credited {
    return [...this.#paths.values()].reduce((sum, { credited }) => addCredited(sum, credited), nothing);
  }

  /** The most frequent first; of as many conversions the one of more value, then by their groups. */
  mostFrequent(limit: number): CountedPath[] {
    const sorted = [...this.#paths].sort(
      ([oneKey, one], [otherKey, other]) =>
        compare(other.credited.conversions, one.credited.conversions) ||
        compare(other.credited.value, one.credited.value) ||
        compare(oneKey, otherKey),
    );
    return sorted.slice(0, limit).map(([, { keys, credited, seconds }]) => ({
      keys,
      ...credited,
      medianSeconds: medianOf(seconds),
      meanSeconds: seconds.length === 0 ? null : seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
    }));
  }
}

function compare<Value extends bigint | string>(one: Value, other: Value): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function medianOf(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [before, after] = [sorted[middle - 1], sorted[middle]];
  if (after === undefined) return null;
  return sorted.length % 2 === 1 || before === undefined ? after : (before + after) / 2;
}
