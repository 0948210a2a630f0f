import type { Clock } from '../clock.ts';

export interface Window<Counts> {
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly counts: Counts;
}

export interface WindowForm<Counts> {
  readonly milliseconds: number;
  /** Of how many names at once there are any. */
  readonly most: number;
  /** From when on a window counts that begins now: `byClock`, or unchanged. */
  readonly startsAt: (now: number) => number;
  /** What one begins with. */
  readonly begin: () => Counts;
}

/** Windows that are the same for all names: the minutes of the clock, for windows of one. */
export function byClock(milliseconds: number): (now: number) => number {
  return (now) => now - (now % milliseconds);
}

/**
 * What is counted by name in windows of time, in memory and bounded. Who sends under ever other names can't have the counts of a name
 * forgotten that is in use: room is given by windows that are over, then by names that were counted once, and only where there are
 * none by the one that nobody has asked for the longest.
 */
export class Windows<Counts> {
  readonly #clock: Clock;
  readonly #form: WindowForm<Counts>;
  /** Names that were counted once, in the order of that. */
  readonly #once = new Map<string, Window<Counts>>();
  /** Those that were counted again, in the order in which they were asked for last. */
  readonly #again = new Map<string, Window<Counts>>();

  constructor(clock: Clock, form: WindowForm<Counts>) {
    this.#clock = clock;
    this.#form = form;
  }

  /** The name's window, unless it has none or it is over. */
  find(name: string): Window<Counts> | undefined {
    const isAgain = this.#again.has(name);
    const window = (isAgain ? this.#again : this.#once).get(name);
    if (window === undefined || this.#isOver(window)) return undefined;
    if (isAgain) this.#putLast(name, window);
    return window;
  }

  /** The name's window to count in, a new one where it has none. */
  take(name: string): Window<Counts> {
    const known = this.find(name);
    if (known) {
      this.#once.delete(name);
      this.#putLast(name, known);
      return known;
    }
    this.delete(name);
    if (this.#once.size + this.#again.size >= this.#form.most) this.#giveRoom();
    const endsAt = this.#form.startsAt(this.#clock()) + this.#form.milliseconds;
    const window = { endsAt, counts: this.#form.begin() };
    this.#once.set(name, window);
    return window;
  }

  delete(name: string): void {
    this.#once.delete(name);
    this.#again.delete(name);
  }

  #putLast(name: string, window: Window<Counts>): void {
    this.#again.delete(name);
    this.#again.set(name, window);
  }

  #giveRoom(): void {
    const [[name, window] = []] = this.#again;
    const [first] = this.#once.keys();
    const isOver = window !== undefined && this.#isOver(window);
    const goes = isOver ? name : (first ?? name);
    if (goes !== undefined) this.delete(goes);
  }

  #isOver({ endsAt }: Window<Counts>): boolean {
    return endsAt <= this.#clock();
  }
}
