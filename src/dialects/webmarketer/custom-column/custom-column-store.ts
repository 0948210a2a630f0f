import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { ColumnFormat, CustomColumn } from './custom-column.ts';

interface ColumnRow {
  id: string;
  key: string;
  name: string;
  format: ColumnFormat;
  symbols: (string | number)[];
  formula: string;
  created_at: Date;
}

const columns = 'id, key, name, format, symbols, formula, created_at';

/** All columns of a workspace, the first created first. */
export async function readCustomColumns(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<CustomColumn[]> {
  const rows = await connection.query<ColumnRow>(
    `select ${columns} from custom_column where workspace_id = $1 order by created_at, id`,
    [workspaceId],
  );
  return rows.map(columnFromRow);
}

export async function readCustomColumn(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<CustomColumn | undefined> {
  const [row] = await connection.query<ColumnRow>(
    `select ${columns} from custom_column where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && columnFromRow(row);
}

export async function insertCustomColumn(
  connection: Queryable,
  workspaceId: WorkspaceId,
  column: CustomColumn,
): Promise<void> {
  await connection.query(
    `insert into custom_column (workspace_id, id, key, name, format, symbols, formula, created_at)
     select h.workspace_id, $2::uuid, $3::text, $4::text, $5::text, $6::text::json, $7::text, $8::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      column.id,
      column.key,
      column.name,
      column.format,
      JSON.stringify(column.symbols),
      column.formula,
      column.createdAt,
    ],
  );
}

/** The column that is no more; undefined when there was none. */
export async function deleteCustomColumn(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<CustomColumn | undefined> {
  const [row] = await connection.query<ColumnRow>(
    `delete from custom_column where workspace_id = $1 and id = $2 returning ${columns}`,
    [workspaceId, id],
  );
  return row && columnFromRow(row);
}

function columnFromRow(row: ColumnRow): CustomColumn {
  const { created_at: createdAt, ...column } = row;
  return { ...column, createdAt };
}
