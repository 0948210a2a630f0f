import { requestJob } from '../../../core/job/job-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { readAdAccount } from './ad-account-store.ts';
import type { PlatformLimits } from './ad-platform.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import { RefreshFailure, type RefreshOutcome } from './refresh-outcome.ts';

/** The kind of the job (refresh-job.ts); its subject is the account's id. */
export const refreshKind = 'ad-account-refresh';

/** Asks for a refresh of an account that is there, or finds the one that is open, which waits no longer. Answers its job's id. */
export function requestRefresh(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  requestedBy: string,
  now: Date,
): Promise<string> {
  return requestJob(connection, workspaceId, { kind: refreshKind, subject: id, requestedBy }, now);
}

/**
 * Brings an account's campaigns, ads and daily numbers to what Meta tells now, for who waits for it, until `deadline` (milliseconds since
 * the epoch). What was read before something failed stays, and what is not done in time goes on by itself.
 */
export async function refreshAdAccount(
  { database, clock, jobs }: AdvertisingServices,
  workspaceId: WorkspaceId,
  adAccountId: string,
  { deadline }: Pick<PlatformLimits, 'deadline'>,
  requestedBy: string,
): Promise<RefreshOutcome> {
  if (!(await readAdAccount(database, workspaceId, adAccountId))) return { kind: 'unknown' };
  const id = await requestRefresh(database, workspaceId, adAccountId, requestedBy, new Date(clock()));
  try {
    const ran = await jobs.run({ workspaceId, id }, { deadline });
    if (ran === 'busy') return { kind: 'busy' };
    // This process ends, and another goes on.
    return ran.state === 'finished' ? { kind: 'refreshed' } : { kind: 'out-of-time' };
  } catch (error) {
    if (error instanceof RefreshFailure) return error.outcome;
    throw error;
  }
}
