import { deleteForeverKeys } from '../../../core/dedupe/dedupe-store.ts';
import { attempt, type Rounds, startRounds } from '../../../jobs/rounds.ts';
import type { Database } from '../../../store/database.ts';
import type { Services } from '../../dialect.ts';
import { deleteBulkJob, failUpload } from './bulk-job-store.ts';
import { listOldBulkJobs } from './due-files-store.ts';
import { deleteFile, deleteResults } from './file-store.ts';
import { rowKeyRange } from './row-keys.ts';

/** How long results can be read, and keys of rows are known: no process that was held up sends rows after that. */
const keptMilliseconds = 30 * 24 * 60 * 60 * 1000;
/** An upload of which nothing came for so long is over, and whoever received it has died. */
const uploadMilliseconds = 60 * 60 * 1000;
const times = { firstMilliseconds: 60_000, intervalMilliseconds: 60 * 60 * 1000 };
/** Of one round. */
const maximumJobs = 100;
const keysAtOnce = 10_000;

/** Clears away what bulk jobs leave, once an hour. Any number of processes may do so. */
export function startBulkCleanUp({
  jobDatabase,
  clock,
  logger,
}: Pick<Services, 'jobDatabase' | 'clock' | 'logger'>): Rounds {
  return startRounds(times, () =>
    attempt(logger, { job: 'clean up bulk jobs' }, () => cleanUpBulkJobs(jobDatabase, clock())),
  );
}

/** One round, at `now` (ms). */
export async function cleanUpBulkJobs(database: Database, now: number): Promise<void> {
  const stale = await listOldBulkJobs(database, 'uploading', new Date(now - uploadMilliseconds), maximumJobs);
  for (const { workspaceId, id } of stale) {
    await failUpload(database, workspaceId, id, 'The upload did not come to its end.', new Date(now));
    await deleteFile(database, workspaceId, id);
  }
  const old = await listOldBulkJobs(database, 'sent', new Date(now - keptMilliseconds), maximumJobs);
  for (const { workspaceId, id, processed } of old) {
    await deleteFile(database, workspaceId, id);
    await deleteResults(database, workspaceId, id);
    for (let row = 1; row <= processed + keysAtOnce; row += keysAtOnce)
      await deleteForeverKeys(
        database,
        workspaceId,
        'contacthub-bulk',
        rowKeyRange(id, row, row + keysAtOnce - 1),
      );
    await deleteBulkJob(database, workspaceId, id);
  }
}
