import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import { type Check, lookTwice, toCheck } from '../../../projections/check.ts';
import type { Database } from '../../../store/database.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';
import { derivedTotals, readCustomerDifferences } from './count-customers.ts';
import { customerColumns, deriveCustomers } from './derive-customers.ts';
import { behindShownRules, deriveValues, indexedProperties, valueColumns } from './derive-values.ts';
import { readSlice } from './rebuild-customers.ts';
import { readShownRules } from './shown-rules.ts';

/** The rows that customers are searched by are what their profiles show, and as many as their nodes say. */
export async function checkCustomers(database: Database, workspace: Workspace): Promise<Check> {
  const problems: string[] = [];
  const nodeIds = nodeIdsOf(workspace, 'contacthub');
  let customers = 0;
  let after: string | undefined;
  do {
    const slice = await readSlice(database, workspace, nodeIds, after);
    const look = (connection: Queryable) => findDiffering(connection, workspace, nodeIds, slice.ids);
    for (const id of await lookTwice(database, workspace.id, look, (wrong) => wrong.length > 0))
      problems.push(`customer ${id} is searched by other values than it shows`);
    customers += slice.ids.length;
    after = slice.next;
  } while (after !== undefined);
  const look = (connection: Queryable) => countWrongTotals(connection, workspace);
  const wrong = await lookTwice(database, workspace.id, look, (found) => found > 0);
  if (wrong > 0) problems.push(`${wrong} nodes have another number of customers`);
  const off = (await readCustomerDifferences(database, workspace)).deltas.length;
  if (off > 0) problems.push(`${off} days count other customers than were made or changed`);
  return toCheck('customer-index-equal', problems, `${customers} customers are searched by what they show`);
}

const stored = (table: string) => `${table} where workspace_id = $1 and record_id = any($3::text::uuid[])`;

const differing = `
  with derived as materialized (${deriveCustomers('where workspace_id = $1 and id = any($3::text::uuid[]) offset 0')}),
       valued as materialized (${deriveValues('derived', behindShownRules)})
  select distinct w.record_id from (
    (select ${customerColumns} from derived except select ${customerColumns} from ${stored('customer_index')})
     union all
    (select ${customerColumns} from ${stored('customer_index')} except select ${customerColumns} from derived)
  ) w
   union
  select distinct w.record_id from (
    (select ${valueColumns} from valued except select ${valueColumns} from ${stored('customer_value')})
     union all
    (select ${valueColumns} from ${stored('customer_value')} except select ${valueColumns} from valued)
  ) w`;

async function findDiffering(
  connection: Queryable,
  workspace: Workspace,
  nodeIds: readonly number[],
  ids: readonly string[],
): Promise<string[]> {
  const shownRules = await readShownRules(connection, workspace, ids);
  const rows = await connection.query<{ record_id: string }>(differing, [
    workspace.id,
    arrayLiteral(nodeIds),
    arrayLiteral(ids),
    ...shownRules,
    ...indexedProperties(workspace),
  ]);
  return rows.map((row) => row.record_id);
}

async function countWrongTotals(connection: Queryable, { id: workspaceId }: Workspace): Promise<number> {
  const rows = await connection.query<{ wrong: number }>(
    `select count(*) as wrong
       from (${derivedTotals}) c
       full join (select node_id, total, with_email, with_mobile, with_both from customer_count
                   where workspace_id = $1 and total <> 0) n using (node_id)
      where (c.total, c.with_email, c.with_mobile, c.with_both) is distinct from (n.total, n.with_email, n.with_mobile, n.with_both)`,
    [workspaceId],
  );
  return onlyRow(rows).wrong;
}
