import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';

/** Rows that one step of the search looks at: among them is one whose time is that of its commit. */
const looked = 100;

/**
 * The seq before the first event or change that came in at an instant or later; the last seq where nothing did. Seqs are in the order
 * of commits, so that the place is found by halving. But what was replayed out of quarantine keeps the time that it first came in at:
 * each step looks at several rows, so that such a one alone leads nowhere.
 */
export async function findSeqAt(
  connection: Queryable,
  workspaceId: WorkspaceId,
  instant: Date,
): Promise<number> {
  const { seq } = onlyRow(
    await connection.query<{ seq: number }>(
      `with recursive search (low, high) as (
         select (-1)::bigint, h.seq from workspace_head h where h.workspace_id = $1
         union all
         select case when next.is_late then s.low else s.middle end, case when next.is_late then s.middle else s.high end
           from (select low, high, (low + high) / 2 as middle from search where high - low > 1) s
          cross join lateral (select coalesce(bool_or(r.at >= $2), true) as is_late from (${rowsBehind('s.middle')}) r) next
       )
       select coalesce(
                (select min(r.seq) - 1 from (select min(high) as seq from search) found
                  cross join lateral (${rowsBehind('found.seq')}) r where r.at >= $2),
                (select h.seq from workspace_head h where h.workspace_id = $1), 0) as seq`,
      [workspaceId, instant],
    ),
  );
  return seq;
}

function rowsBehind(seq: string): string {
  return `(select e.seq, e.received_at as at from event e
            where e.workspace_id = $1 and e.seq > ${seq} order by e.seq limit ${looked})
          union all
          (select c.seq, c.changed_at from change c
            where c.workspace_id = $1 and c.seq > ${seq} order by c.seq limit ${looked})`;
}
