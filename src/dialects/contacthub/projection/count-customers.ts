import { nodeIdsOf, type Workspace, type WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { aggregateIdsOf } from '../access.ts';
import { measures } from '../analytics/measures.ts';
import { type DayDifferences, readDayDifferences } from './analytics-day-store.ts';
import { dayParametersOf } from './derive-activity.ts';
import { localDay } from './local-day.ts';

/** The columns of customer_index that customers are counted by. */
export const countedColumns = 'node_id, registered_at, updated_at, email, mobile_phone';

/** How many customers there are and which ways they can be met by: sums of what each row counts as. `c`: rows of `countedColumns`. */
export function customerTotals(one: string): string {
  const having = (...columns: string[]) => columns.map((column) => `c.${column} <> ''`).join(' and ');
  const sum = (condition: string) => `coalesce(sum(${one}) filter (where ${condition}), 0)`;
  return `sum(${one}) as total, ${sum(having('email'))} as with_email, ${sum(having('mobile_phone'))} as with_mobile,
          ${sum(having('email', 'mobile_phone'))} as with_both`;
}

/**
 * Customers by the days of their creation and of their last change, for a `zone`; who was never changed has none of the latter.
 * Columns: measure, day, node_id, and `total`.
 */
export function customerDays(total: string, rows: string): string {
  const changed = `case when c.updated_at > c.registered_at then ${localDay('c.updated_at')} end`;
  return `
    select m.measure, m.day, c.node_id, ${total}
      from ${rows} cross join zone
     cross join lateral (values (${measures.customersAdded}::smallint, ${localDay('c.registered_at')}),
                                (${measures.customersUpdated}::smallint, ${changed})) as m (measure, day)
     where m.day is not null
     group by m.measure, m.day, c.node_id`;
}

/**
 * The end of a statement that has rows of `countedColumns` that are there now, those that were there until then, if any, and a `zone`: adds
 * the difference to the totals of nodes and to the days. It ends with a `select`: behind a `with` Citus takes an `insert` as one of its parts alone.
 */
export function addDifference(after: string, before?: string): string {
  const taken = before === undefined ? '' : `union all select -1, ${countedColumns} from ${before}`;
  return `counted as materialized (
    select 1 as one, ${countedColumns} from ${after} ${taken}
  ), days as (
    insert into analytics_day (workspace_id, measure, day, node_id, total)
    select h.workspace_id, d.measure, d.day, d.node_id, d.difference
      from workspace_head h, (${customerDays('sum(c.one) as difference', 'counted c')} having sum(c.one) <> 0) d
     where h.workspace_id = $1
    on conflict (workspace_id, measure, day, node_id) do update set total = analytics_day.total + excluded.total
  ), totals as (
    insert into customer_count (workspace_id, node_id, total, with_email, with_mobile, with_both)
    select h.workspace_id, t.node_id, t.total, t.with_email, t.with_mobile, t.with_both
      from workspace_head h, (
        select n.node_id, n.total, n.with_email, n.with_mobile, n.with_both
          from (select c.node_id, ${customerTotals('c.one')} from counted c group by c.node_id) n
         where (n.total, n.with_email, n.with_mobile, n.with_both) <> (0, 0, 0, 0)
      ) t
     where h.workspace_id = $1
    on conflict (workspace_id, node_id) do update
      set total = customer_count.total + excluded.total, with_email = customer_count.with_email + excluded.with_email,
          with_mobile = customer_count.with_mobile + excluded.with_mobile, with_both = customer_count.with_both + excluded.with_both
  )
  select 1`;
}

const ofIndex = `(select ${countedColumns} from customer_index where workspace_id = $1 and node_id = any($2::text::integer[])) c`;

/** By how much the counts of customers by day are off. */
export function readCustomerDifferences(
  connection: Queryable,
  workspace: Workspace,
): Promise<DayDifferences> {
  const counted = [measures.customersAdded, measures.customersUpdated];
  const derived = customerDays('count(*) as total', ofIndex);
  const [workspaceId, , ...zone] = dayParametersOf(workspace);
  const nodeIds = [...nodeIdsOf(workspace, 'contacthub'), ...aggregateIdsOf(workspace)];
  return readDayDifferences(connection, counted, derived, [workspaceId, arrayLiteral(nodeIds), ...zone]);
}

/** What the totals of each node are by the rows that there are. */
export const derivedTotals = `
  select c.workspace_id, c.node_id, ${customerTotals('1')}
    from (select workspace_id, ${countedColumns} from customer_index where workspace_id = $1) c group by c.workspace_id, c.node_id`;

/** Makes the totals of each node anew. */
export async function recountCustomers(tx: Queryable, workspaceId: WorkspaceId): Promise<void> {
  await tx.query('delete from customer_count where workspace_id = $1', [workspaceId]);
  await tx.query(
    `insert into customer_count (workspace_id, node_id, total, with_email, with_mobile, with_both) ${derivedTotals}`,
    [workspaceId],
  );
}
