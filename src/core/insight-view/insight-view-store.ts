import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** A question to insights that somebody has given a name, and how its answer is shown. */
export interface InsightView {
  readonly id: string;
  /** Unique within the workspace. */
  readonly name: string;
  /** In the form of who asks (`native/views/schemas.ts`). */
  readonly question: Record<string, unknown>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row {
  id: string;
  name: string;
  question: Record<string, unknown>;
  created_at: Date;
  updated_at: Date;
}

/** In the order of their names. */
export async function readViews(connection: Queryable, workspaceId: WorkspaceId): Promise<InsightView[]> {
  const rows = await connection.query<Row>(
    `select id, name, question, created_at, updated_at from insight_view
      where workspace_id = $1 order by lower(name), name`,
    [workspaceId],
  );
  return rows.map(({ created_at: createdAt, updated_at: updatedAt, ...row }) => ({
    ...row,
    createdAt,
    updatedAt,
  }));
}

/** Writes a view, new or in place of what it was. */
export async function writeView(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, name, question }: Pick<InsightView, 'id' | 'name' | 'question'>,
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into insight_view (workspace_id, id, name, question, created_at, updated_at)
     select h.workspace_id, $2::uuid, $3::text, $4::text::json, $5::timestamptz, $5::timestamptz
       from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set name = excluded.name, question = excluded.question, updated_at = excluded.updated_at`,
    [workspaceId, id, name, JSON.stringify(question), now],
  );
}

/** Answers whether there was one. */
export async function deleteView(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<boolean> {
  const rows = await connection.query(
    'delete from insight_view where workspace_id = $1 and id = $2 returning id',
    [workspaceId, id],
  );
  return rows.length > 0;
}
