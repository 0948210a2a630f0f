import type { Key } from '../core/identity/identity.ts';
import type { FieldHolder } from '../core/link/field-holder-store.ts';
import type { Memberships } from './memberships.ts';

/** Which records have a value of a discriminant field (a key of the kind `field`), as far as a batch has to know it. */
export class FieldRivals {
  readonly #memberships: Memberships;
  /** `storageKey` + line feed + value, by the profile that has it. */
  readonly #values = new Map<string, Set<string>>();
  readonly #storedRecords = new Map<string, string>();

  constructor(memberships: Memberships, stored: readonly FieldHolder[]) {
    this.#memberships = memberships;
    for (const { profileId, recordId, value } of stored) {
      this.#storedRecords.set(profileId, recordId);
      this.#add(profileId, value);
    }
  }

  /** The profile, or one that the same event makes one record with it, has these keys. */
  note(profileId: string, keys: readonly Key[]): void {
    for (const key of keys) if (key.kind === 'field') this.#add(profileId, key.value);
  }

  /** The profiles of the records of `among` that have another value of a field than `profileId` has. */
  findRivals(profileId: string, among: Iterable<string>): string[] {
    const own = new Map([...(this.#values.get(profileId) ?? [])].map((value) => [fieldOf(value), value]));
    const records = new Set([...among].map((id) => this.#recordOf(id)));
    const isRival = (value: string) => (own.get(fieldOf(value)) ?? value) !== value;
    return [...this.#values]
      .filter(([id, values]) => records.has(this.#recordOf(id)) && [...values].some(isRival))
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
