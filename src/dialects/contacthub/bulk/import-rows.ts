import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../../../core/node/node.ts';
import { readNodesOfProfiles } from '../../../core/profile/profile-store.ts';
import { explainViolation } from '../../../core/quarantine/explain-violation.ts';
import type { Violation } from '../../../core/quarantine/quarantine.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import { type Reading, submissionOf } from '../../../http/ingest-operation.ts';
import type { Outcome } from '../../../ingest/outcome.ts';
import type { Submission } from '../../../ingest/submission.ts';
import { SliceFailure } from '../../../jobs/job-kind.ts';
import type { JobKindServices } from '../../dialect.ts';
import type { LoadedFile } from './bulk-job.ts';
import { deleteRow } from './delete-row.ts';
import type { CsvRecord } from './read-records.ts';
import { describeRefusal, type ReadRow, type RowReading, rowReaderOf } from './read-row.ts';
import { rowKey } from './row-keys.ts';
import type { RowResult } from './row-results.ts';

const maximumTries = 10;
const restMilliseconds = 1_000;
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

/** Rows that were sent on their way. */
export interface Portion {
  /** Where each of them ends, in the file. */
  readonly ends: readonly number[];
  /** What became of them, in their order. */
  readonly done: Promise<RowResult[]>;
}

/**
 * Sends rows on the way of the wire's own requests, each under a key of its own: one that was done before is done no more, whatever
 * became of the process.
 */
export class RowSender {
  readonly #place: ImportPlace;
  readonly #read: ReadRow;

  constructor(place: ImportPlace) {
    this.#place = place;
    this.#read = rowReaderOf(place.file, place.node, place.workspace);
  }

  /**
   * Resolves when the rows wait to be stored, in their order, behind those sent before. `firstRow`: the number of the first. What becomes
   * of them rejects with a SliceFailure when not all can be done now. `position`: of the window that they were found in.
   */
  async begin(records: readonly CsvRecord[], firstRow: number, position: number): Promise<Portion> {
    const { file } = this.#place;
    const ends = records.map(({ end }) => position + end);
    if (file.operation === 'DELETE') {
      const results = await deleteRows(this.#place, records, firstRow);
      return { ends, done: Promise.resolve(results) };
    }
    const rows = records.map((record) => readOne(this.#place, record, this.#read));
    const refusals = await this.#findStrangers(rows);
    const done = sendRows(this.#place, rows, refusals, firstRow);
    // It is waited for in its turn.
    done.catch(() => {});
    return { ends, done };
  }

  /** Why rows are refused that name customers by ids: those of nobody, or of another node. */
  async #findStrangers(rows: readonly ReadOne[]): Promise<ReadonlyMap<string, string>> {
    const { services, workspace, node } = this.#place;
    const named = new Set(rows.flatMap((row) => ('customerId' in row ? (row.customerId ?? []) : [])));
    if (named.size === 0) return new Map();
    const nodes = await readNodesOfProfiles(services.jobDatabase, workspace.id, [...named]);
    const strangers = [...named].filter((id) => nodes.get(id) !== node.id);
    return new Map(strangers.map((id) => [id, `customer not found ${id}`]));
  }
}

/** Does what rows say that only take away. Fewer than there are when the process stops. */
async function deleteRows(
  place: ImportPlace,
  records: readonly CsvRecord[],
  firstRow: number,
): Promise<RowResult[]> {
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
  return results;
}

/** @throws SliceFailure when nothing can be stored now */
async function sendRows(
  place: ImportPlace,
  rows: readonly ReadOne[],
  strangers: ReadonlyMap<string, string>,
  firstRow: number,
): Promise<RowResult[]> {
  const { file, services } = place;
  const sent: SentRow[] = [];
  const results = rows.map((one, index): RowResult | undefined => {
    const row = firstRow + index;
    if ('refusal' in one) return refused(row, one.refusal);
    const reason = one.customerId === undefined ? undefined : strangers.get(one.customerId);
    if (reason !== undefined) return refused(row, reason);
    const reading = { ...one.reading, dedupe: rowKey(file.id, row) };
    const submission = submissionOf('contacthub', reading, one.text, services.clock());
    sent.push({ index, reading, submission: { ...submission, yields: true } });
    return undefined;
  });
  for (const [{ index, reading }, outcome] of await submitSurely(place, sent))
    results[index] = resultOf(firstRow + index, outcome, () => violationOf(place, reading));
  return results.flatMap((result) => result ?? []);
}

/** A row on its way: which of its portion it is. */
interface SentRow {
  readonly index: number;
  readonly reading: Reading;
  readonly submission: Submission;
}

type ReadOne = RowReading | Refused;

interface Refused {
  readonly refusal: string;
}

function readOne(place: ImportPlace, record: CsvRecord, read: ReadRow): ReadOne {
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

/** What became of each; what can't be stored now is sent again. @throws SliceFailure when it can't be stored for some seconds */
async function submitSurely(
  { services, workspace, stopping }: ImportPlace,
  rows: readonly SentRow[],
): Promise<[SentRow, Outcome][]> {
  const { ingest, clock } = services;
  const later = () => new Date(clock() + retryMilliseconds);
  const done: [SentRow, Outcome][] = [];
  let waiting = rows;
  for (let tries = 0; waiting.length > 0; tries++) {
    if (tries === maximumTries || stopping.aborted)
      throw new SliceFailure('no rows can be stored at the moment', later());
    if (tries > 0) await sleep(restMilliseconds);
    const answers = await submitTo(ingest, workspace, waiting, later());
    const again: SentRow[] = [];
    for (const [index, row] of waiting.entries()) {
      const [outcome] = answers[index] ?? [];
      if (!outcome) again.push(row);
      else if (outcome.kind === 'refused' && outcome.reason === 'closed')
        throw new SliceFailure('the keys of the node are being made anew', later());
      else done.push([row, outcome]);
    }
    waiting = again;
  }
  return done;
}

/** The outcomes of each; undefined: it could not be stored now. While the workspace takes nothing in, the job waits. */
async function submitTo(
  ingest: JobKindServices['ingest'],
  { id }: Workspace,
  rows: readonly SentRow[],
  later: Date,
): Promise<(readonly Outcome[] | undefined)[]> {
  try {
    const answers = await ingest.submitAll(
      id,
      rows.map(({ submission }) => submission),
    );
    if (answers.some((answer) => answer.kind === 'retry-later' && answer.cause === 'stopping'))
      throw new SliceFailure('the process stops', later);
    return answers.map((answer) => (answer.kind === 'committed' ? answer.outcomes : undefined));
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
