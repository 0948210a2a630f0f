import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { readFinishedAt } from '../core/retention/progress-store.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { listWorkspaceIds } from '../core/workspace/workspace-store.ts';
import { attempt, type Rounds, startRounds } from './rounds.ts';
import { addRetentionCounts, noRetention, type RetentionServices, runRetention } from './run-retention.ts';

/** After the start, which has other things to do. */
const firstMilliseconds = 60 * 1000;
const intervalMilliseconds = 60 * 60 * 1000;
/** A workspace's turn comes once a day, a little early rather than an hour late. */
const shortestPauseMilliseconds = 23.5 * 60 * 60 * 1000;
const slicesAtOnce = 10;

export interface DailyServices extends RetentionServices {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Once an hour, and soon after the start: retention of the workspaces whose last run is a day old. Any number of processes may do
 * so; they share the slices of a workspace that they come to at the same time. A stop ends after the slices that are under way.
 */
export function startRetention(services: DailyServices): Rounds {
  const times = { firstMilliseconds, intervalMilliseconds };
  return startRounds(times, (stopping) => retainAll(services, stopping));
}

/** One round. What fails is logged and left to the next. */
export async function retainAll(services: DailyServices, stopping: AbortSignal): Promise<void> {
  const { database, logger } = services;
  const job = 'retention';
  await attempt(logger, { job }, async () => {
    for (const workspace of await listWorkspaceIds(database)) {
      if (stopping.aborted) return;
      await attempt(logger, { job, workspace }, () => retain(services, workspace, stopping));
    }
  });
}

/** Lets the workspace's own work have as much of the time as retention takes. */
async function retain(
  services: DailyServices,
  workspaceId: WorkspaceId,
  stopping: AbortSignal,
): Promise<void> {
  const { database, clock, logger } = services;
  const finishedAt = await readFinishedAt(database, workspaceId);
  const now = clock();
  if (finishedAt && now - finishedAt.getTime() < shortestPauseMilliseconds) return;
  let counts = noRetention;
  for (let isMore = true; isMore && !stopping.aborted; ) {
    const began = performance.now();
    const { more, ...done } = await runRetention(services, workspaceId, {
      dryRun: false,
      now,
      slices: slicesAtOnce,
    });
    counts = addRetentionCounts(counts, done);
    if (more) await sleep(performance.now() - began);
    isMore = more;
  }
  if (Object.values(counts).some((total) => total > 0))
    logger.info({ workspace: workspaceId, ...counts }, 'retention');
}
