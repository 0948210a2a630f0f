import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** Each piece but a file's last is stored with so many bytes. Files of another version's pieces are read as well. */
export const pieceBytes = 512 * 1024;

/** `position`: of the piece's first byte. It is sent as base64, a third longer than it is, where the driver makes it twice as long. */
export async function insertPiece(
  connection: Queryable,
  workspaceId: WorkspaceId,
  bulkJobId: string,
  position: number,
  bytes: Buffer,
): Promise<void> {
  await connection.query(
    `insert into bulk_file (workspace_id, bulk_job_id, position, bytes) values ($1, $2, $3, decode($4, 'base64'))`,
    [workspaceId, bulkJobId, position, bytes.toString('base64')],
  );
}

/** So many bytes of a file from a position on; fewer only at its end. */
export async function readFileBytes(
  connection: Queryable,
  workspaceId: WorkspaceId,
  file: { readonly id: string; readonly bytes: number },
  from: number,
  length: number,
): Promise<Buffer> {
  const until = Math.min(from + length, file.bytes);
  const rows = await connection.query<{ position: number; bytes: string }>(
    `select position, encode(bytes, 'base64') as bytes from bulk_file
      where workspace_id = $1 and bulk_job_id = $2 and position < $4
        and position >= (select max(position) from bulk_file
                          where workspace_id = $1 and bulk_job_id = $2 and position <= $3)
      order by position`,
    [workspaceId, file.id, from, until],
  );
  const first = rows[0]?.position ?? from;
  const bytes = Buffer.concat(rows.map((row) => Buffer.from(row.bytes, 'base64'))).subarray(
    from - first,
    until - first,
  );
  if (bytes.length !== until - from) throw new Error(`the file of bulk job ${file.id} is not whole`);
  return bytes;
}

export async function deleteFile(
  connection: Queryable,
  workspaceId: WorkspaceId,
  bulkJobId: string,
): Promise<void> {
  await connection.query('delete from bulk_file where workspace_id = $1 and bulk_job_id = $2', [
    workspaceId,
    bulkJobId,
  ]);
}

/** What became of the rows of one slice. */
export async function insertResults(
  connection: Queryable,
  workspaceId: WorkspaceId,
  bulkJobId: string,
  firstRow: number,
  lines: string,
): Promise<void> {
  await connection.query(
    `insert into bulk_result (workspace_id, bulk_job_id, first_row, lines) values ($1, $2, $3, $4)`,
    [workspaceId, bulkJobId, firstRow, lines],
  );
}

/** The results behind a row's, in the order of the rows; undefined when there are no more. */
export async function readResultsAfter(
  connection: Queryable,
  workspaceId: WorkspaceId,
  bulkJobId: string,
  row: number,
): Promise<{ firstRow: number; lines: string } | undefined> {
  const [found] = await connection.query<{ first_row: number; lines: string }>(
    `select first_row, lines from bulk_result
      where workspace_id = $1 and bulk_job_id = $2 and first_row > $3 order by first_row limit 1`,
    [workspaceId, bulkJobId, row],
  );
  return found && { firstRow: found.first_row, lines: found.lines };
}

export async function deleteResults(
  connection: Queryable,
  workspaceId: WorkspaceId,
  bulkJobId: string,
): Promise<void> {
  await connection.query('delete from bulk_result where workspace_id = $1 and bulk_job_id = $2', [
    workspaceId,
    bulkJobId,
  ]);
}
