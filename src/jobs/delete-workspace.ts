import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Clock } from '../core/clock.ts';
import type { Authenticator } from '../core/credential/authenticator.ts';
import type { Job, JobStep } from '../core/job/job.ts';
import { requestJob } from '../core/job/job-store.ts';
import { changeConfiguration } from '../core/workspace/change-configuration.ts';
import { underHeadLock } from '../core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import {
  buryWorkspace,
  deleteAllRows,
  deleteRows,
  listTenantTables,
  openingTables,
  readByIndexesAlone,
  shutWorkspace,
} from '../core/workspace/workspace-deletion-store.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/transaction.ts';
import type { JobKind, Slice } from './job-kind.ts';

/** Without a subject: a workspace is deleted once. */
export const deleteWorkspaceKind = 'delete-workspace';

/** Of one transaction. */
const usualSlice = 10_000;

/** What the job is run from goes last, with the workspace; what opened it went first. */
const otherTables: readonly string[] = ['job', 'workspace_head', ...openingTables];

const Cursor = Type.Union([
  Type.Object({ emptied: Type.Array(Type.String()), counts: Type.Record(Type.String(), Type.Integer()) }),
  Type.Null(),
]);

/**
 * Deletes a workspace: its keys end and its names are free with the answer, which is the id of the job that deletes all its rows. Asked
 * for again, it is the same job.
 */
export async function requestWorkspaceDeletion(
  services: {
    readonly database: Database;
    readonly workspaces: WorkspaceCache;
    readonly authenticator: Pick<Authenticator, 'forget'>;
  },
  workspaceId: WorkspaceId,
  requestedBy: string,
  now: Date,
): Promise<string> {
  const id = await changeConfiguration(services, workspaceId, now, async ({ tx }) => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    await shutWorkspace(tx, workspace, deleteWorkspaceKind);
    return requestJob(tx, workspaceId, { kind: deleteWorkspaceKind, requestedBy }, now);
  });
  await services.authenticator.forget();
  await services.workspaces.forgetBindings();
  return id;
}

interface DeletionServices {
  readonly jobDatabase: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

/** Empties each table in slices, without the head lock: nothing is taken in any more. In the last slice all that is left goes at once. */
export function deleteWorkspaceJob(services: DeletionServices, rowsPerSlice = usualSlice): JobKind {
  return {
    name: deleteWorkspaceKind,
    under: 'claim',
    slice: (slice) => deleteSlice(services, slice, rowsPerSlice),
  };
}

async function deleteSlice(
  services: DeletionServices,
  { workspaceId, job }: Slice,
  limit: number,
): Promise<JobStep> {
  const { emptied, counts } = Value.Parse(Cursor, job.cursor) ?? { emptied: [], counts: {} };
  const isOver = await inTransaction(services.jobDatabase, async (tx) => {
    await readByIndexesAlone(tx);
    let left = limit;
    for (const table of await listTenantTables(tx)) {
      if (emptied.includes(table) || otherTables.includes(table)) continue;
      const deleted = await deleteRows(tx, workspaceId, table, left);
      counts[table] = (counts[table] ?? 0) + deleted;
      left -= deleted;
      if (left <= 0) return false;
      emptied.push(table);
    }
    return true;
  });
  if (isOver) return bury(services, workspaceId, job, counts);
  return { cursor: { emptied, counts }, progress: progressOf(counts) };
}

/** Also what came in while the tables were emptied one after the other. */
async function bury(
  { jobDatabase: database, workspaces, clock }: DeletionServices,
  workspaceId: WorkspaceId,
  { requestedBy }: Job,
  counted: Readonly<Record<string, number>>,
): Promise<JobStep> {
  const { publicId } = await workspaces.get(workspaceId);
  const counts = await underHeadLock(database, workspaceId, async (tx) => {
    const all: Record<string, number> = { ...counted };
    for (const table of await listTenantTables(tx))
      all[table] = (all[table] ?? 0) + (await deleteAllRows(tx, workspaceId, table));
    const counts = Object.fromEntries(Object.entries(all).filter(([, rows]) => rows > 0));
    await buryWorkspace(tx, workspaceId, { publicId, requestedBy, deletedAt: new Date(clock()), counts });
    return counts;
  });
  workspaces.drop(workspaceId);
  const total = progressOf(counts).done;
  return { cursor: null, progress: { done: total, failed: 0, total }, result: counts, isGone: true };
}

function progressOf(counts: Readonly<Record<string, number>>) {
  const done = Object.values(counts).reduce((sum, rows) => sum + rows, 0);
  return { done, failed: 0, total: null };
}
