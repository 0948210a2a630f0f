import type { Key } from '../core/identity/identity.ts';
import type { FieldHolder } from '../core/link/field-holder-store.ts';
import { Groups } from '../core/link/link.ts';
import type { Memberships } from './memberships.ts';

/** Which records have a value of a discriminant field (a key of the kind `field`), as far as a batch has to know it. */
export class FieldRivals {
  readonly #memberships: Memberships;
  /** `storageKey` + line feed + value, by the profile that has it. */
  readonly #values = new Map<string, Set<string>>();
  readonly #storedRecords = new Map<string, string>();
  /** Whom links inside a node lead to from each other, whether they count or not. */
  readonly #linked = new Groups();

  constructor(memberships: Memberships, stored: readonly FieldHolder[]) {
    this.#memberships = memberships;
    for (const { near, profileId, recordId, value } of stored) {
      this.#linked.unite(near, profileId);
      this.#storedRecords.set(profileId, recordId);
      this.#add(profileId, value);
    }
  }

  /** The profile, or one that the same event makes one record with it, has these keys. */
  note(profileId: string, keys: readonly Key[]): void {
    for (const key of keys) if (key.kind === 'field') this.#add(profileId, key.value);
  }

  /** A link inside a node that there is, whether it counts or not. */
  noteLink(first: string, second: string): void {
    this.#linked.unite(first, second);
  }

  /**
   * The profiles with another value of a field than `second` has, of all that are linked with `first`: whichever of those links are undone, one
   * that is in the record of `first` then keeps the two apart.
   */
  findRivals(second: string, first: string): string[] {
    const own = new Map([...(this.#values.get(second) ?? [])].map((value) => [fieldOf(value), value]));
    const linked = this.#linked.nameOf(first);
    const isRival = (value: string) => (own.get(fieldOf(value)) ?? value) !== value;
    return [...this.#values]
      .filter(([id, values]) => this.#linked.nameOf(id) === linked && [...values].some(isRival))
      .map(([id]) => id);
  }

  /** True when one of the profiles is in the record of `profileId`, as it is by now. */
  isAnyInRecord(profileIds: readonly string[], profileId: string): boolean {
    const record = this.#recordOf(profileId);
    return profileIds.some((id) => this.#recordOf(id) === record);
  }

  #add(profileId: string, value: string): void {
    const values = this.#values.get(profileId);
    if (values) values.add(value);
    else this.#values.set(profileId, new Set([value]));
  }

  /** Of profiles that only stored links lead to, the record is known as it was before the batch. */
  #recordOf(profileId: string): string {
    const name = this.#memberships.has(profileId)
      ? profileId
      : (this.#storedRecords.get(profileId) ?? profileId);
    return this.#memberships.has(name) ? this.#memberships.root('record', name) : name;
  }
}

function fieldOf(value: string): string {
  return value.slice(0, value.indexOf('\n'));
}
