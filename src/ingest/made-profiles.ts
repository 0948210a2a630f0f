import type { Profile } from '../core/profile/profile-store.ts';

/** So many are worth a statement of their own while the rest of the batch is being decided. */
const aheadProfiles = 100;

/** The profiles that a batch makes. */
export class MadeProfiles {
  readonly #made = new Set<string>();
  /** Those of them whose rows are not made yet: what is written to them is part of these. */
  readonly #unstored = new Set<string>();

  add(id: string): void {
    this.#made.add(id);
    this.#unstored.add(id);
  }

  has(id: string): boolean {
    return this.#made.has(id);
  }

  isUnstored(id: string): boolean {
    return this.#unstored.has(id);
  }

  get areWorthRows(): boolean {
    return this.#unstored.size >= aheadProfiles;
  }

  /** Those whose rows are to be made now. */
  takeUnstored(): string[] {
    const ids = [...this.#unstored];
    this.#unstored.clear();
    return ids;
  }
}

/** One that is nobody else's record or person yet, as made at `now` by the change of that seq. */
export function newProfile(
  id: string,
  nodeId: number,
  anonymous: boolean,
  createdSeq: number,
  now: Date,
): Profile {
  return {
    id,
    nodeId,
    anonymous,
    createdSeq,
    recordId: id,
    personId: id,
    attributes: Object.create(null),
    version: 1,
    createdAt: now,
    updatedAt: now,
    removal: null,
  };
}
