import type { Workspace, WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';
import { customerColumns, indexedValues } from './derive-customers.ts';
import { deriveValues, indexedProperties, type PropertyParameters, valueColumns } from './derive-values.ts';
import { zoneParameters } from './local-day.ts';
import { refreshRows, writeValues } from './refresh-customers.ts';

const properties: PropertyParameters = ['$3', '$4'];

/** SQL of the rows of customer_index that customers of aggregates give, of those that the condition holds for. */
const deriveAggregated = (condition: string) => `
    select p.workspace_id, p.id as record_id, p.node_id, p.created_at as registered_at, p.updated_at, false as merged,
           null::jsonb as merged_values, ${indexedValues}
      from aggregate_customer p cross join lateral (select p.attributes as attributes offset 0) s
     where p.workspace_id = $1 and ${condition}`;

const refresh = refreshRows({
  named: 'select k.id from unnest($2::text::uuid[]) as k (id)',
  derived: deriveAggregated('p.id = named.id'),
  columns: 'd.*',
  values: writeValues(properties),
  zone: 5,
});

/** Makes the rows that customers of aggregates are searched by anew; of customers that are gone, none. */
export async function indexAggregates(
  connection: Queryable,
  workspace: Workspace,
  customerIds: readonly string[],
): Promise<void> {
  await connection.query(refresh, [
    workspace.id,
    arrayLiteral(customerIds),
    ...indexedProperties(workspace),
    ...zoneParameters(workspace.timezone),
  ]);
}

const stored = (table: string) => `${table} where workspace_id = $1 and record_id = any($2::text::uuid[])`;

const wrongRows = `
  with derived as materialized (${deriveAggregated('p.id = any($2::text::uuid[])')}),
       valued as materialized (${deriveValues('derived', properties)})
  select (select count(*) from (
            (select ${customerColumns} from derived except select ${customerColumns} from ${stored('customer_index')})
             union all
            (select ${customerColumns} from ${stored('customer_index')} except select ${customerColumns} from derived)) w)
       + (select count(*) from (
            (select ${valueColumns} from valued except select ${valueColumns} from ${stored('customer_value')})
             union all
            (select ${valueColumns} from ${stored('customer_value')} except select ${valueColumns} from valued)) w) as wrong`;

/** How many of the rows differ from what the customers of aggregates give. */
export async function countWrongRows(
  connection: Queryable,
  workspace: Workspace,
  customerIds: readonly string[],
): Promise<number> {
  const parameters = [workspace.id, arrayLiteral(customerIds), ...indexedProperties(workspace)];
  return onlyRow(await connection.query<{ wrong: number }>(wrongRows, parameters)).wrong;
}

/** Ids of customers of aggregates that anything is stored of, and what parts have alike, in order, from behind `after`. */
export async function listAggregated(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeIds: readonly number[],
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from (
       (select c.id from aggregate_customer c
         where c.workspace_id = $1 and c.id > $2::uuid and c.node_id = any($3::text::integer[]) order by c.id limit $4::bigint)
       union
       (select distinct a.alike from aggregate_part a
         where a.workspace_id = $1 and a.alike > $2::uuid and a.node_id = any($3::text::integer[])
         order by a.alike limit $4::bigint)
       union
       (select c.record_id from customer_index c
         where c.workspace_id = $1 and c.record_id > $2::uuid and c.node_id = any($3::text::integer[])
         order by c.record_id limit $4::bigint)
     ) k order by id limit $4::bigint`,
    [workspaceId, after, arrayLiteral(nodeIds), limit],
  );
  return rows.map(({ id }) => id);
}

/** Names of records that can be parts, and profiles that are stored as parts, in order, from behind `after`. */
export async function listPossibleParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  {
    entryNodeIds,
    nodeIds,
  }: { readonly entryNodeIds: readonly number[]; readonly nodeIds: readonly number[] },
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from (
       (select p.id from profile p
         where p.workspace_id = $1 and p.id > $2::uuid and p.record_id = p.id and not p.anonymous and p.deleted_at is null
           and p.node_id = any($3::text::integer[]) order by p.id limit $5::bigint)
       union
       (select distinct a.profile_id from aggregate_part a
         where a.workspace_id = $1 and a.profile_id > $2::uuid and a.node_id = any($4::text::integer[])
         order by a.profile_id limit $5::bigint)
     ) k order by id limit $5::bigint`,
    [workspaceId, after, arrayLiteral(entryNodeIds), arrayLiteral(nodeIds), limit],
  );
  return rows.map(({ id }) => id);
}
