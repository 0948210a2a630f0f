import { identityKinds, type Key } from '../../../core/identity/identity.ts';
import { type ProfileRow, profileColumns, profileFromRow } from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter, Queryable } from '../../../store/queryable.ts';
import { customerDefaults, locate } from '../rules/customer-shape.ts';
import { type Condition, conditionPaths, planCondition } from './condition.ts';
import { recordOf, type ShownRecord } from './record.ts';

/** Of the matches only so many count, by the asked order (Search customers: "the maximum number of matched elements"). */
export const maximumMatches = 10_000;
export const maximumSortKeys = 2;

export interface SortKey {
  readonly path: string;
  readonly descending: boolean;
}

export interface RecordSearch {
  readonly nodeId: number;
  /** A key that one of the record's profiles has: what makes a search fast. */
  readonly key: Key | null;
  readonly condition: Condition | null;
  /** Empty: the last updated first. Records without a value come last. */
  readonly sort: readonly SortKey[];
  readonly offset: number;
  readonly limit: number;
}

export interface FoundRecords {
  readonly records: readonly ShownRecord[];
  /** Of all matches, at most `maximumMatches`. */
  readonly total: number;
  /** Of all records of the node, at most `maximumMatches`. */
  readonly unfilteredTotal: number;
}

/** A page of a node's records. One statement, so that page and totals are of one moment. */
export async function searchRecords(
  connection: Queryable,
  workspaceId: WorkspaceId,
  search: RecordSearch,
): Promise<FoundRecords> {
  const { text, parameters } = planSearch(workspaceId, search);
  const rows = await connection.query<
    { total: number; unfiltered: number; place: number | null } & ProfileRow
  >(text, parameters);
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

/** What the record shows, by attribute path: most have one known profile, else it is the value written last of each. */
const shownAttributes = `(
  case when exists (
    select from profile m where m.workspace_id = $1 and m.record_id = p.id and m.id <> p.id and not m.anonymous
  ) then (
    select jsonb_object_agg(latest.key, latest.value) from (
      select distinct on (a.key) a.key, a.value
        from profile m cross join lateral jsonb_each(m.attributes) a
       where m.workspace_id = $1 and m.record_id = p.id and not m.anonymous
       order by a.key, (a.value ->> 1)::bigint desc
    ) latest
  ) else p.attributes end)`;

const instant = (column: string) =>
  `jsonb_build_array(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+0000"'))`;

/** What is no attribute but can be asked for. Making it costs as much as all the rest, so it is there only when it is. */
const systemValues = {
  id: 'jsonb_build_array(p.id)',
  intId: 'jsonb_build_array(p.created_seq)',
  version: 'jsonb_build_array(p.version)',
  registeredAt: instant('p.created_at'),
  updatedAt: instant('p.updated_at'),
  // Of those that are found.
  deleted: 'jsonb_build_array(0)',
} as const;

const systemDocument = Object.entries(systemValues)
  .map(([name, value]) => `'${name}', ${value}`)
  .join(', ');

/** What stands where nothing was written, in the form of attributes. */
const defaultDocument = `jsonb_build_object(${Object.entries(customerDefaults)
  .map(([name, value]) => `'${name}', jsonb_build_array(${JSON.stringify(value)})`)
  .join(', ')})`;

function documentFor({ condition, sort }: RecordSearch): string {
  const paths = [...(condition ? conditionPaths(condition) : []), ...sort.map((key) => key.path)];
  const parts: string[] = [shownAttributes];
  if (paths.some((path) => Object.hasOwn(customerDefaults, path))) parts.unshift(defaultDocument);
  if (paths.some((path) => Object.hasOwn(systemValues, path)))
    parts.push(`jsonb_build_object(${systemDocument})`);
  return `(${parts.join(' || ')})`;
}

const isRecordOfNode =
  'p.workspace_id = $1 and p.node_id = $2 and not p.anonymous and p.record_id = p.id and p.deleted_at is null';

/**
 * The statement's text varies only with which of its few parts are there, since each text is kept as a prepared statement by the
 * server; what is asked for is in the parameters.
 */
function planSearch(workspaceId: WorkspaceId, search: RecordSearch) {
  const parameters: Parameter[] = [workspaceId, search.nodeId, search.offset, search.limit];
  const add = (value: Parameter): string => `$${parameters.push(value)}`;
  const where = [isRecordOfNode];
  const document = documentFor(search);
  if (search.key) {
    where.push(`p.id in (
      select k.record_id from identity i join profile k on k.workspace_id = $1 and k.id = i.profile_id
       where i.workspace_id = $1 and i.node_id = $2
         and i.kind = ${add(identityKinds[search.key.kind])}::smallint and i.value = ${add(search.key.value)}::text)`);
  }
  if (search.condition) {
    const { expression, variables } = planCondition(search.condition);
    const values = add(JSON.stringify(variables));
    where.push(
      `coalesce(jsonb_path_match(${document}, ${add(expression)}::jsonpath, ${values}::text::jsonb, true), false)`,
    );
  }
  const order = search.sort.map(({ path, descending }) => {
    const place = add(arrayLiteral(documentPath(path)));
    const direction = descending ? 'desc' : 'asc';
    return `nullif(${document} #> ${place}::text::text[], 'null') ${direction} nulls last`;
  });
  const text = `with matched as (
      select ordered.id, row_number() over () as place
        from (
          select p.id from profile p where ${where.join(' and ')}
           order by ${[...order, 'p.updated_at desc', 'p.id'].join(', ')} limit ${maximumMatches}
        ) ordered
    ), totals as (
      select (select count(*) from matched) as total,
             (select count(*) from (select from profile p where ${isRecordOfNode} limit ${maximumMatches}) u) as unfiltered
    )
    select t.total, t.unfiltered, m.place, ${columnsOf('r', profileColumns)}
      from totals t
      left join matched m on m.place > $3::bigint and m.place <= $3::bigint + $4::bigint
      left join profile r on r.workspace_id = $1 and r.record_id = m.id and not r.anonymous
     order by m.place, (r.id = m.id) desc, r.created_seq`;
  return { text, parameters };
}

/** Where the attribute's value is in `{path: [value, …]}`. */
function documentPath(path: string): string[] {
  const place = locate(path);
  return place.kind === 'attribute' ? [place.path, '0', ...place.members] : [place.prefix];
}
