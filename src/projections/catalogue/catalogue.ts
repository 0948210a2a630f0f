import { type DataType, dataTypeOf } from '../../core/event/data-type.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Names kept for one event type and source; beyond it a hostile client would fill the catalogue. */
export const maximumNames = 1000;
/** Beside them, names that visitors' events have brought. */
export const maximumKeylessNames = 200;

export function maximumNamesOf(keyless: boolean): number {
  return keyless ? maximumKeylessNames : maximumNames;
}

export interface CatalogueEntry {
  readonly typeId: number;
  /** 0 where the event has no source. */
  readonly sourceId: number;
  readonly name: string;
  readonly dataType: DataType;
  /** True: a visitor's event brought the name; it counts on the visitors' own budget. */
  readonly keyless: boolean;
}

/**
 * Which properties events carry: what this process knows to be stored. An entry is only ever added, so what is known needs no
 * statement. `rebuild` of the catalogue moves the configuration's version, which empties it.
 */
export class Catalogue {
  readonly #known = new Map<string, NamesOfType>();
  readonly version: number;

  constructor(version: number) {
    this.version = version;
  }

  /** Those of an event's properties that are not known to be stored. */
  newEntries(
    typeId: number,
    sourceId: number,
    properties: Readonly<Record<string, unknown>>,
    keyless: boolean,
  ): CatalogueEntry[] {
    const { keyed, visitors } = this.#known.get(`${typeId}/${sourceId}`) ?? { keyed: none, visitors: none };
    const room = maximumNamesOf(keyless) - (keyless ? visitors : keyed).size;
    const entries: CatalogueEntry[] = [];
    for (const name of Object.keys(properties)) {
      const dataType = dataTypeOf(properties[name]);
      if (!dataType || keyed.get(name)?.has(dataType)) continue;
      // What only visitors have named may have been one too many: with a key it is asked for again.
      if (keyless && visitors.get(name)?.has(dataType)) continue;
      const isNew = !keyed.has(name) && !(keyless && visitors.has(name));
      if (isNew && entries.length >= room) continue;
      entries.push({ typeId, sourceId, name, dataType, keyless });
    }
    return entries;
  }

  /** After the commit that stored it. */
  learn({ typeId, sourceId, name, dataType, keyless }: CatalogueEntry): void {
    const { keyed, visitors } = this.#known.getOrInsertComputed(
      `${typeId}/${sourceId}`,
      (): NamesOfType => ({ keyed: new Map(), visitors: new Map() }),
    );
    const names = keyless && !keyed.has(name) ? visitors : keyed;
    names.getOrInsertComputed(name, () => new Set()).add(dataType);
  }
}

type Names = Map<string, Set<DataType>>;

/** Of one event type and source: the names that are known, with the data types of each, by who has brought them. */
interface NamesOfType {
  readonly keyed: Names;
  readonly visitors: Names;
}

const none: ReadonlyMap<string, ReadonlySet<DataType>> = new Map();

/** Stores entries, each given once; of names that would be too many of a type and source, none. */

export async function insertCatalogueEntries(
  connection: Queryable,
  workspaceId: WorkspaceId,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  await connection.query(
    `insert into property (workspace_id, type_id, source_id, name, data_type, keyless)
     with fresh as materialized (
       select n.*, dense_rank() over (partition by n.type_id, n.source_id, n.keyless order by n.name) as place
         from unnest($2::text::integer[], $3::text::integer[], $4::text::text[], $5::text::text[], $6::text::boolean[])
                as n (type_id, source_id, name, data_type, keyless)
        where not exists (select from property p where p.workspace_id = $1 and p.type_id = n.type_id
                             and p.source_id = n.source_id and p.name = n.name)),
     known as materialized (
       select g.type_id, g.source_id, g.keyless, a.total
         from (select distinct type_id, source_id, keyless from fresh) g
        cross join lateral (select count(distinct p.name) as total from property p
                             where p.workspace_id = $1 and p.type_id = g.type_id and p.source_id = g.source_id
                               and p.keyless = g.keyless) a),
     refused as materialized (
       select f.type_id, f.source_id, f.name, f.keyless from fresh f
         join known k on k.type_id = f.type_id and k.source_id = f.source_id and k.keyless = f.keyless
        where k.total + f.place > case when f.keyless then ${maximumKeylessNames} else ${maximumNames} end)
     select h.workspace_id, n.*
       from workspace_head h,
            unnest($2::text::integer[], $3::text::integer[], $4::text::text[], $5::text::text[], $6::text::boolean[])
              as n (type_id, source_id, name, data_type, keyless)
      where h.workspace_id = $1
        and not exists (select from refused r where r.type_id = n.type_id and r.source_id = n.source_id and r.name = n.name
                             and r.keyless = n.keyless)
     on conflict do nothing`,
    [
      workspaceId,
      arrayLiteral(entries.map((entry) => entry.typeId)),
      arrayLiteral(entries.map((entry) => entry.sourceId)),
      arrayLiteral(entries.map((entry) => entry.name)),
      arrayLiteral(entries.map((entry) => entry.dataType)),
      arrayLiteral(entries.map((entry) => String(entry.keyless))),
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
