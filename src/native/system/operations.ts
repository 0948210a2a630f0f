import { countDueJobs } from '../../core/job/due-job-store.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { readDiskSpace } from '../../store/disk-space.ts';
import { inTransaction } from '../../store/transaction.ts';
import { timeOrNull } from '../date-times.ts';
import { anyKey } from '../guards.ts';
import { errors } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { SystemReply } from './schemas.ts';

/** How the rest stands is told without them, where they are not counted by then. */
const jobsMilliseconds = 500;

export const systemOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/system',
    summary: 'How the server stands: database, queue, disk and jobs',
    guard: anyKey,
    replies: { 200: SystemReply, ...errors() },
    handle: async ({ services }) => {
      const { ingest, config, readiness } = services;
      const [database, disk, jobs] = await Promise.all([
        readiness.look(),
        readDiskSpace(config.dataDir),
        readJobs(services),
      ]);
      const { queuedItems: items, queuedBytes: bytes } = ingest;
      return {
        database,
        queue: { items, bytes, limitBytes: config.queueLimitBytes },
        disk,
        jobs,
      };
    },
  }),
];

async function readJobs({ database, clock }: NativeServices) {
  try {
    const { count, oldestDueAt } = await inTransaction(database, async (tx) => {
      await tx.query(`set local statement_timeout = ${jobsMilliseconds}`);
      return countDueJobs(tx, new Date(clock()));
    });
    return { due: count, oldestDueAt: timeOrNull(oldestDueAt) };
  } catch {
    // The database's own line says so.
    return null;
  }
}
