import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

const counts = {
  events:
    'select sum(total)::bigint as total from rollup_day_origin where workspace_id = $1 and source_id = $2',
  touchpoints: 'select count(*) as total from touchpoint where workspace_id = $1 and source_id = $2',
} as const;

/** How many of these have come in by a source, and are stored. */
export async function countTaken(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
  what: keyof typeof counts,
): Promise<number> {
  const [row] = await connection.query<{ total: number | null }>(counts[what], [workspaceId, sourceId]);
  return row?.total ?? 0;
}
