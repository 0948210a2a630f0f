import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { listPartitions } from '../core/dedupe/partitions.ts';
import type { OpenDatabase } from '../store/database.ts';
import { isConnectionError, sqlState } from '../store/database-error.ts';
import { deleteExpiredRest, dropPartition, makePartition, planPartitions } from './dedupe-partitions.ts';
import { deleteExpiredCredentials } from './expired-credentials.ts';
import { deleteOldJobs } from './old-jobs.ts';
import { attempt, type Rounds, startRounds } from './rounds.ts';

const intervalMilliseconds = 10 * 60 * 1000;

/**
 * Lock not to be had in time, deadlock, or another process made it in the same moment: the next round finds what is left. The last: the hour
 * has keys in the default partition already, of while nobody made any, and goes without its own.
 */
const transientStates = new Set(['55P03', '40P01', '42P07', '23505', '23514']);

/**
 * Keeps the hourly partitions of the dedupe window and clears away expired tokens and old jobs: now, and every ten minutes. Any number of
 * processes may do so. Nothing depends on a round's success at once: keys that no partition covers go to the default one.
 */
export async function startMaintenance(
  database: OpenDatabase,
  clock: Clock,
  logger: Logger,
): Promise<Rounds> {
  await maintain(database, clock(), logger);
  const times = { firstMilliseconds: intervalMilliseconds, intervalMilliseconds };
  return startRounds(times, () => maintain(database, clock(), logger));
}

/** One round, at `now` (ms): short transactions. What fails is logged and left to the next. */
export async function maintain(database: OpenDatabase, now: number, logger: Logger): Promise<void> {
  const tryTo = (job: string, work: () => Promise<void>) => attempt(logger, { job }, work, isTransient);
  await tryTo('list partitions', async () => {
    const plan = planPartitions(await listPartitions(database), now);
    for (const hour of plan.make) await tryTo('make partition', () => makePartition(database, hour));
    for (const name of plan.drop) await tryTo('drop partition', () => dropPartition(database, name));
    await deleteExpiredRest(database, now);
  });
  await tryTo('delete expired credentials', () => deleteExpiredCredentials(database, now));
  await tryTo('delete old jobs', () => deleteOldJobs(database, now));
}

function isTransient(error: unknown): boolean {
  return transientStates.has(sqlState(error) ?? '') || isConnectionError(error);
}
