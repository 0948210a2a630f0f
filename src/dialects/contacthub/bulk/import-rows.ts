import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Node } from '../../../core/node/node.ts';
import { readNodesOfProfiles } from '../../../core/profile/profile-store.ts';
import { explainViolation } from '../../../core/quarantine/explain-violation.ts';
import type { Violation } from '../../../core/quarantine/quarantine.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { submissionOf } from '../../../http/ingest-operation.ts';
import type { Outcome, SubmissionOutcome } from '../../../ingest/outcome.ts';
import type { Submission } from '../../../ingest/submission.ts';
import { SliceFailure } from '../../../jobs/job-kind.ts';
import type { JobKindServices } from '../../dialect.ts';
import type { LoadedFile } from './bulk-job.ts';
import { deleteRow } from './delete-row.ts';
import type { CsvRecord } from './read-records.ts';
import { describeRefusal, type RowReading, rowReaderOf } from './read-row.ts';
import { rowKey } from './row-keys.ts';

/** What became of a row. */
export interface RowResult {
  readonly row: number;
  /** QUARANTINED: an event that breaks its schema; it is kept whole, and can be replayed. */
  readonly outcome: 'OK' | 'QUARANTINED' | 'FAILED';
  /** Of the customer, the event or the quarantined event, where it is known. */
  readonly id: string | null;
  readonly reason: string | null;
  /** True: it was refused before it was anything to store, as a request is. */
  readonly isRefused: boolean;
}

/** Rows that are read in one go: other requests of the process wait for no more. */
const rowsAtOnce = 100;
/** Rows are read while those before are being stored: as many as two batches of the engine take. */
const portionsUnderWay = 10;
const maximumTries = 10;
const retryMilliseconds = 5_000;

/** What the work on a file takes. */
export type BulkServices = Pick<
  JobKindServices,
  'jobDatabase' | 'workspaces' | 'ingest' | 'projections' | 'clock'
>;

/** Where rows go, and what of them is theirs alone. */
export interface ImportPlace {
  readonly services: BulkServices;
  readonly workspace: Workspace;
  readonly node: Node;
  readonly file: LoadedFile;
  readonly stopping: AbortSignal;
}

/**
 * Sends rows on the way of the wire's own requests, each under a key of its own: one that was done before is done no more, whatever
 * became of the process. Answers what became of them, in their order; of fewer than there are when the process stops or nothing can
 * be stored now. `firstRow`: the number of the first. @throws SliceFailure when not even the first can be done now
 */
export async function importRows(
  place: ImportPlace,
  records: readonly CsvRecord[],
  firstRow: number,
): Promise<RowResult[]> {
  const begin = place.file.operation === 'DELETE' ? deletePortion : beginPortion;
  const underWay: Portion[] = [];
  const results: RowResult[] = [];
  const land = async () => {
    results.push(...((await underWay[0]?.done) ?? []));
    underWay.shift();
  };
  try {
    for (let from = 0; from < records.length && !place.stopping.aborted; from += rowsAtOnce) {
      if (underWay.length === portionsUnderWay) await land();
      underWay.push(await begin(place, records.slice(from, from + rowsAtOnce), firstRow + from));
      await turn();
    }
    while (underWay.length > 0) await land();
  } catch (error) {
    const settled = await Promise.allSettled(underWay.map(({ done }) => done));
    // What was stored of rows behind those that failed is known by its keys when they are read again.
    for (const portion of settled) {
      if (portion.status === 'rejected') break;
      results.push(...portion.value);
    }
    if (!(error instanceof SliceFailure) || results.length === 0) throw error;
  }
  return results;
}

/** Rows that were sent on their way. */
interface Portion {
  readonly done: Promise<RowResult[]>;
}

/** Does what rows say that only take away. Fewer than there are when the process stops. */
async function deletePortion(
  place: ImportPlace,
  records: readonly CsvRecord[],
  firstRow: number,
): Promise<Portion> {
  const { services, workspace, node, file, stopping } = place;
  const results: RowResult[] = [];
  for (const [index, record] of records.entries()) {
    if (stopping.aborted) break;
    const row = firstRow + index;
    const cells = cellsOf(place, record);
    const deleted =
      'refusal' in cells
        ? { reason: cells.refusal }
        : await deleteRow({ services, workspace, nodeId: node.id, file }, row, cells.cells);
    results.push(
      'id' in deleted
        ? { row, outcome: 'OK', id: deleted.id, reason: null, isRefused: false }
        : refused(row, deleted.reason),
    );
  }
  return { done: Promise.resolve(results) };
}

/** Sends rows to the engine, which makes as few batches of them as they fit in; resolves when all wait there, in their order. */
async function beginPortion(
  place: ImportPlace,
  records: readonly CsvRecord[],
  firstRow: number,
): Promise<Portion> {
  const { services, workspace, node, file } = place;
  const read = rowReaderOf(file, node, workspace);
  const rows = records.map((record) => readOne(place, record, read));
  const named = new Set(rows.flatMap((row) => ('customerId' in row ? (row.customerId ?? []) : [])));
  const nodes =
    named.size > 0
      ? await readNodesOfProfiles(services.jobDatabase, workspace.id, [...named])
      : new Map<string, number>();
  const results = rows.map(async (one, index): Promise<RowResult> => {
    const row = firstRow + index;
    if ('refusal' in one) return refused(row, one.refusal);
    const { customerId, reading } = one;
    if (customerId !== undefined && nodes.get(customerId) !== node.id)
      return refused(row, `customer not found ${customerId}`);
    const outcome = await submitSurely(place, row, one);
    return resultOf(row, outcome, () => violationOf(place, reading));
  });
  const done = Promise.all(results);
  // It is waited for in its turn.
  done.catch(() => {});
  return { done };
}

interface Refused {
  readonly refusal: string;
}

function readOne(
  place: ImportPlace,
  record: CsvRecord,
  read: (cells: readonly string[]) => RowReading,
): RowReading | Refused {
  const cells = cellsOf(place, record);
  if ('refusal' in cells) return cells;
  try {
    return read(cells.cells);
  } catch (error) {
    if (error instanceof RequestError) return { refusal: describeRefusal(error) };
    throw error;
  }
}

function cellsOf({ file }: ImportPlace, record: CsvRecord): { readonly cells: readonly string[] } | Refused {
  if ('broken' in record) return { refusal: record.broken };
  const [is, has] = [record.cells.length, file.columns.length];
  return is === has ? record : { refusal: `the row has ${is} cells, the header ${has}` };
}

function refused(row: number, reason: string): RowResult {
  return { row, outcome: 'FAILED', id: null, reason, isRefused: true };
}

/** @throws SliceFailure when nothing can be stored now */
async function submitSurely(
  { services, workspace, file, stopping }: ImportPlace,
  row: number,
  { reading, text }: RowReading,
): Promise<Outcome> {
  const { ingest, clock } = services;
  const later = () => new Date(clock() + retryMilliseconds);
  const submission = submissionOf('contacthub', { ...reading, dedupe: rowKey(file.id, row) }, text, clock());
  for (let tries = 0; tries < maximumTries && !stopping.aborted; tries++) {
    const taken = await submitTo(ingest, workspace, submission, later());
    if (taken.kind === 'retry-later') {
      if (taken.cause === 'stopping') break;
      await sleep(taken.afterSeconds * 1000);
      continue;
    }
    const [outcome] = taken.outcomes;
    if (!outcome) throw new Error(`row ${row} came to nothing`);
    if (outcome.kind === 'refused' && outcome.reason === 'closed')
      throw new SliceFailure('the keys of the node are being made anew', later());
    return outcome;
  }
  throw new SliceFailure('no rows can be stored at the moment', later());
}

/** While the workspace takes nothing in, the job waits. */
async function submitTo(
  ingest: JobKindServices['ingest'],
  { id }: Workspace,
  submission: Submission,
  later: Date,
): Promise<SubmissionOutcome> {
  try {
    return await ingest.submit(id, submission);
  } catch (error) {
    throw error instanceof RequestError ? new SliceFailure(error.message, later) : error;
  }
}

/** What is wrong with an event that was found to be a repeat of a quarantined one. */
function violationOf(
  { workspace, services }: ImportPlace,
  reading: RowReading['reading'],
): Violation | undefined {
  const [prepared] = reading.prepare(workspace, services.clock());
  return prepared?.kind === 'violation' ? prepared.violation : undefined;
}

function resultOf(row: number, outcome: Outcome, violation: () => Violation | undefined): RowResult {
  const result = (
    what: RowResult['outcome'],
    id: string | null,
    reason: string | null = null,
  ): RowResult => ({ row, outcome: what, id, reason, isRefused: false });
  switch (outcome.kind) {
    case 'stored':
    case 'measured':
      return result('OK', outcome.eventId);
    case 'saved':
      return result('OK', outcome.profileIds[0] ?? null);
    case 'duplicate':
      if (outcome.first === 'dropped') return result('FAILED', null, outcome.first);
      return outcome.first === 'quarantined'
        ? result('QUARANTINED', outcome.eventId, describeViolation(violation()))
        : result('OK', outcome.eventId);
    case 'quarantined':
      return result('QUARANTINED', outcome.quarantineId, describeViolation(outcome.violation));
    case 'dropped':
      return result('FAILED', null, outcome.reason);
    case 'refused':
      return result('FAILED', null, describeRefused(outcome));
  }
}

function describeViolation(violation: Violation | undefined): string | null {
  if (!violation) return null;
  const { rule, path, detail } = violation;
  const [first] = Array.isArray(detail.errors) ? detail.errors : [];
  return first ? `${first.path} ${first.message}`.trim() : explainViolation({ rule, path });
}

function describeRefused({ reason, profileId, faults = [] }: Extract<Outcome, { kind: 'refused' }>): string {
  const [fault] = faults;
  if (fault) return `${fault.path} ${fault.message}`.trim();
  if (reason === 'key-taken') return `there is such a customer already: ${profileId}`;
  return reason === 'no-such-profile' ? 'customer not found' : reason;
}
