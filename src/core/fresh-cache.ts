/**
 * What a process has read of what seldom changes, for a short time: another process's change is noticed when that is over, this one's
 * as soon as it calls `forget`. What is not there is asked for each time. The time is that since the start: a clock that is set back by hours
 * must not make it fresh for hours.
 */
export class FreshCache<Value> {
  readonly #freshMilliseconds: number;
  readonly #maximumEntries: number;
  readonly #entries = new Map<string, { readonly value: Value; readonly readAt: number }>();
  /** One read for all who ask at once. */
  readonly #reading = new Map<string, Promise<Value | undefined>>();
  /** Counts `forget`: what was being read meanwhile may be of before it. */
  #age = 0;

  constructor(limits: { readonly freshMilliseconds: number; readonly maximumEntries: number }) {
    this.#freshMilliseconds = limits.freshMilliseconds;
    this.#maximumEntries = limits.maximumEntries;
  }

  async get(key: string, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const entry = this.#entries.get(key);
    if (entry && performance.now() - entry.readAt < this.#freshMilliseconds) return entry.value;
    return this.read(key, look);
  }

  /** As it is now: for who was not content with what `get` gave. */
  read(key: string, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const known = this.#reading.get(key);
    if (known) return known;
    const reading = this.#keep(key, look).finally(() => {
      if (this.#reading.get(key) === reading) this.#reading.delete(key);
    });
    this.#reading.set(key, reading);
    return reading;
  }

  /** After a change that this process has made. */
  forget(): void {
    this.#age++;
    this.#entries.clear();
    this.#reading.clear();
  }

  async #keep(key: string, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const age = this.#age;
    const readAt = performance.now();
    const value = await look();
    if (age !== this.#age) return value;
    if (value === undefined) this.#entries.delete(key);
    else {
      if (this.#entries.size >= this.#maximumEntries) this.#entries.clear();
      this.#entries.set(key, { value, readAt });
    }
    return value;
  }
}
