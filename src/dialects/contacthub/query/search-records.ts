import { type ProfileRow, profileColumns, profileFromRow } from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter } from '../../../store/queryable.ts';
import { propertyTerm } from '../projection/derive-values.ts';
import { attributeColumns, orderedColumns } from '../projection/indexed-values.ts';
import type { HiddenEvents } from '../retention/due-rules.ts';
import { placeInAttributes } from '../rules/customer-shape.ts';
import type { Condition } from './condition.ts';
import { customerDocument } from './customer-document.ts';
import { type AddParameter, type Planning, planRecordsCondition } from './plan-records-condition.ts';
import { recordOf, type ShownRecord } from './record.ts';
import type { RecordSource } from './record-source.ts';
import { maximumMatches, searchMilliseconds } from './search-bounds.ts';

export const maximumSortKeys = 5;

export interface SortKey {
  readonly path: string;
  readonly descending: boolean;
}

export interface RecordSearch {
  readonly nodeId: number;
  /** Of the node's records. */
  readonly source: RecordSource;
  /** Null: everybody. */
  readonly condition: Condition | null;
  /** Empty: the last updated first. Records without a value come last. */
  readonly sort: readonly SortKey[];
  /** Likewise of events of a type, in event_value. */
  readonly indexedOfEvents: Planning['indexedOfEvents'];
  /** What the node does not show of their events. */
  readonly hiddenEvents: readonly HiddenEvents[];
  /** Paths of attributes that are stored and not shown. */
  readonly hidden: Iterable<string>;
  /** Paths of extended properties whose values are all in customer_value. */
  readonly indexed: ReadonlySet<string>;
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
    { milliseconds: searchMilliseconds, once: true, dear: true },
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

/** What an order needs to know of the row `c`. */
function columnsFor(order: string): string {
  const always = ['record_id', 'updated_at', 'registered_at', 'merged', 'merged_values'];
  const asked = [...attributeColumns.values()].filter((column) => order.includes(`c.${column} `));
  return [...always, ...asked].map((column) => `c.${column}`).join(', ');
}

export function planSearch(workspaceId: WorkspaceId, search: RecordSearch) {
  const { nodeId, source, condition, sort, hidden, indexed, offset, limit } = search;
  const { hiddenEvents, indexedOfEvents } = search;
  const parameters: Parameter[] = [workspaceId, nodeId];
  const add: AddParameter = (value) => `$${parameters.push(value)}`;
  const planning: Planning = { add, indexed, source, hiddenEvents, indexedOfEvents };
  const matches = condition ? planRecordsCondition(condition, planning).sql : 'true';
  const from = Math.min(offset, maximumMatches);
  const end = Math.min(offset + limit, maximumMatches);
  const bound = enough(end);
  const keys = [...sort.map((key, index) => planSortKey(key, index, planning)), ...lastKeys];
  const within = `c.workspace_id = $1 and c.node_id = $2 and (${matches})`;
  const gate = `(select total from size) > ${add(bound)}::bigint`;
  const text = `with hidden as materialized (
      select ${add(arrayLiteral([...hidden]))}::text::text[] as paths
    ), found as materialized (
      select ${columnsFor(orderBy(keys))} from customer_index c where ${within} limit ${add(bound + 1)}::bigint
    ), size as materialized (
      select count(*) as total from found
    ), ${goThrough(`${within} and ${gate}`, keys, `${add(end)}::bigint`)}, page as (
      (select c.record_id, row_number() over (order by ${orderBy(keys)}) as place from found c ${joinsOf(keys)}
        where not ${gate} order by place limit ${add(end)}::bigint)
      union all
      (select w.record_id, row_number() over (order by w.leg, w.place) as place from walked w)
    )
    select least(s.total, ${maximumMatches}) as total,
           coalesce((select n.total from customer_count n where n.workspace_id = $1 and n.node_id = $2), 0) as unfiltered,
           m.place, ${columnsOf('r', profileColumns)}
      from size s
      left join page m on m.place > ${add(from)}::bigint and m.place <= ${add(end)}::bigint
      left join ${source.profiles} r on r.workspace_id = $1 and r.record_id = m.record_id and not r.anonymous and r.deleted_at is null
     order by m.place, (r.id = m.record_id) desc, r.created_seq`;
  return { text, parameters };
}

/** A key of the order, of the row `c` of customer_index. */
interface PlannedKey {
  /** As `order by` has it, those without a value last. */
  readonly order: string;
  /** Where the order is that of an index, but for those without a value: the order, and who has one. */
  readonly walk?: { readonly order: string; readonly known: string; readonly unknown: string };
  /** The row of customer_value that the order is by. */
  readonly value?: { readonly alias: string; readonly property: string };
}

const lastKeys: readonly PlannedKey[] = [{ order: 'c.updated_at desc' }, { order: 'c.record_id' }];

const orderBy = (keys: readonly PlannedKey[]) => keys.map(({ order }) => order).join(', ');

/** Looked up one by one (`limit 1` keeps it so): there are no more rows than are counted. */
const joinsOf = (keys: readonly PlannedKey[]) =>
  keys
    .flatMap(({ value }) => value ?? [])
    .map(
      ({ alias, property }) => `
      left join lateral (select number, text, true as known from customer_value
        where workspace_id = $1 and record_id = c.record_id and property = ${property} limit 1) ${alias} on true`,
    )
    .join('');

/**
 * SQL of `walked`, the first of the matches in the order of the keys. An index is in order with those without a value elsewhere than last:
 * then the others are a leg of their own, which is gone only where the first was too short.
 */
function goThrough(matches: string, keys: readonly PlannedKey[], end: string): string {
  const leg = (number: number, from: string, condition: string, order: string) => `
    select c.record_id, ${number} as leg, row_number() over () as place from (
      select c.record_id from ${from} where ${matches}${condition} order by ${order} limit ${end}) c`;
  const [first, ...rest] = keys;
  if (!first?.walk) return `walked as (${leg(1, `customer_index c${joinsOf(keys)}`, '', orderBy(keys))})`;
  const { order, known, unknown } = first.walk;
  const others = `customer_index c${joinsOf(rest)}`;
  const those = first.value ? `${recordOfValue(first.value.alias)}${joinsOf(rest)}` : others;
  return `known as materialized (${leg(1, those, ` and ${known}`, `${order}, ${orderBy(rest)}`)}
    ), walked as (
      select * from known
      union all
      (${leg(2, others, ` and ${unknown} and (select count(*) from known) < ${end}`, orderBy(rest))})
    )`;
}

/**
 * A row of customer_value with that of its record, which is looked up by its key (`limit 1` keeps it so) whatever the planner knows of a
 * growing table: it has gone through all of the node for each value.
 */
function recordOfValue(alias: string): string {
  return `customer_value ${alias} cross join lateral (
      select * from customer_index where workspace_id = $1 and record_id = ${alias}.record_id limit 1) c`;
}

function planSortKey(
  { path, descending }: SortKey,
  index: number,
  { add, indexed, source }: Planning,
): PlannedKey {
  const direction = descending ? 'desc' : 'asc';
  const column = sortColumn(path);
  if (column && !attributeColumns.has(path)) return { order: `c.${column} ${direction}` };
  const order = (expression: string) => `${expression} ${direction} nulls last`;
  if (column && !descending) return { order: order(`c.${column}`) };
  if (column) {
    const walk = {
      order: `c.${column} desc`,
      known: `c.${column} is not null`,
      unknown: `c.${column} is null`,
    };
    return { order: order(`c.${column}`), walk };
  }
  if (indexed.has(path)) return planIndexedKey(`s${index}`, propertyTerm(`${add(path)}::text`), descending);
  const place = add(arrayLiteral(placeInAttributes(path)));
  return { order: order(`nullif(${customerDocument([path], source)} #> ${place}::text::text[], 'null')`) };
}

/** Texts before numbers, as in documents. */
function planIndexedKey(alias: string, property: string, descending: boolean): PlannedKey {
  const order = descending
    ? `${alias}.number desc nulls last, ${alias}.text desc`
    : `${alias}.number nulls first, ${alias}.text`;
  // Without the node a row is looked up by its key, whatever the planner knows of a growing table.
  const is = (columns: string) =>
    `${columns}.workspace_id = $1 and ${columns}.property = ${property} and ${columns}.record_id = c.record_id`;
  return {
    order: `${alias}.known, ${order}`,
    walk: {
      order,
      known: `${is(alias)} and ${alias}.node_id = $2`,
      unknown: `not exists (select from customer_value n where ${is('n')})`,
    },
    value: { alias, property },
  };
}

/** Whether an index is in this order. */
export function isSortServed({ path }: SortKey, indexed: ReadonlySet<string>): boolean {
  return path === 'updatedAt' || orderedColumns.has(sortColumn(path) ?? '') || indexed.has(path);
}

function sortColumn(path: string): string | undefined {
  if (path === 'updatedAt') return 'updated_at';
  if (path === 'registeredAt') return 'registered_at';
  if (path === 'id') return 'record_id';
  return attributeColumns.get(path);
}
