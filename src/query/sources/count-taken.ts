import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Database } from '../../store/database.ts';
import { TookTooLongError } from '../../store/database-error.ts';

const counts = {
  events:
    'select sum(total)::bigint as total from rollup_day_origin where workspace_id = $1 and source_id = $2',
  touchpoints: 'select count(*) as total from touchpoint where workspace_id = $1 and source_id = $2',
} as const;

/** No index has them by source: of a workspace with very many of them the count is not waited for. */
export const countingSeconds = 3;

/** How many of these have come in by a source, and are stored; null where to count them takes too long. */
export async function countTaken(
  database: Pick<Database, 'query'>,
  workspaceId: WorkspaceId,
  sourceId: number,
  what: keyof typeof counts,
): Promise<number | null> {
  const patience = { dear: true, milliseconds: countingSeconds * 1000 };
  try {
    const [row] = await database.query<{ total: number | null }>(
      counts[what],
      [workspaceId, sourceId],
      patience,
    );
    return row?.total ?? 0;
  } catch (error) {
    if (error instanceof TookTooLongError) return null;
    throw error;
  }
}
