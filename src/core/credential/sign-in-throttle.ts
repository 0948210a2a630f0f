import type { Clock } from '../clock.ts';
import { hashKey } from '../dedupe/dedupe.ts';
import type { ApiName } from '../dialect-name.ts';
import { networkOf } from '../rate-limit/network.ts';

const windowMilliseconds = 15 * 60 * 1000;
/** Of one user name. */
export const maximumFailuresOfName = 10;
/** Of one address within one dialect; it is the proxy's for all who come through one that TRUSTED_PROXIES does not name. */
export const maximumFailuresOfAddress = 100;
/** Of each kind; beyond it the oldest are forgotten. */
const maximumEntries = 10_000;

/** Who tries to sign in. Names that no account has count as others do, so that the answer does not tell which there are. */
export interface Attempt {
  readonly dialect: ApiName;
  /** Null where there is nothing to guess by a name (a signed assertion). */
  readonly name: string | null;
  /** The client's, as its connection or a trusted proxy has it. */
  readonly address: string;
}

/**
 * Slows down who guesses passwords: ten failures of a name, or a hundred of an address, each within one dialect, in fifteen minutes from
 * the first of them, and no attempt is judged until those are over. Kept in memory alone, in one place for all processes of a start: a
 * restart forgets them.
 */
export class SignInThrottle {
  readonly #clock: Clock;
  readonly #names = new FailureCounts(maximumFailuresOfName);
  readonly #addresses = new FailureCounts(maximumFailuresOfAddress);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For how many seconds nothing is judged; 0: it may be tried. */
  waitSeconds(attempt: Attempt): number {
    const now = this.#clock();
    const name = nameKey(attempt);
    const until = Math.max(
      name === undefined ? 0 : this.#names.blockedUntil(name, now),
      this.#addresses.blockedUntil(addressKey(attempt), now),
    );
    return Math.max(0, Math.ceil((until - now) / 1000));
  }

  /**
   * For how many seconds the attempt is not judged; 0: it may be tried now. Then it counts as failed, before it is judged, so that of many
   * at once no more are judged than one after the other: `succeed` takes it back.
   */
  begin(attempt: Attempt): number {
    const wait = this.waitSeconds(attempt);
    if (wait === 0) this.#fail(attempt);
    return wait;
  }

  #fail(attempt: Attempt): void {
    const now = this.#clock();
    const name = nameKey(attempt);
    if (name !== undefined) this.#names.add(name, now);
    this.#addresses.add(addressKey(attempt), now);
  }

  /**
   * An attempt that was counted was right. The name's failures were its owner's; the others of the address stay: somebody who has
   * an account may guess another's.
   */
  succeed(attempt: Attempt): void {
    const name = nameKey(attempt);
    if (name !== undefined) this.#names.delete(name);
    this.#addresses.takeBack(addressKey(attempt));
  }
}

class FailureCounts {
  readonly #maximum: number;
  /** In the order of their first failures. */
  readonly #windows = new Map<string, { readonly start: number; failures: number }>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Milliseconds since the epoch; 0 when it is not blocked. */
  blockedUntil(key: string, now: number): number {
    const window = this.#windows.get(key);
    if (!window || window.failures < this.#maximum) return 0;
    const end = window.start + windowMilliseconds;
    return end > now ? end : 0;
  }

  add(key: string, now: number): void {
    const known = this.#windows.get(key);
    if (known && known.start + windowMilliseconds > now) {
      known.failures++;
      return;
    }
    this.#windows.delete(key);
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined && this.#windows.size >= maximumEntries) this.#windows.delete(oldest);
    this.#windows.set(key, { start: now, failures: 1 });
  }

  takeBack(key: string): void {
    const window = this.#windows.get(key);
    if (window && window.failures > 0) window.failures--;
  }

  delete(key: string): void {
    this.#windows.delete(key);
  }
}

/** Hashed, so that a long name takes no more room than a short one. */
function nameKey({ dialect, name }: Attempt): string | undefined {
  return name === null ? undefined : hashKey(dialect, name);
}

function addressKey({ dialect, address }: Attempt): string {
  return `${dialect}/${networkOf(address)}`;
}
