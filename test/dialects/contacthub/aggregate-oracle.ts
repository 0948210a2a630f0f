import type { KnownProfile } from '../../helpers/store.ts';

/** The slow and obvious aggregate: what its customers are by the profiles that are there. */

export interface OracleAggregate {
  readonly entryNodes: readonly string[];
  /** What its customers have alike of the values that a record shows; undefined: one of them is missing. */
  readonly alike: (shown: Readonly<Record<string, unknown>>) => string | undefined;
  readonly excludes: (shown: Readonly<Record<string, unknown>>) => boolean;
}

export interface ExpectedCustomer {
  /** Names of records, the oldest first. */
  readonly parts: readonly string[];
  readonly firstName: unknown;
  readonly city: unknown;
  readonly tags: readonly unknown[];
}

type Written = readonly (readonly [value: unknown, seq: number])[];

interface Entry {
  readonly id: string;
  readonly nodeId: string;
  readonly createdSeq: number;
  readonly written: (path: string) => readonly [value: unknown, seq: number] | undefined;
}

/** Of several writes of an attribute the last counts. */
function lastOf(written: Written): readonly [unknown, number] | undefined {
  return written.toSorted(([, a], [, b]) => b - a)[0];
}

function entriesOf(profiles: readonly KnownProfile[]): Entry[] {
  const entries: Entry[] = [];
  for (const root of profiles.filter((profile) => profile.id === profile.recordId)) {
    const members = profiles.filter(({ recordId }) => recordId === root.id);
    const written = (path: string) =>
      lastOf(members.flatMap(({ attributes }) => (attributes[path] ? [attributes[path]] : [])));
    entries.push({ id: root.id, nodeId: root.nodeId, createdSeq: root.createdSeq, written });
  }
  return entries;
}

const paths = ['base.contacts.email', 'base.firstName', 'base.lastName', 'base.address.city', 'tags.manual'];

function shownOf(entry: Entry): Record<string, unknown> {
  return Object.fromEntries(paths.map((path) => [path, entry.written(path)?.[0] ?? null]));
}

export function expectedCustomers(
  { entryNodes, alike, excludes }: OracleAggregate,
  profiles: readonly KnownProfile[],
): ExpectedCustomer[] {
  const possible = entriesOf(profiles).filter(
    (entry) => entryNodes.includes(entry.nodeId) && !excludes(shownOf(entry)),
  );
  const groups = Map.groupBy(possible, (entry) => alike(shownOf(entry)) ?? `alone ${entry.id}`);
  return [...groups.values()].map((entries) => {
    const parts = entries.toSorted((a, b) => a.createdSeq - b.createdSeq);
    const of = (path: string): Written =>
      parts.flatMap((part) => {
        const one = part.written(path);
        return one && one[0] !== null ? [one] : [];
      });
    const tags = of('tags.manual')
      .toSorted(([, a], [, b]) => a - b)
      .flatMap(([value]) => value as unknown[]);
    return {
      parts: parts.map(({ id }) => id),
      firstName: lastOf(of('base.firstName'))?.[0] ?? null,
      city: lastOf(of('base.address.city'))?.[0] ?? null,
      tags: [...new Set(tags)],
    };
  });
}

interface Bearer {
  /** The profile that the id came with, and when that one was created. */
  readonly id: string;
  readonly since: number;
  readonly own: string | undefined;
  readonly alike: string | undefined;
}

/**
 * Which id each customer has, by the profile that it came with: each profile brings one along; of those that meet the oldest counts. Told of the
 * profiles after each step.
 */
export class OracleIds {
  #bearers = new Map<string, Bearer>();

  update({ entryNodes, alike, excludes }: OracleAggregate, profiles: readonly KnownProfile[]): void {
    const placeOf = (entry: Entry) => {
      const shown = shownOf(entry);
      return excludes(shown) ? undefined : (alike(shown) ?? `alone ${entry.id}`);
    };
    const records = new Map(entriesOf(profiles).map((entry) => [entry.id, placeOf(entry)]));
    const before = this.#bearers;
    const after = new Map<string, Bearer>();
    for (const profile of profiles.filter(({ nodeId }) => entryNodes.includes(nodeId))) {
      const { id, createdSeq } = profile;
      const own = entriesOf([{ ...profile, recordId: id }]).map(placeOf)[0];
      const bears = before.get(id) ?? { id, since: createdSeq };
      after.set(id, { id: bears.id, since: bears.since, own, alike: records.get(profile.recordId) });
    }
    const leavers = [...before].filter(([name, { own }]) => own !== undefined && !after.get(name)?.own);
    for (const [name, leaver] of leavers.toSorted(([, a], [, b]) => a.since - b.since)) {
      const isMerged = leaver.alike !== undefined && leaver.alike !== leaver.own;
      const of = isMerged && !after.has(name) ? 'alike' : 'own';
      const heirs = [...after].filter(([one]) => one !== name && before.get(one)?.[of] === leaver[of]);
      const left = heirs.filter(([, one]) => one[of] !== undefined).sort(([, a], [, b]) => a.since - b.since);
      const [heir] = left.filter(([, one]) => one[of] === leaver[of]).concat(left);
      if (!heir || left.some(([, { since }]) => since < leaver.since)) continue;
      after.set(heir[0], { ...heir[1], id: leaver.id, since: leaver.since });
      const back = after.get(name);
      if (back) after.set(name, { ...back, id: heir[1].id, since: heir[1].since });
    }
    this.#bearers = after;
  }

  /** With which profile the id of a customer of these records came. */
  idOf(records: readonly string[], profiles: readonly KnownProfile[]): string | undefined {
    const members = profiles.filter(({ recordId }) => records.includes(recordId));
    const bearers = members.flatMap(({ id }) => this.#bearers.get(id) ?? []);
    return bearers.sort((a, b) => a.since - b.since)[0]?.id;
  }
}
