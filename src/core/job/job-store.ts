import type { Queryable } from '../../store/queryable.ts';
import { newId } from '../id.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Job, JobRequest, JobState, JobStep } from './job.ts';

/** The job is not this process's any more: it was held for dead, or the job was asked for anew. Its transaction must not commit. */
export class ClaimLostError extends Error {
  constructor() {
    super('another process has the job');
    this.name = 'ClaimLostError';
  }
}

interface Row {
  id: string;
  kind: string;
  subject: string;
  state: JobState;
  input: Record<string, unknown>;
  revision: number;
  cursor: Record<string, unknown> | null;
  done: number;
  failed: number;
  total: number | null;
  result: Record<string, unknown> | null;
  error: string | null;
  attempts: number;
  requested_by: string;
  requested_at: Date;
  due_at: Date;
  started_at: Date | null;
  updated_at: Date;
  finished_at: Date | null;
}

const columns = `id, kind, subject, state, input, revision, cursor, done, failed, total, result, error, attempts, requested_by, requested_at,
  due_at, started_at, updated_at, finished_at`;

/**
 * Asks for a job, in the transaction that makes it necessary: it is not forgotten whatever happens to the process. One of its kind
 * and subject that is open stays as it is, but that it waits no longer. Answers the open job's id.
 */
export async function requestJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { kind, subject = '', input = {}, requestedBy }: JobRequest,
  now: Date,
): Promise<string> {
  const [open] = await connection.query<{ id: string }>(
    `insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                      updated_at)
     select h.workspace_id, $2::uuid, $3::text, $4::text, 'waiting', $5::text::json, 0, 0, 0, 0, $6::text, $7::timestamptz,
            $7::timestamptz, $7::timestamptz
       from workspace_head h where h.workspace_id = $1
     on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
        do update set due_at = least(job.due_at, excluded.due_at)
     returning id`,
    [workspaceId, newId(now.getTime()), kind, subject, JSON.stringify(input), requestedBy, now],
  );
  if (!open) throw new Error(`the job ${kind} was asked for in workspace ${workspaceId}, which is not there`);
  return open.id;
}

/** Lets an open job begin again, for another input; who has claimed it goes on with it from the start. Under the head lock. */
export async function restartJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  input: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<void> {
  await connection.query(
    `update job set input = $3::text::json, revision = revision + 1, cursor = null, done = 0, failed = 0, total = null, attempts = 0, due_at = $4,
            requested_at = $4, updated_at = $4
      where workspace_id = $1 and id = $2 and state in ('waiting', 'running')`,
    [workspaceId, id, JSON.stringify(input), now],
  );
}

export async function readJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<Job | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from job where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && jobOf(row);
}

export async function readOpenJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  kind: string,
  subject = '',
): Promise<Job | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from job
      where workspace_id = $1 and kind = $2 and subject = $3 and state in ('waiting', 'running')`,
    [workspaceId, kind, subject],
  );
  return row && jobOf(row);
}

/** The job of a kind and subject that was asked for last, open or over. */
export async function readLastJob(
  connection: Queryable,
  workspaceId: WorkspaceId,
  kind: string,
  subject = '',
): Promise<Job | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from job where workspace_id = $1 and kind = $2 and subject = $3
      order by requested_at desc, id desc limit 1`,
    [workspaceId, kind, subject],
  );
  return row && jobOf(row);
}

/** Where a list of jobs goes on. */
export interface JobPosition {
  readonly requestedAt: Date;
  readonly id: string;
}

/** A workspace's jobs, of one kind or all, newest first, from behind `before`. */
export async function listJobs(
  connection: Queryable,
  workspaceId: WorkspaceId,
  before: JobPosition | null,
  limit: number,
  kind: string | null = null,
): Promise<Job[]> {
  const rows = await connection.query<Row>(
    `select ${columns} from job
      where workspace_id = $1 and ($2::timestamptz is null or (requested_at, id) < ($2::timestamptz, $3::uuid))
        and ($5::text is null or kind = $5)
      order by requested_at desc, id desc limit $4`,
    [workspaceId, before?.requestedAt ?? null, before?.id ?? null, limit, kind],
  );
  return rows.map(jobOf);
}

export interface DueJob {
  readonly workspaceId: WorkspaceId;
  readonly id: string;
}

/** Takes a job for a process, until then; undefined when another has it, or it is over. */
export async function claimJob(
  connection: Queryable,
  { workspaceId, id }: DueJob,
  claim: { readonly by: string; readonly until: Date; readonly now: Date },
): Promise<Job | undefined> {
  const [row] = await connection.query<Row>(
    `update job set claimed_by = $3, claimed_until = $4, state = 'running', started_at = coalesce(started_at, $5), updated_at = $5
      where workspace_id = $1 and id = $2 and state in ('waiting', 'running')
        and (claimed_until is null or claimed_until <= $5)
      returning ${columns}`,
    [workspaceId, id, claim.by, claim.until, claim.now],
  );
  return row && jobOf(row);
}

/** The process is alive. @throws ClaimLostError */
export async function renewClaim(
  connection: Queryable,
  { workspaceId, id }: DueJob,
  claim: { readonly by: string; readonly until: Date },
): Promise<void> {
  const rows = await connection.query(
    `update job set claimed_until = $4 where workspace_id = $1 and id = $2 and claimed_by = $3 and state = 'running' returning id`,
    [workspaceId, id, claim.by, claim.until],
  );
  if (rows.length === 0) throw new ClaimLostError();
}

/**
 * Stores where a slice has left the job: in the slice's own transaction where it has one, so that nothing is done twice or left out.
 * @throws ClaimLostError
 */
export async function storeJobStep(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, revision }: Job,
  claim: { readonly by: string; readonly until: Date; readonly now: Date },
  { cursor, progress, result }: JobStep,
): Promise<void> {
  const isOver = result !== undefined;
  const rows = await connection.query(
    `update job set cursor = $4::text::json, done = $5, failed = $6, total = $7, result = $8::text::json, state = $9, attempts = 0,
            error = null, updated_at = $10, finished_at = $11, claimed_until = $12
      where workspace_id = $1 and id = $2 and claimed_by = $3 and state = 'running' and revision = $13 returning id`,
    [
      workspaceId,
      id,
      claim.by,
      cursor && JSON.stringify(cursor),
      progress.done,
      progress.failed,
      progress.total,
      isOver ? JSON.stringify(result) : null,
      isOver ? 'finished' : 'running',
      claim.now,
      isOver ? claim.now : null,
      isOver ? null : claim.until,
      revision,
    ],
  );
  if (rows.length === 0) throw new ClaimLostError();
}

/** Gives a job back before it is over: to be gone on with at `dueAt`, or for good where there is none. */
export async function releaseJob(
  connection: Queryable,
  { workspaceId, id }: DueJob,
  claimedBy: string,
  { error, dueAt }: { readonly error: string | null; readonly dueAt: Date | null },
  now: Date,
): Promise<void> {
  await connection.query(
    `update job set state = $4, error = coalesce($5, error), attempts = attempts + $6, due_at = coalesce($7, due_at), updated_at = $8,
            finished_at = $9, claimed_by = null, claimed_until = null
      where workspace_id = $1 and id = $2 and claimed_by = $3 and state = 'running'`,
    [
      workspaceId,
      id,
      claimedBy,
      dueAt ? 'waiting' : 'failed',
      error,
      error === null ? 0 : 1,
      dueAt,
      now,
      dueAt ? null : now,
    ],
  );
}

function jobOf(row: Row): Job {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    state: row.state,
    input: row.input,
    revision: row.revision,
    cursor: row.cursor,
    progress: { done: row.done, failed: row.failed, total: row.total },
    result: row.result,
    error: row.error,
    attempts: row.attempts,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    dueAt: row.due_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}
