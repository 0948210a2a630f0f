import { type ProfileRow, profileColumns, profileFromRow } from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter } from '../../../store/queryable.ts';
import { attributeColumns, orderedColumns } from '../projection/indexed-values.ts';
import { locate } from '../rules/customer-shape.ts';
import type { Condition } from './condition.ts';
import { customerDocument } from './customer-document.ts';
import { type AddParameter, planRecordsCondition } from './plan-records-condition.ts';
import { recordOf, type ShownRecord } from './record.ts';
import { maximumMatches, searchMilliseconds } from './search-bounds.ts';

export const maximumSortKeys = 5;

export interface SortKey {
  readonly path: string;
  readonly descending: boolean;
}

export interface RecordSearch {
  readonly nodeId: number;
  /** Null: everybody. */
  readonly condition: Condition | null;
  /** Empty: the last updated first. Records without a value come last. */
  readonly sort: readonly SortKey[];
  /** Paths of attributes that are stored and not shown. */
  readonly hidden: Iterable<string>;
  readonly offset: number;
  readonly limit: number;
}

export interface FoundRecords {
  readonly records: readonly ShownRecord[];
  /** Of all matches, at most `maximumMatches`. */
  readonly total: number;
  /** Of all records of the node. */
  readonly unfilteredTotal: number;
}

/**
 * A page of a node's records. One statement, so that page and totals are of one moment.
 * @throws TookTooLongError after `searchMilliseconds`
 */
export async function searchRecords(
  database: Database,
  workspaceId: WorkspaceId,
  search: RecordSearch,
): Promise<FoundRecords> {
  const { text, parameters } = planSearch(workspaceId, search);
  const rows = await database.query<{ total: number; unfiltered: number; place: number | null } & ProfileRow>(
    text,
    parameters,
    { milliseconds: searchMilliseconds, once: true },
  );
  const byPlace = Map.groupBy(
    rows.filter((row) => row.place !== null),
    (row) => row.place,
  );
  return {
    records: [...byPlace.values()].flatMap((group) => recordOf(group.map(profileFromRow)) ?? []),
    total: rows[0]?.total ?? 0,
    unfilteredTotal: rows[0]?.unfiltered ?? 0,
  };
}

/**
 * How many matches are looked for whatever their order. Where there are no more, the page is found by sorting them; where there are, by
 * going through an index in the asked order, which then meets enough of them soon.
 */
function enough(end: number): number {
  return end <= 1000 ? maximumMatches : 5 * maximumMatches;
}

const columns = `c.record_id, c.updated_at, c.registered_at, c.merged, c.merged_values, ${[
  ...attributeColumns.values(),
]
  .map((column) => `c.${column}`)
  .join(', ')}`;

export function planSearch(
  workspaceId: WorkspaceId,
  { nodeId, condition, sort, hidden, offset, limit }: RecordSearch,
) {
  const parameters: Parameter[] = [workspaceId, nodeId];
  const add: AddParameter = (value) => `$${parameters.push(value)}`;
  const matches = condition ? planRecordsCondition(condition, add).sql : 'true';
  const from = Math.min(offset, maximumMatches);
  const end = Math.min(offset + limit, maximumMatches);
  const bound = enough(end);
  const keys = [...sort.map((key) => planSortKey(key, add)), 'c.updated_at desc', 'c.record_id'];
  const order = keys.join(', ');
  const within = `c.workspace_id = $1 and c.node_id = $2 and (${matches})`;
  const gate = `(select total from size) > ${add(bound)}::bigint`;
  const text = `with hidden as materialized (
      select ${add(arrayLiteral([...hidden]))}::text::text[] as paths
    ), found as materialized (
      select ${columns} from customer_index c where ${within} limit ${add(bound + 1)}::bigint
    ), size as materialized (
      select count(*) as total from found
    ), page as (
      (select c.record_id, row_number() over (order by ${order}) as place from found c
        where not ${gate} order by place limit ${add(end)}::bigint)
      union all
      (select o.record_id, row_number() over (order by o.leg, o.place) as place
         from (${goThrough(`${within} and ${gate}`, keys, add(end))}) o)
    )
    select least(s.total, ${maximumMatches}) as total,
           coalesce((select n.total from customer_count n where n.workspace_id = $1 and n.node_id = $2), 0) as unfiltered,
           m.place, ${columnsOf('r', profileColumns)}
      from size s
      left join page m on m.place > ${add(from)}::bigint and m.place <= ${add(end)}::bigint
      left join profile r on r.workspace_id = $1 and r.record_id = m.record_id and not r.anonymous and r.deleted_at is null
     order by m.place, (r.id = m.record_id) desc, r.created_seq`;
  return { text, parameters };
}

/**
 * The first of the matches in the order of the keys. An index is in order with those without a value last, so that backwards they come
 * first: where they are to come last all the same, the others are a leg of their own.
 */
function goThrough(matches: string, keys: readonly string[], end: string): string {
  const leg = (number: number, condition: string, order: readonly string[]) => `
    (select c.record_id, ${number} as leg, row_number() over () as place from (
       select c.record_id from customer_index c where ${matches}${condition}
        order by ${order.join(', ')} limit ${end}::bigint) c)`;
  const [first = '', ...rest] = keys;
  const column = /^(c\.\w+) desc nulls last$/.exec(first)?.[1];
  if (column === undefined) return leg(1, '', keys);
  const known = leg(1, ` and ${column} is not null`, [`${column} desc`, ...rest]);
  return `${known} union all ${leg(2, ` and ${column} is null`, rest)}`;
}

function planSortKey({ path, descending }: SortKey, add: AddParameter): string {
  const column = sortColumn(path);
  if (column && !attributeColumns.has(path)) return `c.${column} ${descending ? 'desc' : 'asc'}`;
  const direction = `${descending ? 'desc' : 'asc'} nulls last`;
  if (column) return `c.${column} ${direction}`;
  const place = add(arrayLiteral(documentPath(path)));
  return `nullif(${customerDocument([path])} #> ${place}::text::text[], 'null') ${direction}`;
}

/** Whether an index is in this order. */
export function isSortServed({ path }: SortKey): boolean {
  return path === 'updatedAt' || orderedColumns.has(sortColumn(path) ?? '');
}

function sortColumn(path: string): string | undefined {
  if (path === 'updatedAt') return 'updated_at';
  if (path === 'registeredAt') return 'registered_at';
  if (path === 'id') return 'record_id';
  return attributeColumns.get(path);
}

/** Where the attribute's value is in `{path: [value, …]}`. */
function documentPath(path: string): string[] {
  const place = locate(path);
  return place.kind === 'attribute' ? [place.path, '0', ...place.members] : [place.prefix];
}
