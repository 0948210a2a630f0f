import type { Clock } from '../clock.ts';
import { byClock, Windows } from './windows.ts';

const milliseconds = 60_000;
/** Beyond it there are more workspaces with rates than one process serves. */
const most = 10_000;

export interface RateWindow {
  /** What was used in it, in all. It only grows. */
  readonly used: number;
  /** When it is over, in milliseconds since the epoch. */
  readonly endsAt: number;
}

/** What is used of rates, in fixed windows of a minute. Kept in memory, in one place for all processes of a start. */
export class RateWindows {
  readonly #windows: Windows<{ used: number }>;

  constructor(clock: Clock) {
    const startsAt = byClock(milliseconds);
    this.#windows = new Windows(clock, { milliseconds, most, startsAt, begin: () => ({ used: 0 }) });
  }

  add(name: string, amount: number): RateWindow {
    const { counts, endsAt } = this.#windows.take(name);
    counts.used += amount;
    return { used: counts.used, endsAt };
  }
}
