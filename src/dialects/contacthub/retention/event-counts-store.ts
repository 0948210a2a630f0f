import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { DueRule } from './due-rules.ts';

/** Beyond so many events that are due, nobody counts on. */
const mostCounted = 10_000;

/** Adds to how many events of a type retention has deleted, in the transaction that deletes them. */
export async function countDeleted(
  connection: Queryable,
  workspaceId: WorkspaceId,
  typeId: number,
  events: number,
): Promise<void> {
  await connection.query(
    `insert into contacthub_deleted_events (workspace_id, type_id, events)
     select h.workspace_id, $2::integer, $3::bigint from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, type_id) do update set events = contacthub_deleted_events.events + excluded.events`,
    [workspaceId, typeId, events],
  );
}

/** How many events retention has deleted, by type; types without one are left out. */
export async function readDeletedCounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<ReadonlyMap<number, number>> {
  const rows = await connection.query<{ type_id: number; events: number }>(
    'select type_id, events from contacthub_deleted_events where workspace_id = $1',
    [workspaceId],
  );
  return new Map(rows.map(({ type_id, events }) => [type_id, events]));
}

/** How many events of each type are due, counted no further than some thousands of a rule. */
export async function countDue(
  connection: Queryable,
  workspaceId: WorkspaceId,
  rules: readonly DueRule[],
): Promise<ReadonlyMap<number, number>> {
  if (rules.length === 0) return new Map();
  const rows = await connection.query<{ type_id: number; total: number }>(
    `select r.type_id, sum(d.total)::bigint as total
       from unnest($2::text::integer[], $3::text::integer[], $4::text::timestamptz[]) as r (type_id, node_id, before)
      cross join lateral (
        select count(*) as total from (
          select from event e
           where e.workspace_id = $1 and e.type_id = r.type_id and e.occurred_at < r.before
             and (r.node_id is null or exists (
               select from profile p where p.workspace_id = $1 and p.id = e.profile_id and p.node_id = r.node_id))
           limit $5) one) d
      group by r.type_id`,
    [
      workspaceId,
      arrayLiteral(rules.map(({ typeId }) => typeId)),
      arrayLiteral(rules.map(({ nodeId }) => nodeId)),
      arrayLiteral(rules.map(({ before }) => new Date(before).toISOString())),
      mostCounted,
    ],
  );
  return new Map(rows.map(({ type_id, total }) => [type_id, total]));
}
