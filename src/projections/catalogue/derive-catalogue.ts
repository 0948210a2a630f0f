import type { DataType } from '../../core/event/data-type.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** A slice's events, by seq: their properties are read whole. */
export const seqsPerSlice = 20_000;

/** core/event/data-type.ts `dataTypeOf` in SQL: `p.value` is json. */
const dataType = `case json_typeof(p.value)
    when 'string' then case when length(p.value #>> '{}') between 20 and 35 and (p.value #>> '{}')
      ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})$'
      then 'date' else 'string' end
    else json_typeof(p.value) end`;

/** Whether an event came without a key: the engine says so in its detail. */
const keyless = "coalesce(e.detail->>'keyless' = 'true', false)";

/** What the events that meet a condition on `e` carry, with and without a key, by the seq that brought it first. */
export function deriveCatalogue(condition: string): string {
  return `select e.type_id, coalesce(e.source_id, 0) as source_id, p.key as name, ${dataType} as data_type, ${keyless} as keyless,
                 min(e.seq) as first_seq
            from event e cross join lateral json_each(e.properties) as p
           where e.workspace_id = $1 and ${condition} and json_typeof(p.value) <> 'null'
           group by 1, 2, 3, 4, 5`;
}

/** The entries of the events that meet a condition, oldest first. */
export async function readDerivedEntries(
  connection: Queryable,
  workspaceId: WorkspaceId,
  condition: string,
  parameters: readonly number[],
): Promise<CatalogueEntry[]> {
  const rows = await connection.query<{
    type_id: number;
    source_id: number;
    name: string;
    data_type: DataType;
    keyless: boolean;
  }>(`${deriveCatalogue(condition)} order by first_seq`, [workspaceId, ...parameters]);
  return rows.map((row) => ({
    typeId: row.type_id,
    sourceId: row.source_id,
    name: row.name,
    dataType: row.data_type,
    keyless: row.keyless,
  }));
}
