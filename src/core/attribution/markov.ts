import { setImmediate as turn } from 'node:timers/promises';
import { invertInPlace } from './invert-matrix.ts';

/** What a chain can hold: its matrix is then of 8 MB, and is inverted in some seconds. */
export const maximumMarkovKeys = 1_000;

/** The row of the start, and the column of what ends a journey with a conversion; keys have the numbers from 1. */
const boundary = 0;

/**
 * A chain of first order over the journeys of a span: from the start over the keys (a channel, a campaign) of a journey's touches, in
 * their order, to a conversion or to nothing. A journey that lies on no conversion's path ends in nothing.
 */
export class MarkovChain {
  readonly #numbers = new Map<string, number>();
  /** How many journeys went from the one to the other; in column 0 those that were converted there. By rows of `#stride`. */
  #counts = new Float64Array(0);
  #stride = 0;
  /** All that left a key, or the start, what ended in nothing included. */
  #departures: number[] = [0];

  /** How many keys there are. */
  get size(): number {
    return this.#numbers.size;
  }

  /**
   * Adds journeys of the same keys. Those without a key tell nothing: their conversions are unattributed.
   * @throws RangeError when that made more than `maximumMarkovKeys` keys
   */
  add(keys: readonly string[], conversions: number, nulls: number): void {
    if (keys.length === 0) return;
    let from = boundary;
    for (const key of keys) {
      const to = this.#numberOf(key);
      // A key that follows itself says nothing of where journeys go from it, and removal effects are the same without.
      if (to !== from) this.#count(from, to, conversions + nulls);
      from = to;
    }
    this.#count(from, boundary, conversions);
    this.#departures[from] = (this.#departures[from] ?? 0) + nulls;
  }

  /**
   * The share of all conversions that would be lost without each key, if whoever came to it had gone nowhere: 0 to 1, in the order in
   * which keys were added. With N = (1 − Q)⁻¹ for the chances Q between keys, who passes the key k does so with the chance
   * h = N[start, k] ⁄ N[k, k] and is converted from there with the chance c[k]; what is lost is h · c[k] of the whole. So one inverse
   * answers for all keys. Other work has its turns meanwhile.
   */
  async removalEffects(): Promise<Map<string, number>> {
    const size = this.size;
    const inverse = this.#transitionsLeft();
    await invertInPlace(inverse, size, turn);
    const starts = Array.from({ length: size }, (_, key) => this.#chance(boundary, key + 1));
    const ends = Array.from({ length: size }, (_, key) => this.#chance(key + 1, boundary));
    const visits = new Float64Array(size);
    const converted = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const passes = at(inverse, row * size + column);
        visits[column] = at(visits, column) + (starts[row] ?? 0) * passes;
        converted[row] = at(converted, row) + passes * (ends[column] ?? 0);
      }
    }
    const whole = starts.reduce((sum, chance, key) => sum + chance * at(converted, key), 0);
    const effect = (key: number) =>
      whole === 0 ? 0 : ((at(visits, key) / at(inverse, key * size + key)) * at(converted, key)) / whole;
    return new Map(this.#numbers.entries().map(([key, number]) => [key, Math.min(effect(number - 1), 1)]));
  }

  /** 1 − Q: what each key's journeys do not do by going on to the next. */
  #transitionsLeft(): Float64Array {
    const size = this.size;
    const matrix = new Float64Array(size * size);
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        matrix[row * size + column] = row === column ? 1 : -this.#chance(row + 1, column + 1);
    return matrix;
  }

  #chance(from: number, to: number): number {
    const departures = this.#departures[from] ?? 0;
    return departures === 0 ? 0 : at(this.#counts, from * this.#stride + to) / departures;
  }

  #count(from: number, to: number, journeys: number): void {
    const index = from * this.#stride + to;
    this.#counts[index] = at(this.#counts, index) + journeys;
    this.#departures[from] = (this.#departures[from] ?? 0) + journeys;
  }

  #numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    if (number > maximumMarkovKeys)
      throw new RangeError(`a chain can't have more than ${maximumMarkovKeys} keys`);
    this.#numbers.set(key, number);
    if (number >= this.#stride) this.#grow();
    return number;
  }

  #grow(): void {
    const stride = Math.max(16, this.#stride * 2);
    const counts = new Float64Array(stride * stride);
    for (let row = 0; row < this.#stride; row++)
      counts.set(this.#counts.subarray(row * this.#stride, (row + 1) * this.#stride), row * stride);
    [this.#counts, this.#stride] = [counts, stride];
  }
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
