import { type DataType, dataTypeOf } from '../../core/event/data-type.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Names kept for one event type and source; beyond it a hostile client would fill the catalogue. */
export const maximumNames = 1000;

export interface CatalogueEntry {
  readonly typeId: number;
  /** 0 where the event has no source. */
  readonly sourceId: number;
  readonly name: string;
  readonly dataType: DataType;
}

/**
 * Which properties events carry: what this process knows to be stored. An entry is only ever added, so what is known needs no
 * statement. `rebuild` of the catalogue moves the configuration's version, which empties it.
 */
export class Catalogue {
  readonly #known = new Map<string, Map<string, Set<DataType>>>();
  readonly version: number;

  constructor(version: number) {
    this.version = version;
  }

  /** Those of an event's properties that are not known to be stored. */
  newEntries(typeId: number, sourceId: number, properties: Record<string, unknown>): CatalogueEntry[] {
    const names = this.#known.get(`${typeId}/${sourceId}`);
    const entries: CatalogueEntry[] = [];
    for (const name of Object.keys(properties)) {
      const dataType = dataTypeOf(properties[name]);
      const known = names?.get(name);
      if (!dataType || known?.has(dataType)) continue;
      if (!known && (names?.size ?? 0) + entries.length >= maximumNames) continue;
      entries.push({ typeId, sourceId, name, dataType });
    }
    return entries;
  }

  /** After the commit that stored it. */
  learn(entry: CatalogueEntry): void {
    this.#known
      .getOrInsertComputed(`${entry.typeId}/${entry.sourceId}`, () => new Map<string, Set<DataType>>())
      .getOrInsertComputed(entry.name, () => new Set())
      .add(entry.dataType);
  }
}

export async function insertCatalogueEntries(
  connection: Queryable,
  workspaceId: WorkspaceId,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  await connection.query(
    `insert into property (workspace_id, type_id, source_id, name, data_type)
     select h.workspace_id, p.* from workspace_head h,
            unnest($2::text::integer[], $3::text::integer[], $4::text::text[], $5::text::text[]) as p
      where h.workspace_id = $1
     on conflict do nothing`,
    [
      workspaceId,
      arrayLiteral(entries.map((entry) => entry.typeId)),
      arrayLiteral(entries.map((entry) => entry.sourceId)),
      arrayLiteral(entries.map((entry) => entry.name)),
      arrayLiteral(entries.map((entry) => entry.dataType)),
    ],
  );
}

/** The properties of a source's events, by type, in byte order of the names. */
export async function readCatalogue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
): Promise<{ typeId: number; name: string }[]> {
  const rows = await connection.query<{ type_id: number; name: string }>(
    `select distinct type_id, name collate "C" as name from property
      where workspace_id = $1 and source_id = $2 order by type_id, name`,
    [workspaceId, sourceId],
  );
  return rows.map((row) => ({ typeId: row.type_id, name: row.name }));
}
