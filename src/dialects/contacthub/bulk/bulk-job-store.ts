import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { onlyRow, type Queryable } from '../../../store/queryable.ts';
import type { BulkEntity, BulkJob, BulkOperation, BulkOrder, BulkStatus, LoadedFile } from './bulk-job.ts';

interface Row {
  id: string;
  node_id: number;
  file_name: string;
  operation: BulkOperation | null;
  entity: BulkEntity | null;
  event_type: BulkOrder['eventType'];
  shown_status: BulkStatus;
  shown_error: string | null;
  total: number;
  processed: number;
  failed: number;
  created_at: Date;
  updated_at: Date;
}

/**
 * As they are shown. The engine's job says of a file that is under way whether it goes on: STOPPED, it has given up. What is still
 * being sent is shown to nobody.
 */
const shown = `select b.id, b.node_id, b.file_name, b.operation, b.entity, b.event_type, b.total, b.processed, b.failed, b.created_at,
         b.updated_at, coalesce(b.error, case when j.state = 'failed' then j.error end) as shown_error,
         case when b.status in ('LOADED', 'PROCESSING') and j.state = 'failed' then 'STOPPED'
              when b.status = 'PROCESSING' and j.state = 'waiting' then 'SCHEDULED'
              else b.status end as shown_status
    from bulk_job b left join job j on j.workspace_id = $1 and j.id = b.job_id
   where b.workspace_id = $1 and b.node_id = $2 and b.status <> 'UPLOADING'`;

/** By what a list can be ordered, and the columns. */
export const sortColumns = {
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  filename: 'file_name',
  operation: 'operation',
  entity: 'entity',
  status: 'shown_status',
} as const;
export type SortColumn = keyof typeof sortColumns;

export interface BulkJobFilter {
  readonly status: BulkStatus | null;
  readonly entity: BulkEntity | null;
}

const filtered = `from (${shown}) s where ($3::text is null or shown_status = $3) and ($4::text is null or entity = $4)`;

export async function listBulkJobs(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  { status, entity }: BulkJobFilter,
  page: {
    readonly sort: SortColumn;
    readonly descending: boolean;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<BulkJob[]> {
  const direction = page.descending ? 'desc' : 'asc';
  const rows = await connection.query<Row>(
    `select * ${filtered} order by ${sortColumns[page.sort]} ${direction}, id ${direction} offset $5 limit $6`,
    [workspaceId, nodeId, status, entity, page.offset, page.limit],
  );
  return rows.map(jobOf);
}

export async function countBulkJobs(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  { status, entity }: BulkJobFilter,
): Promise<number> {
  const rows = await connection.query<{ count: number }>(`select count(*) as count ${filtered}`, [
    workspaceId,
    nodeId,
    status,
    entity,
  ]);
  return onlyRow(rows).count;
}

export async function readBulkJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  id: string,
): Promise<BulkJob | undefined> {
  const [row] = await connection.query<Row>(`${shown} and b.id = $3`, [workspaceId, nodeId, id]);
  return row && jobOf(row);
}

function jobOf(row: Row): BulkJob {
  return {
    id: row.id,
    nodeId: row.node_id,
    fileName: row.file_name,
    operation: row.operation,
    entity: row.entity,
    eventType: row.event_type,
    status: row.shown_status,
    error: row.shown_error,
    total: row.total,
    processed: row.processed,
    failed: row.failed,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** How many files of a node wait to be read, or are being sent. Under the head lock. */
export async function countLoaded(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
): Promise<number> {
  const rows = await connection.query<{ count: number }>(
    `select count(*) as count from bulk_job
      where workspace_id = $1 and node_id = $2 and status in ('UPLOADING', 'LOADED')`,
    [workspaceId, nodeId],
  );
  return onlyRow(rows).count;
}

/** A file that is about to be sent. */
export interface NewUpload {
  readonly id: string;
  readonly nodeId: number;
  readonly fileName: string;
  readonly author: ConsentAuthor;
}

export async function insertUpload(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, nodeId, fileName, author }: NewUpload,
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into bulk_job (workspace_id, id, node_id, file_name, source_id, user_id, status, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, 'UPLOADING', $7, $7)`,
    [workspaceId, id, nodeId, fileName, author.sourceId, author.userId, now],
  );
}

/** Notes that more of a file is here; false when nobody waits for it any more. */
export async function noteUploaded(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  bytes: number,
  now: Date,
): Promise<boolean> {
  const rows = await connection.query(
    `update bulk_job set bytes = $3, updated_at = $4
      where workspace_id = $1 and id = $2 and status = 'UPLOADING' returning id`,
    [workspaceId, id, bytes, now],
  );
  return rows.length > 0;
}

/** What became of a file that was sent: it waits for its job, or, with an error, failed. */
export interface UploadEnd {
  readonly order: BulkOrder;
  readonly columns: readonly string[];
  /** Where its first row begins. */
  readonly position: number;
  readonly total: number;
  readonly end: { readonly jobId: string } | { readonly error: string };
}

export async function endUpload(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  { order, columns, position, total, end }: UploadEnd,
  now: Date,
): Promise<void> {
  const [status, jobId, error] = 'jobId' in end ? ['LOADED', end.jobId, null] : ['FAILED', null, end.error];
  await connection.query(
    `update bulk_job set operation = $3, entity = $4, event_type = $5, columns = $6::text::json, total = $7, status = $8, job_id = $9,
            error = $10, updated_at = $11, position = $12
      where workspace_id = $1 and id = $2 and status = 'UPLOADING'`,
    [
      workspaceId,
      id,
      order.operation,
      order.entity,
      order.eventType,
      JSON.stringify(columns),
      total,
      status,
      jobId,
      error,
      now,
      position,
    ],
  );
}

/** Ends an upload that did not come to its end. */
export async function failUpload(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  error: string,
  now: Date,
): Promise<void> {
  await connection.query(
    `update bulk_job set status = 'FAILED', error = $3, updated_at = $4
      where workspace_id = $1 and id = $2 and status = 'UPLOADING'`,
    [workspaceId, id, error, now],
  );
}

export async function deleteBulkJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<void> {
  await connection.query('delete from bulk_job where workspace_id = $1 and id = $2', [workspaceId, id]);
}

/** A file that is here whole, and how far it is read. */
export interface FileInWork extends LoadedFile {
  /** Bytes that are read. */
  readonly position: number;
  readonly processed: number;
  readonly failed: number;
  readonly isOver: boolean;
  /** True: its rows have keys of their own, as a former version gave them, and those behind `processed` may be done. */
  readonly hasRowKeys: boolean;
}

/** Undefined: it is gone. */
export async function readFileInWork(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<FileInWork | undefined> {
  const [row] = await connection.query<{
    node_id: number;
    operation: BulkOperation;
    entity: BulkEntity;
    event_type: BulkOrder['eventType'];
    columns: string[];
    bytes: number;
    position: number;
    total: number;
    processed: number;
    failed: number;
    is_over: boolean;
    has_row_keys: boolean;
    source_id: string | null;
    user_id: string | null;
  }>(
    `select node_id, operation, entity, event_type, columns, bytes, position, total, processed, failed, source_id, user_id,
            status not in ('LOADED', 'PROCESSING') as is_over, has_row_keys
       from bulk_job where workspace_id = $1 and id = $2 and job_id is not null`,
    [workspaceId, id],
  );
  if (!row) return undefined;
  const { operation, entity, columns, bytes, position, total, processed, failed } = row;
  return {
    ...{ id, operation, entity, columns, bytes, position, total, processed, failed },
    nodeId: row.node_id,
    eventType: row.event_type,
    isOver: row.is_over,
    hasRowKeys: row.has_row_keys,
    author: { sourceId: row.source_id, userId: row.user_id },
  };
}

/** How many rows of a file are done; undefined: no more are to be done. */
export async function readProcessed(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<number | undefined> {
  const [row] = await connection.query<{ processed: number }>(
    `select processed from bulk_job where workspace_id = $1 and id = $2 and status in ('LOADED', 'PROCESSING')`,
    [workspaceId, id],
  );
  return row?.processed;
}

/** What a step has done of a file, and whether the file is read. */
export interface FileProgress {
  /** Up to where in the file; undefined: as before. */
  readonly position: number | undefined;
  /** How many rows more, and how many of them with which nothing could be done. */
  readonly rows: number;
  readonly failed: number;
  readonly end: 'PROCESSED' | { readonly error: string } | undefined;
}

/** Stores what a step has done. Under the workspace's lock, of a file that is not over. */
export async function storeProgress(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  { position, rows, failed, end }: FileProgress,
  now: Date,
): Promise<void> {
  const [status, error] =
    end === undefined ? ['PROCESSING', null] : end === 'PROCESSED' ? [end, null] : ['FAILED', end.error];
  await connection.query(
    `update bulk_job set position = coalesce($3, position), processed = processed + $4, failed = failed + $5, status = $6, error = $7,
            updated_at = $8,
            total = case when $6 = 'PROCESSED' then processed + $4 else greatest(total, processed + $4) end
      where workspace_id = $1 and id = $2`,
    [workspaceId, id, position ?? null, rows, failed, status, error, now],
  );
}
