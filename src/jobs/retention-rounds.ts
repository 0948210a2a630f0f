import type { Logger } from 'pino';
import { readLastJob } from '../core/job/job-store.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { listWorkspaceIds } from '../core/workspace/workspace-store.ts';
import type { Database } from '../store/database.ts';
import { type RetentionJobServices, requestRetention, retentionKind } from './retention-job.ts';
import { attempt, type Rounds, startRounds } from './rounds.ts';

/** After the start, which has other things to do. */
const firstMilliseconds = 60 * 1000;
const intervalMilliseconds = 60 * 60 * 1000;
/** A workspace's turn comes once a day, a little early rather than an hour late. */
const shortestPauseMilliseconds = 23.5 * 60 * 60 * 1000;

export interface DailyServices extends RetentionJobServices {
  readonly database: Database;
  readonly logger: Logger;
}

/**
 * Once an hour, and soon after the start: asks for retention in the workspaces whose last run began a day ago. Any number of processes may
 * do so: a workspace has one run open at a time.
 */
export function startRetention(services: DailyServices): Rounds {
  const times = { firstMilliseconds, intervalMilliseconds };
  return startRounds(times, (stopping) => requestDueRetention(services, stopping));
}

/** One round. What fails is logged and left to the next. */
export async function requestDueRetention(services: DailyServices, stopping: AbortSignal): Promise<void> {
  const { database, logger } = services;
  const job = 'ask for retention';
  await attempt(logger, { job }, async () => {
    for (const workspace of await listWorkspaceIds(database)) {
      if (stopping.aborted) return;
      await attempt(logger, { job, workspace }, () => requestIfDue(services, workspace));
    }
  });
}

async function requestIfDue(services: DailyServices, workspaceId: WorkspaceId): Promise<void> {
  const { database, clock } = services;
  const last = await readLastJob(database, workspaceId, retentionKind);
  // One that is open goes on by itself. What became due while one was cut short is not done by its rest, and waits no day more.
  if (last && (!last.finishedAt || clock() - last.requestedAt.getTime() < shortestPauseMilliseconds)) return;
  await requestRetention(services, workspaceId, 'schedule');
}
