import { maximumClaimsOfBrowser, maximumClaimsOnProfile } from '../core/link/link.ts';

/**
 * How many claims were ever made, by the browser that makes them and on the profile that they are made on; undone ones too, so that
 * undoing one lets no other in.
 */
export class Claims {
  readonly #byBrowser = new Map<string, number>();
  readonly #onProfile: Map<string, number>;

  /** `stored`: of the profiles that the batch's claims are made on. */
  constructor(stored: ReadonlyMap<string, number>) {
    this.#onProfile = new Map(stored);
  }

  /** A stored claim of a browser that the batch hears of; those on the profile are counted already. */
  noteStored(browser: string): void {
    this.#byBrowser.set(browser, (this.#byBrowser.get(browser) ?? 0) + 1);
  }

  /** True when the claim is one more, and counted from now on; false when there are too many of either. */
  take(browser: string, profile: string): boolean {
    const onProfile = this.#onProfile.get(profile) ?? 0;
    const byBrowser = this.#byBrowser.get(browser) ?? 0;
    if (onProfile >= maximumClaimsOnProfile || byBrowser >= maximumClaimsOfBrowser) return false;
    this.#onProfile.set(profile, onProfile + 1);
    this.#byBrowser.set(browser, byBrowser + 1);
    return true;
  }
}
