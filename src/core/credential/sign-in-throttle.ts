import type { Clock } from '../clock.ts';
import { hashKey } from '../dedupe/dedupe.ts';
import type { ApiName } from '../dialect-name.ts';
import { networkOf } from '../rate-limit/network.ts';
import { Windows } from '../rate-limit/windows.ts';

const milliseconds = 15 * 60 * 1000;
/** Of one user name. */
export const maximumFailuresOfName = 10;
/** Of one address within one dialect; it is the proxy's for all who come through one that TRUSTED_PROXIES does not name. */
export const maximumFailuresOfAddress = 100;
/** Of names, and of addresses. */
const most = 10_000;

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
  readonly #names: FailureCounts;
  readonly #addresses: FailureCounts;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#names = new FailureCounts(clock, maximumFailuresOfName);
    this.#addresses = new FailureCounts(clock, maximumFailuresOfAddress);
  }

  /** For how many seconds nothing is judged; 0: it may be tried. */
  waitSeconds(attempt: Attempt): number {
    const name = nameKey(attempt);
    const until = Math.max(
      name === undefined ? 0 : this.#names.blockedUntil(name),
      this.#addresses.blockedUntil(addressKey(attempt)),
    );
    return Math.max(0, Math.ceil((until - this.#clock()) / 1000));
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
    const name = nameKey(attempt);
    if (name !== undefined) this.#names.add(name);
    this.#addresses.add(addressKey(attempt));
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
  /** From the first failure on. */
  readonly #windows: Windows<{ failures: number }>;

  constructor(clock: Clock, maximum: number) {
    this.#maximum = maximum;
    const begin = () => ({ failures: 0 });
    this.#windows = new Windows(clock, { milliseconds, most, startsAt: (now) => now, begin });
  }

  /** Milliseconds since the epoch; 0 when it is not blocked. */
  blockedUntil(key: string): number {
    const window = this.#windows.find(key);
    return window && window.counts.failures >= this.#maximum ? window.endsAt : 0;
  }

  add(key: string): void {
    this.#windows.take(key).counts.failures++;
  }

  takeBack(key: string): void {
    const counts = this.#windows.find(key)?.counts;
    if (counts && counts.failures > 0) counts.failures--;
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
