import { identityKinds } from '../../../core/identity/identity.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Parameter, Queryable } from '../../../store/queryable.ts';
import { readUsers, type User } from './read-users.ts';
import {
  maximumCandidates,
  maximumPassed,
  type UserFilter,
  type UserOrder,
  type UserSearch,
} from './user-search.ts';

export interface FoundUsers {
  readonly users: User[];
  /** Of those among the last changed `maximumCandidates` profiles. */
  readonly total: number;
}

/**
 * A page of a node's users: its records of which a key or a field is known. Looks at no more than `maximumCandidates` of their
 * profiles.
 */
export async function searchUsers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  search: UserSearch,
): Promise<FoundUsers> {
  const { text, parameters } = planSearch(workspaceId, nodeId, search);
  const rows = await connection.query<{ total: number; record_id: string | null }>(text, parameters);
  const recordIds = rows.flatMap((row) => row.record_id ?? []);
  return {
    users: await readUsers(connection, workspaceId, recordIds),
    total: rows[0]?.total ?? 0,
  };
}

/**
 * The statement's text varies only with the number of filters of each kind and what is sorted by; all names and values are
 * parameters. A merged user has the value written last for the order, and any of its values for the filters.
 */
function planSearch(workspaceId: WorkspaceId, nodeId: number, search: UserSearch) {
  const parameters: Parameter[] = [workspaceId, nodeId, search.offset, search.limit];
  const add = (value: Parameter): string => `$${parameters.push(value)}`;
  const filters = search.filters.toSorted((a, b) => (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : 0));
  const matches = filters.map((filter, index) => `${planFilter(filter, add)} as matches_${index}`);
  const having = filters.map((_filter, index) => `bool_or(c.matches_${index})`);
  const { sorted, order } = planOrder(search.order, add);
  // An array and not a join, so that the records are looked up by it and not compared with all that there are.
  const byKey = search.key
    ? `and p.record_id = any (array(
         select k.record_id from identity i join profile k on k.workspace_id = $1 and k.id = i.profile_id
          where i.workspace_id = $1 and i.node_id = $2 and i.kind = ${add(identityKinds[search.key.kind])}::smallint
            and i.value = ${add(search.key.value)}::text limit ${maximumCandidates}))`
    : '';
  const text = `with candidate as (
      select p.id, p.record_id, p.created_at, p.updated_at, p.created_seq${[...sorted, ...matches].map((part) => `, ${part}`).join('')}
        from (select * from profile p where p.workspace_id = $1 and p.node_id = $2 ${byKey}
               order by p.updated_at desc limit ${maximumPassed}) p
       where p.deleted_at is null and (not p.anonymous or p.attributes <> '{}')
       order by p.updated_at desc limit ${maximumCandidates}
    ), matched as (
      select c.record_id, row_number() over (order by ${order}, min(c.created_seq)) as place
        from candidate c group by c.record_id ${having.length > 0 ? `having ${having.join(' and ')}` : ''}
    )
    select t.total, m.record_id
      from (select count(*) as total from matched) t
      left join matched m on m.place > $3::bigint and m.place <= $3::bigint + $4::bigint
     order by m.place`;
  return { text, parameters };
}

/** True or false, never unknown. Only texts hold parts. */
function planFilter(filter: UserFilter, add: (value: Parameter) => string): string {
  const value = `(p.attributes -> ${add(attributePath(filter.field))}::text -> 0)`;
  if (filter.kind === 'equals')
    return `coalesce(${value} = ${add(JSON.stringify(filter.value))}::text::jsonb, false)`;
  return `coalesce(jsonb_typeof(${value}) = 'string'
                   and position(lower(${add(filter.part)}::text) in lower(${value} #>> '{}')) > 0, false)`;
}

/** Numbers by size, before texts by their letters. */
function planOrder({ by, descending }: UserOrder, add: (value: Parameter) => string) {
  const direction = descending ? 'desc' : 'asc';
  if (by.kind === 'created') return { sorted: [], order: `min(c.created_at) ${direction}` };
  if (by.kind === 'updated') return { sorted: [], order: `max(c.updated_at) ${direction}` };
  const path = `${add(attributePath(by.key))}::text`;
  const last = "(array_agg(c.sorted order by c.sorted_seq desc) filter (where c.sorted <> 'null'))[1]";
  return {
    sorted: [
      `p.attributes -> ${path} -> 0 as sorted`,
      `(p.attributes -> ${path} ->> 1)::bigint as sorted_seq`,
    ],
    order: `case when jsonb_typeof(${last}) = 'number' then (${last} #>> '{}')::numeric end ${direction} nulls last,
            lower(${last} #>> '{}') ${direction} nulls last`,
  };
}

/** Where prepared events keep user fields among a profile's attributes. */
function attributePath(key: string): string {
  return `fields.${key}`;
}
