import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { measures } from '../analytics/measures.ts';

/** What is to be added to the page views of a session's or customer's day. */
export interface ViewDelta {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly profileId: string;
  readonly nodeId: number;
  readonly views: number;
}

const added = `unnest($2::text::date[], $3::text::uuid[], $4::text::integer[], $5::text::integer[]) as a (day, profile_id, node_id, views)`;

/**
 * The visit of before is looked up by itself, so that the planner takes the key's index however fast the table grows; how many visits and
 * bounces that makes more or fewer follows from both. To be sent before the visits are written.
 */
const countVisits = `
  insert into analytics_day (workspace_id, measure, day, node_id, total)
  with moved as materialized (
    select a.day, a.node_id, coalesce(v.views, 0) as before, coalesce(v.views, 0) + a.views as after
      from ${added}
      left join lateral (
        select views from visit where workspace_id = $1 and day = a.day and profile_id = a.profile_id limit 1
      ) v on true
  )
  select h.workspace_id, t.measure, t.day, t.node_id, t.difference
    from workspace_head h, (
      select c.measure, m.day, m.node_id, sum(c.difference) as difference
        from moved m
       cross join lateral (values (${measures.visits}::smallint, (m.after > 0)::integer - (m.before > 0)::integer),
                                  (${measures.bounces}::smallint, (m.after = 1)::integer - (m.before = 1)::integer))
                as c (measure, difference)
       group by 1, 2, 3 having sum(c.difference) <> 0
    ) t
   where h.workspace_id = $1
  on conflict (workspace_id, measure, day, node_id) do update set total = analytics_day.total + excluded.total`;

const writeVisits = `
  insert into visit (workspace_id, day, profile_id, node_id, views)
  select h.workspace_id, a.day, a.profile_id, a.node_id, a.views from workspace_head h, ${added} where h.workspace_id = $1
  on conflict (workspace_id, day, profile_id) do update set views = visit.views + excluded.views`;

/** Adds page views to visits, and to how many there are. Each visit once; under the head lock, in a transaction. */
export async function addToVisits(
  connection: Queryable,
  workspaceId: WorkspaceId,
  deltas: readonly ViewDelta[],
): Promise<void> {
  const parameters = [
    workspaceId,
    arrayLiteral(deltas.map(({ day }) => day)),
    arrayLiteral(deltas.map(({ profileId }) => profileId)),
    arrayLiteral(deltas.map(({ nodeId }) => nodeId)),
    arrayLiteral(deltas.map(({ views }) => views)),
  ];
  await Promise.all([connection.query(countVisits, parameters), connection.query(writeVisits, parameters)]);
}
