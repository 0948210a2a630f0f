import type { KnownProfile } from '../../helpers/store.ts';

/** The slow and obvious aggregate: what its customers are by the profiles that are there. */

export interface OracleAggregate {
  readonly entryNodes: readonly string[];
  /** What its customers have alike of the values that a record shows; undefined: one of them is missing. */
  readonly alike: (shown: Readonly<Record<string, unknown>>) => string | undefined;
  readonly excludes: (shown: Readonly<Record<string, unknown>>) => boolean;
}

export interface ExpectedCustomer {
  /** What its parts have alike; null: it has one part, that lacks something. */
  readonly alike: string | null;
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
  return [...groups].map(([key, entries]) => {
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
      alike: key.startsWith('alone ') ? null : key,
      parts: parts.map(({ id }) => id),
      firstName: lastOf(of('base.firstName'))?.[0] ?? null,
      city: lastOf(of('base.address.city'))?.[0] ?? null,
      tags: [...new Set(tags)],
    };
  });
}
