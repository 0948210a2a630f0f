import { type ProfileNode, precedes } from '../core/link/link.ts';
import type { Profile } from '../core/profile/profile-store.ts';

/**
 * Records and persons of the profiles that a batch touches, as its links unite them. Uniting whole records needs only those that
 * name them, not their members; undoing, which needs all, is core/link's deriveMemberships.
 */
export class Memberships {
  readonly #nodes = new Map<string, ProfileNode>();
  readonly #parents = { record: new Map<string, string>(), person: new Map<string, string>() };
  /** Of the profiles at hand, those of each record, by the profile that names it. */
  readonly #records = new Map<string, string[]>();

  add(profile: Profile): void {
    if (this.#nodes.has(profile.id)) return;
    this.#nodes.set(profile.id, profile);
    this.#parents.record.set(profile.id, profile.recordId);
    this.#parents.person.set(profile.id, profile.personId);
    this.#recordOf(profile.recordId).push(profile.id);
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** The profiles at hand that are in the record. */
  membersOf(recordId: string): readonly string[] {
    return this.#recordOf(recordId);
  }

  /** The id that names the profile's record or person. One who is not at hand, since no link of the batch concerns it, names it still. */
  root(level: 'record' | 'person', id: string): string {
    const parents = this.#parents[level];
    let current = id;
    for (let parent = parents.get(current); parent !== undefined && parent !== current; ) {
      current = parent;
      parent = parents.get(current);
    }
    return current;
  }

  unite(level: 'record' | 'person', a: string, b: string): void {
    const first = this.root(level, a);
    const second = this.root(level, b);
    if (first === second) return;
    const firstWins = precedes(this.#nodes.get(first)!, this.#nodes.get(second)!);
    const [winner, loser] = firstWins ? [first, second] : [second, first];
    this.#parents[level].set(loser, winner);
    if (level === 'record') {
      this.#recordOf(winner).push(...this.#recordOf(loser));
      this.#records.delete(loser);
    }
  }

  #recordOf(recordId: string): string[] {
    return this.#records.getOrInsertComputed(recordId, () => []);
  }

  /** Names that no longer are ones, with what they are called now. */
  renames(level: 'record' | 'person', stored: Iterable<Profile>): Map<string, string> {
    const renames = new Map<string, string>();
    for (const profile of stored) {
      const old = level === 'record' ? profile.recordId : profile.personId;
      const now = this.root(level, profile.id);
      if (now !== old) renames.set(old, now);
    }
    return renames;
  }
}
