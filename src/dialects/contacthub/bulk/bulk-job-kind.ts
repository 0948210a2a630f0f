import { Tally } from '../../../core/accounting/accounting.ts';
import { addCounts } from '../../../core/accounting/accounting-store.ts';
import type { JobStep } from '../../../core/job/job.ts';
import { ClaimLostError } from '../../../core/job/job-store.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { writeCsv } from '../../../http/csv.ts';
import type { JobKind, Slice } from '../../../jobs/job-kind.ts';
import { payloadLimit } from '../documents/payload-limit.ts';
import { eventRulesOf } from '../rules/event-rules.ts';
import { bulkKind } from './bulk-job.ts';
import { type FileInWork, type FileProgress, readFileInWork, storeProgress } from './bulk-job-store.ts';
import { deleteFile, insertResults, readFileBytes } from './file-store.ts';
import { type BulkServices, importRows, type RowResult } from './import-rows.ts';
import { readRecords } from './read-records.ts';
import { maximumRows } from './row-keys.ts';

/** What a slice reads of the file: more than the longest record. */
const usualWindow = 512 * 1024;
const rowsPerSlice = 10_000;

/**
 * Reads a file that was sent and does what its rows say, slice by slice. How far it has come is stored with the results of the rows,
 * in one transaction; rows that were done before a process died, and not told of, are known by their keys.
 */
export function bulkJob(services: BulkServices, windowBytes = usualWindow): JobKind {
  const { jobDatabase: database, workspaces, clock } = services;
  return {
    name: bulkKind,
    under: 'claim',
    slice: async (slice) => {
      const { workspaceId, job, stopping } = slice;
      const file = await readFileInWork(database, workspaceId, job.subject);
      if (!file) return { cursor: null, progress: job.progress, result: {} };
      const workspace = await workspaces.get(workspaceId);
      const named = workspace.nodes.get(file.nodeId);
      const node = named?.archivedAt ? undefined : named;
      if (!file.isOver && !node) {
        const end = { error: 'The node is not there any more.' };
        await endSlice(services, slice, file, { ...file, end }, []);
      } else if (!file.isOver && node) {
        const place = { services, workspace, node, file, stopping };
        const window = await readFileBytes(database, workspaceId, file, file.position, windowBytes);
        const isEnd = file.position + window.length >= file.bytes;
        const found = await readRecords(window, {
          isStart: false,
          isEnd,
          maximumRecord: maximumRecordOf(file, workspace),
        });
        const records = found.slice(0, rowsPerSlice);
        const results = await importRows(place, records, file.processed + 1);
        const read = records[results.length - 1]?.end ?? 0;
        const isWhole = isEnd && results.length === records.length && isBlank(window.subarray(read));
        const progress = {
          position: isWhole ? file.bytes : file.position + read,
          processed: file.processed + results.length,
          failed: file.failed + results.filter(({ outcome }) => outcome !== 'OK').length,
          end: endOf(isWhole, file.processed + results.length),
        };
        await endSlice(services, slice, file, progress, results);
        if (progress.end === undefined) return stepOf({ ...file, ...progress });
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

/** As much as the body of the request may have that says the same as a row. */
function maximumRecordOf({ eventType }: FileInWork, workspace: Workspace): number {
  return eventType === null ? payloadLimit : eventRulesOf(workspace, eventType).maximumBytes;
}

function endOf(isWhole: boolean, processed: number): FileProgress['end'] {
  if (isWhole) return 'PROCESSED';
  return processed >= maximumRows ? { error: `The file has more than ${maximumRows} rows.` } : undefined;
}

function stepOf({ position, processed, failed, total }: FileInWork): JobStep {
  return { cursor: { position }, progress: { done: processed, failed, total: Math.max(total, processed) } };
}

/** Whether nothing but line ends is left. */
function isBlank(rest: Uint8Array): boolean {
  return rest.every((byte) => byte === 0x0a || byte === 0x0d);
}

/** Stores how far the file is read and what became of the rows, as one. @throws ClaimLostError when another process has gone on */
async function endSlice(
  { jobDatabase: database, clock }: BulkServices,
  { workspaceId }: Slice,
  file: FileInWork,
  progress: FileProgress,
  results: readonly RowResult[],
): Promise<void> {
  const now = new Date(clock());
  const tally = new Tally();
  const refused = results.filter(({ isRefused }) => isRefused).length;
  if (refused > 0) tally.add('contacthub', now.getTime(), 'refused', 'invalid-request', refused);
  const lines = writeCsv(results.map(({ row, outcome, id, reason }) => [String(row), outcome, id, reason]));
  await changeWorkspace({ database }, workspaceId, now, async ({ tx }) => {
    if (!(await storeProgress(tx, workspaceId, file, progress, now))) throw new ClaimLostError();
    if (results.length > 0) await insertResults(tx, workspaceId, file.id, file.processed + 1, lines);
    if (refused > 0) await addCounts(tx, workspaceId, tally.counts());
  });
}
