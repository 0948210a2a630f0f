import type { Node } from '../../../core/node/node.ts';
import { readNodesOfProfiles } from '../../../core/profile/profile-store.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import type { Submission } from '../../../ingest/submission.ts';
import { SliceFailure } from '../../../jobs/job-kind.ts';
import type { JobKindServices } from '../../dialect.ts';
import type { FileInWork } from './bulk-job-store.ts';
import { deleteRow } from './delete-row.ts';
import type { FileProgressKeeper } from './file-progress.ts';
import type { CsvRecord } from './read-records.ts';
import { describeRefusal, type ReadRow, type RowReading, rowReaderOf } from './read-row.ts';
import { rowKey } from './row-keys.ts';
import type { RowResult } from './row-results.ts';

/** Behind it a file whose rows can't be stored now is tried again. */
const retryMilliseconds = 5_000;
/** A submission with so many bytes takes no more rows: a batch has a whole one at least. */
const submissionBytes = 512 * 1024;

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
  readonly file: FileInWork;
  readonly stopping: AbortSignal;
}

/** Rows that were sent on their way. */
export interface Portion {
  /** The number of the last of them that a batch stores. */
  readonly last: number;
  /** Rejects with a SliceFailure when not all can be done now. */
  readonly done: Promise<void>;
}

/**
 * Sends rows on the way of the wire's own requests, as entries of a journal: one that is done is done no more, whatever becomes of the
 * process.
 */
export class RowSender {
  readonly #place: ImportPlace;
  readonly #progress: FileProgressKeeper;
  readonly #read: ReadRow;
  /** The number of the last row that was submitted, or of the last that was done before. */
  #submitted: number;

  constructor(place: ImportPlace, progress: FileProgressKeeper) {
    this.#place = place;
    this.#progress = progress;
    this.#read = rowReaderOf(place.file, place.node, place.workspace);
    this.#submitted = place.file.processed;
  }

  /**
   * Resolves when the rows are noted, and wait to be stored, in their order, behind those sent before. `position`: of the window that they
   * were found in.
   */
  async begin(records: readonly CsvRecord[], position: number): Promise<Portion> {
    if (this.#place.file.operation === 'DELETE') {
      await this.#deleteRows(records, position);
      return { last: 0, done: Promise.resolve() };
    }
    const rows = records.map((record) => readOne(this.#place, record, this.#read));
    const taken = this.#noteRows(rows, records, position, await this.#findStrangers(rows));
    const done = submitRows(this.#place, this.#submissionsOf(taken));
    // It is waited for in its turn.
    done.catch(() => {});
    return { last: this.#submitted, done };
  }

  /** Notes all, and answers those that are to be submitted. */
  #noteRows(
    rows: readonly ReadOne[],
    records: readonly CsvRecord[],
    position: number,
    strangers: ReadonlyMap<string, string>,
  ): TakenRow[] {
    const taken: TakenRow[] = [];
    for (const [index, one] of rows.entries()) {
      const end = position + (records[index]?.end ?? 0);
      const number = this.#progress.nextRow;
      const stranger =
        'refusal' in one
          ? one.refusal
          : one.customerId === undefined
            ? undefined
            : strangers.get(one.customerId);
      this.#progress.note(end, stranger === undefined ? undefined : refused(number, stranger));
      if (!('refusal' in one) && stranger === undefined) taken.push({ ...one, number });
    }
    return taken;
  }

  /**
   * One for many, since each costs as much as a row, but for large ones. A row that changes a customer by the id may need a batch of its own,
   * and one of a former version's file has a key.
   */
  #submissionsOf(rows: readonly TakenRow[]): Submission[] {
    const { hasRowKeys, entity } = this.#place.file;
    const areSingle =
      hasRowKeys || (entity === 'CUSTOMER' && rows.some(({ customerId }) => customerId !== undefined));
    const groups: [TakenRow, ...TakenRow[]][] = [];
    let bytes = 0;
    for (const row of rows) {
      const group = groups.at(-1);
      if (group && !areSingle && bytes < submissionBytes) group.push(row);
      else {
        groups.push([row]);
        bytes = 0;
      }
      bytes += row.text.length;
    }
    return groups.map((group) => this.#submissionOf(group));
  }

  #submissionOf(rows: readonly [TakenRow, ...TakenRow[]]): Submission {
    const { file, services } = this.#place;
    const receivedAt = services.clock();
    const numbers = rows.map(({ number }) => number);
    const after = this.#submitted;
    this.#submitted = numbers.at(-1) ?? after;
    return {
      dialect: 'contacthub',
      source: rows[0].reading.source,
      receivedAt,
      carriesEvents: file.entity === 'EVENT',
      bytes: rows.reduce((bytes, { text }) => bytes + text.length, 0),
      size: rows.length,
      prepare: (workspace) => rows.flatMap(({ reading }) => reading.prepare(workspace, receivedAt)),
      raw: (index) => rows[index]?.text ?? '',
      request: rows[0].reading.request ?? {},
      yields: true,
      entry: { journal: this.#progress, numbers, after },
      ...(file.hasRowKeys && { dedupe: rowKey(file.id, rows[0].number) }),
    };
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

  /** Does what rows say that only take away. Fewer than there are when the process stops. */
  async #deleteRows(records: readonly CsvRecord[], position: number): Promise<void> {
    const { services, workspace, node, file, stopping } = this.#place;
    for (const record of records) {
      if (stopping.aborted) break;
      const row = this.#progress.nextRow;
      const cells = cellsOf(this.#place, record);
      const deleted =
        'refusal' in cells
          ? { reason: cells.refusal }
          : await deleteRow({ services, workspace, nodeId: node.id, file }, row, cells.cells);
      const result: RowResult =
        'id' in deleted
          ? { row, outcome: 'OK', id: deleted.id, reason: null, isRefused: false }
          : refused(row, deleted.reason);
      this.#progress.note(position + record.end, result);
    }
  }
}

type ReadOne = RowReading | Refused;

/** A row that is to be submitted. */
interface TakenRow extends RowReading {
  readonly number: number;
}

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

/** Resolves when all are done. @throws SliceFailure when one of them can't be done now, and so none of those behind it */
async function submitRows(
  { services: { ingest, clock }, workspace }: ImportPlace,
  submissions: readonly Submission[],
): Promise<void> {
  const later = (why: string) => new SliceFailure(why, new Date(clock() + retryMilliseconds));
  const answers = await ingest.submitAll(workspace.id, submissions).catch((error: unknown) => {
    // The workspace takes nothing in for now.
    throw error instanceof RequestError ? later(error.message) : error;
  });
  for (const answer of answers) {
    const outcomes = answer.kind === 'committed' ? answer.outcomes : [];
    if (outcomes.length === 0) throw later('no rows can be stored at the moment');
    if (outcomes.some((outcome) => outcome.kind === 'refused' && outcome.reason === 'closed'))
      throw later('the keys of the node are being made anew');
  }
}
