import type { Clock } from '../clock.ts';
import type { Workspace } from '../workspace/workspace.ts';

const windowMilliseconds = 60_000;

export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly allowed: boolean;
  readonly resetSeconds: number;
}

/**
 * The vendors' request rates, in fixed windows of a minute. Off unless the workspace's settings give a number for the group
 * (`webengage:events`), or the caller has one that holds unless they do; 0 is off. Counted per process: with several processes each allows the full rate.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #windows = new Map<string, { start: number; used: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the workspace has set a limit for the group. */
  isLimited({ settings }: Workspace, group: string): boolean {
    return Boolean(settings.rateLimits[group]);
  }

  /** Counts one request, or so many bytes; undefined when the group has no limit. `usual`: where the workspace has set none. */
  take(workspace: Workspace, group: string, { amount = 1, usual = 0 } = {}): RateLimitState | undefined {
    const limit = workspace.settings.rateLimits[group] ?? usual;
    if (!limit) return undefined;
    const now = this.#clock();
    const start = now - (now % windowMilliseconds);
    const key = `${workspace.id}/${group}`;
    const known = this.#windows.get(key);
    const window = known?.start === start ? known : { start, used: 0 };
    window.used += amount;
    if (!known && this.#windows.size > 10_000) this.#windows.clear();
    this.#windows.set(key, window);
    return {
      limit,
      remaining: Math.max(0, limit - window.used),
      allowed: window.used <= limit,
      resetSeconds: Math.ceil((start + windowMilliseconds - now) / 1000),
    };
  }
}
