import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** Ids of the events before and after one on its record's timeline, by date; null at either end. */
export async function readNeighbouringEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventId: string,
): Promise<{ previous: string | null; next: string | null }> {
  const nearest = (sign: '<' | '>', direction: 'desc' | 'asc') => `
    select e.id from event asked
     join profile o on o.workspace_id = $1 and o.id = asked.profile_id
     join profile p on p.workspace_id = $1 and p.record_id = o.record_id
     cross join lateral (
       select v.id, v.occurred_at, v.seq from event v
        where v.workspace_id = $1 and v.profile_id = p.id and (v.occurred_at, v.seq) ${sign} (asked.occurred_at, asked.seq)
        order by v.occurred_at ${direction}, v.seq ${direction} limit 1
     ) e
     where asked.workspace_id = $1 and asked.id = $2
     order by e.occurred_at ${direction}, e.seq ${direction} limit 1`;
  const [row] = await connection.query<{ previous: string | null; next: string | null }>(
    `select (${nearest('<', 'desc')}) as previous, (${nearest('>', 'asc')}) as next`,
    [workspaceId, eventId],
  );
  return row ?? { previous: null, next: null };
}
