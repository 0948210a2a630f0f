import type { Clock } from '../clock.ts';

const windowMilliseconds = 60_000;
const maximumWindows = 10_000;

export interface RateWindow {
  /** What was used in it, in all. It only grows. */
  readonly used: number;
  /** When it is over, in milliseconds since the epoch. */
  readonly endsAt: number;
}

/** What is used of rates, in fixed windows of a minute. Kept in memory, in one place for all processes of a start. */
export class RateWindows {
  readonly #clock: Clock;
  readonly #used = new Map<string, { readonly start: number; used: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(name: string, amount: number): RateWindow {
    const now = this.#clock();
    const start = now - (now % windowMilliseconds);
    const known = this.#used.get(name);
    const window = known?.start === start ? known : { start, used: 0 };
    window.used += amount;
    if (!known && this.#used.size > maximumWindows) this.#used.clear();
    this.#used.set(name, window);
    return { used: window.used, endsAt: start + windowMilliseconds };
  }
}
