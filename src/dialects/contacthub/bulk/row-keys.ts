import type { DedupeKey } from '../../../core/dedupe/dedupe.ts';

/** The number of a row is four bytes of its key. */
export const maximumRows = 0xffff_ffff;

/**
 * The key under which a row is done once. It is the file's own id but for its end, and then the row's number: a file's keys lie
 * together, so that they are written, and deleted, as one range.
 */
export function rowKey(bulkJobId: string, row: number): DedupeKey {
  return { scope: 'contacthub-bulk', hash: hashOf(bulkJobId, row), window: 'forever' };
}

/** The first and the last key of a range of a file's rows, both inclusive. */
export function rowKeyRange(bulkJobId: string, firstRow: number, lastRow: number): [string, string] {
  return [hashOf(bulkJobId, firstRow), hashOf(bulkJobId, Math.min(lastRow, maximumRows))];
}

/** The time in an id and its random bits, but for the last four bytes. */
function hashOf(bulkJobId: string, row: number): string {
  return bulkJobId.replaceAll('-', '').slice(0, 24) + row.toString(16).padStart(8, '0');
}
