import { changeConfiguration } from '../../core/workspace/change-configuration.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import type { RebuildPart, RebuildStep } from '../projection.ts';
import { type CatalogueEntry, insertCatalogueEntries, maximumNamesOf } from './catalogue.ts';
import { readDerivedEntries, seqsPerSlice } from './derive-catalogue.ts';

const entriesPerStatement = 5000;

/**
 * Makes a workspace's property catalogue anew, as one part, and counts its entries. The events are read in slices without a lock;
 * what came in or was edited meanwhile is read, and the catalogue replaced, in one transaction under the head lock. What no event
 * carries any more is gone after it. One that is stopped begins anew.
 */
export async function rebuildCatalogue({ stopping, ...services }: RebuildPart): Promise<RebuildStep> {
  const { database, workspaceId } = services;
  const collected = new Entries();
  const start = await readLastSeq(database, workspaceId);
  for (let seq = 0; seq < start; seq += seqsPerSlice) {
    if (stopping.aborted) return { counted: 0, next: null };
    const bounds = [seq, Math.min(start, seq + seqsPerSlice)];
    collected.add(await readDerivedEntries(database, workspaceId, 'e.seq > $2 and e.seq <= $3', bounds));
  }
  await changeConfiguration(services, workspaceId, new Date(), async ({ tx }) => {
    const edited = `e.id in (select c.entity_id from change c
                              where c.workspace_id = $1 and c.entity = 'event' and c.seq > $2)`;
    collected.add(await readDerivedEntries(tx, workspaceId, edited, [start]));
    collected.add(await readDerivedEntries(tx, workspaceId, 'e.seq > $2', [start]));
    await tx.query('delete from property where workspace_id = $1', [workspaceId]);
    for (let index = 0; index < collected.entries.length; index += entriesPerStatement) {
      const some = collected.entries.slice(index, index + entriesPerStatement);
      await insertCatalogueEntries(tx, workspaceId, some);
    }
  });
  return { counted: collected.entries.length, next: 'done' };
}

/** Each entry once, and of a type and source no more names than the catalogue keeps. */
class Entries {
  readonly entries: CatalogueEntry[] = [];
  readonly #names = new Map<string, Map<string, Set<string>>>();
  readonly #counts = new Map<string, number>();

  add(entries: readonly CatalogueEntry[]): void {
    for (const entry of entries) {
      const names = this.#names.getOrInsertComputed(
        `${entry.typeId}/${entry.sourceId}`,
        () => new Map<string, Set<string>>(),
      );
      const of = `${entry.typeId}/${entry.sourceId}/${entry.keyless}`;
      const count = this.#counts.get(of) ?? 0;
      if (!names.has(entry.name)) {
        if (count >= maximumNamesOf(entry.keyless)) continue;
        this.#counts.set(of, count + 1);
      }
      const dataTypes = names.getOrInsertComputed(entry.name, () => new Set<string>());
      if (dataTypes.has(entry.dataType)) continue;
      dataTypes.add(entry.dataType);
      this.entries.push(entry);
    }
  }
}
