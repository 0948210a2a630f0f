import type { Clock } from '../clock.ts';
import type { Reachable } from '../together.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RateWindow, RateWindows } from './rate-windows.ts';

/** Of windows that are known to be used up; of one that is forgotten the counts are asked for again. */
const maximumSpent = 10_000;

export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly allowed: boolean;
  readonly resetSeconds: number;
}

/**
 * The vendors' request rates, in fixed windows of a minute. Off unless the workspace's settings give a number for the group
 * (`webengage:events`), or the caller has one that holds unless they do; 0 is off. They hold over all processes of a start, which
 * count in the same windows; servers that are started apart on one database each allow the full rate.
 */
export class RateLimiter {
  readonly #windows: Reachable<RateWindows>;
  readonly #clock: Clock;
  /** What was over the limit in its window stays so: a flood of refused requests asks nobody. */
  readonly #spent = new Map<string, RateWindow>();

  constructor(windows: Reachable<RateWindows>, clock: Clock) {
    this.#windows = windows;
    this.#clock = clock;
  }

  /** Whether the workspace has set a limit for the group. */
  isLimited({ settings }: Workspace, group: string): boolean {
    return Boolean(settings.rateLimits[group]);
  }

  /** Counts one request, or so many bytes; undefined when the group has no limit. `usual`: where the workspace has set none. */
  async take(
    workspace: Workspace,
    group: string,
    { amount = 1, usual = 0 } = {},
  ): Promise<RateLimitState | undefined> {
    const limit = workspace.settings.rateLimits[group] ?? usual;
    if (!limit) return undefined;
    const name = `${workspace.id}/${group}`;
    const spent = this.#spent.get(name);
    const isSpent = spent !== undefined && spent.used > limit && spent.endsAt > this.#clock();
    const window = isSpent ? spent : await this.#windows.add(name, amount);
    if (!isSpent && window.used > limit) {
      if (this.#spent.size >= maximumSpent) this.#spent.clear();
      this.#spent.set(name, window);
    }
    return {
      limit,
      remaining: Math.max(0, limit - window.used),
      allowed: window.used <= limit,
      resetSeconds: Math.max(1, Math.ceil((window.endsAt - this.#clock()) / 1000)),
    };
  }
}
