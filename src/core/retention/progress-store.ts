import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type Position, progressKey, RetentionProgress, type RetentionScan } from './progress.ts';

interface ProgressRow {
  scan: RetentionScan;
  type_id: number;
  fields: string;
  at: Date | null;
  id: string | null;
  seq: number | null;
}

/** Read under the head lock by who moves it. */
export async function readProgress(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<RetentionProgress> {
  const rows = await connection.query<ProgressRow>(
    'select scan, type_id, fields, at, id, seq from retention_progress where workspace_id = $1',
    [workspaceId],
  );
  const positions = rows.map((row): [string, Position] => [
    progressKey(row.scan, row.type_id),
    { fields: row.fields, at: row.at?.getTime() ?? null, id: row.id, seq: row.seq },
  ]);
  return new RetentionProgress(new Map(positions));
}

export async function writeProgress(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { moved }: RetentionProgress,
): Promise<void> {
  if (moved.length === 0) return;
  const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  await connection.query(
    `insert into retention_progress (workspace_id, scan, type_id, fields, at, id, seq)
     select h.workspace_id, p.* from workspace_head h,
            unnest($2::text::text[], $3::text::integer[], $4::text::text[], $5::text::timestamptz[], $6::text::uuid[],
                   $7::text::bigint[]) as p
      where h.workspace_id = $1
     on conflict (workspace_id, scan, type_id) do update
       set fields = excluded.fields, at = excluded.at, id = excluded.id, seq = excluded.seq`,
    [
      workspaceId,
      arrayLiteral(moved.map(({ scan }) => scan)),
      arrayLiteral(moved.map(({ typeId }) => typeId)),
      arrayLiteral(moved.map(({ position }) => position.fields)),
      arrayLiteral(moved.map(({ position }) => isoOf(position.at))),
      arrayLiteral(moved.map(({ position }) => position.id)),
      arrayLiteral(moved.map(({ position }) => position.seq)),
    ],
  );
}
