import { sparingMemory } from '../../../core/heap-room.ts';
import type { JobStep } from '../../../core/job/job.ts';
import type { JobKind } from '../../../jobs/job-kind.ts';
import { bulkKind } from './bulk-job.ts';
import { type FileInWork, readFileInWork } from './bulk-job-store.ts';
import { FileProgressKeeper } from './file-progress.ts';
import { deleteFile, pieceBytes } from './file-store.ts';
import type { BulkServices } from './import-rows.ts';
import { type Pace, workOnFile } from './work-on-file.ts';

/** Rows at work all the time, but for a moment each ten seconds. */
const usualPace: Pace = { windowBytes: pieceBytes, sliceMilliseconds: 10_000 };

/**
 * Reads a file that was sent and does what its rows say, slice by slice. How far it has come is stored with the rows and their
 * results, in one transaction (ingest/journal.ts); rows that delete have keys.
 */
export function bulkJob(services: BulkServices, pace: Pace = usualPace): JobKind {
  const { jobDatabase: database, workspaces, clock } = services;
  return {
    name: bulkKind,
    under: 'claim',
    slice: async ({ workspaceId, job, stopping }) => {
      const file = await readFileInWork(database, workspaceId, job.subject);
      if (!file) return { cursor: null, progress: job.progress, result: {} };
      const workspace = await workspaces.get(workspaceId);
      const named = workspace.nodes.get(file.nodeId);
      const node = named?.archivedAt ? undefined : named;
      if (!file.isOver && !node) {
        const progress = new FileProgressKeeper(services, workspaceId, file);
        await progress.store({ error: 'The node is not there any more.' });
      } else if (!file.isOver && node) {
        const work = { services, workspace, node, file, stopping };
        const left = await sparingMemory(() => workOnFile(work, file, pace));
        if (!left.isOver) return stepOf(left);
      }
      await deleteFile(database, workspaceId, file.id);
      const over = await readFileInWork(database, workspaceId, file.id);
      const { processed, failed } = over ?? file;
      return {
        cursor: null,
        progress: { done: processed, failed, total: processed },
        result: { processed, failed, endedAt: new Date(clock()).toISOString() },
      };
    },
  };
}

function stepOf({ position, processed, failed, total }: FileInWork): JobStep {
  return { cursor: { position }, progress: { done: processed, failed, total: Math.max(total, processed) } };
}
