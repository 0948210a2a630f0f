import type { Clock } from '../clock.ts';
import { generateSecret, hashSecret } from './credential.ts';

export const linkMilliseconds = 10 * 60 * 1000;
/** A start makes one; beyond it the oldest are forgotten. */
const maximumLinks = 100;

/**
 * Links that sign in as a key without showing it, once and for ten minutes. They are known to the processes of the start that made them,
 * in memory and as hashes alone: a restart forgets them.
 */
export class SignInLinks {
  readonly #clock: Clock;
  readonly #links = new Map<string, { readonly keyId: string; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The secret part of a new link, for an administrator's key. */
  make(keyId: string): string {
    const [oldest] = this.#links.keys();
    if (oldest !== undefined && this.#links.size >= maximumLinks) this.#links.delete(oldest);
    const secret = generateSecret('tl_link');
    this.#links.set(nameOf(secret), { keyId, until: this.#clock() + linkMilliseconds });
    return secret;
  }

  /** The id of the key that it signs in as; undefined when there is none, it was used, or its time is over. */
  take(secret: string): string | undefined {
    const name = nameOf(secret);
    const link = this.#links.get(name);
    this.#links.delete(name);
    return link && link.until > this.#clock() ? link.keyId : undefined;
  }
}

function nameOf(secret: string): string {
  return hashSecret(secret).toString('base64');
}
