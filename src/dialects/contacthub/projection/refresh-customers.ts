import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { addDifference, countedColumns } from './count-customers.ts';
import { changingColumns, customerColumns, deriveCustomers } from './derive-customers.ts';
import {
  behindShownRules,
  deriveValues,
  hasIndexedProperties,
  indexedProperties,
  type PropertyParameters,
  valueColumns,
} from './derive-values.ts';
import { zoneOf, zoneParameters } from './local-day.ts';
import { lookedUpBy, namedRecords, readShownRules } from './shown-rules.ts';

const changes = changingColumns.map((column) => `${column} = excluded.${column}`).join(', ');

/** The part of `refreshRows` that makes the values anew, of the properties that are marked as indexed. */
export const writeValues = (
  properties: PropertyParameters,
) => `, valued as materialized (${deriveValues('derived', properties)}
  ), unvalued as (
    delete from customer_value v
     where v.workspace_id = $1 and v.record_id = any(array(select record_id from known))
       and not exists (select from valued where valued.record_id = v.record_id and valued.property = v.property)
  ), values_written as (
    insert into customer_value (${valueColumns})
    select ${valueColumns} from valued
    on conflict (workspace_id, record_id, property) do update set number = excluded.number, text = excluded.text
     where (customer_value.number, customer_value.text) is distinct from (excluded.number, excluded.text)
  )`;

const deleteValues = `, unvalued as (
    delete from customer_value where workspace_id = $1 and record_id = any(array(select record_id from gone))
  )`;

interface RowSource {
  /** SQL of the ids whose rows are made anew. */
  readonly named: string;
  /** SQL of the row of the id `named.id`; none where nobody is called by it. */
  readonly derived: string;
  /** Those of the row that are needed. */
  readonly columns: string;
  /** What is done with the values. */
  readonly values: string;
  /** The number of the first of the zone's two parameters. */
  readonly zone: number;
}

/** The statement that makes rows anew: looked up one by one, whatever the planner knows of a growing table. */
export const refreshRows = ({ named, derived, columns, values, zone }: RowSource) => `
  with zone as materialized (${zoneOf(zone)}), named as materialized (${named}), derived as materialized (
    select ${columns} from named
     cross join lateral (${derived}) d
  ), known as materialized (
    select k.* from named
     cross join lateral (
       select c.record_id, ${countedColumns} from customer_index c where c.workspace_id = $1 and c.record_id = named.id limit 1
     ) k
  ), gone as (
    delete from customer_index c using known
     where c.workspace_id = $1 and c.record_id = known.record_id
       and not exists (select from derived where derived.record_id = known.record_id)
    returning c.record_id
  ), written as (
    insert into customer_index (${customerColumns})
    select ${customerColumns} from derived
    on conflict (workspace_id, record_id) do update set ${changes}
  )${values}, ${addDifference('derived', 'known')}`;

/** The records of the profiles $3, and what was called by their ids (`limit 1` keeps it so that they are looked up one by one). */
const ofProfiles = {
  named: namedRecords('$3'),
  derived: deriveCustomers(`where ${lookedUpBy('id', 'named.id')} limit 1`),
};
const refreshAlone = refreshRows({ ...ofProfiles, columns: customerColumns, values: deleteValues, zone: 6 });
const refreshWithValues = refreshRows({
  ...ofProfiles,
  columns: 'd.*',
  values: writeValues(behindShownRules),
  zone: 8,
});

async function send(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
  hasValues: boolean,
): Promise<readonly Promise<unknown>[]> {
  const shownRules = await readShownRules(connection, workspace, profileIds);
  const nodeIds = nodeIdsOf(workspace, 'contacthub');
  const parameters = [workspace.id, arrayLiteral(nodeIds), arrayLiteral(profileIds), ...shownRules];
  const zone = zoneParameters(workspace.timezone);
  if (!hasValues) return [connection.query(refreshAlone, [...parameters, ...zone])];
  const values = indexedProperties(workspace);
  return [connection.query(refreshWithValues, [...parameters, ...values, ...zone])];
}

/**
 * Makes the rows of the records anew that these profiles are part of, or have named. Under the head lock. Resolves once all is sent, with
 * what is not answered yet. A workspace that has marked nothing as indexed pays nothing for those that have.
 */
export function sendRefresh(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
): Promise<readonly Promise<unknown>[]> {
  return send(connection, workspace, profileIds, hasIndexedProperties(workspace));
}

/** The same, done; without the values, too, of what is marked no more. */
export async function refreshCustomers(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
): Promise<void> {
  await Promise.all(await send(connection, workspace, profileIds, true));
}
