import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { requestJob, restartJob } from './job-store.ts';

/**
 * The kind of the job that makes what is derived anew (jobs/rebuild-job.ts). Its subject: one projection by what it counts, those that count
 * by local day, or all.
 */
export const rebuildKind = 'rebuild';
export const wholeWorkspace = '';
/** Those whose days are days of the workspace's time zone. */
export const localDays = 'localDays';

/** The kind of the job that counts amounts in the currency of the workspace (jobs/count-amounts-job.ts). */
export const countAmountsKind = 'count-amounts';

/** Asks for a projection to be made anew, in the transaction that sets another rule for it. One that is under way begins again. */
export async function requestRebuild(
  connection: Queryable,
  workspaceId: WorkspaceId,
  subject: string,
  now: Date,
): Promise<void> {
  await requestAnew(connection, workspaceId, { kind: rebuildKind, subject }, now);
}

/** The same for the amounts that are counted, where the workspace's currency is another. */
export async function requestCountOfAmounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  now: Date,
): Promise<void> {
  await requestAnew(connection, workspaceId, { kind: countAmountsKind }, now);
}

/** Asks for a job in the transaction that makes it necessary; one that is open begins again. */
export async function requestAnew(
  connection: Queryable,
  workspaceId: WorkspaceId,
  job: { readonly kind: string; readonly subject?: string },
  now: Date,
): Promise<void> {
  // The first statement holds the job's row: it can't end before the second.
  const id = await requestJob(connection, workspaceId, { ...job, requestedBy: 'configuration' }, now);
  await restartJob(connection, workspaceId, id, {}, now);
}
