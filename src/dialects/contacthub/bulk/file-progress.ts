import { Tally } from '../../../core/accounting/accounting.ts';
import { addCounts } from '../../../core/accounting/accounting-store.ts';
import { ClaimLostError } from '../../../core/job/job-store.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Entered, Journal } from '../../../ingest/journal.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { type FileInWork, type FileProgress, readProcessed, storeProgress } from './bulk-job-store.ts';
import { insertResults } from './file-store.ts';
import type { BulkServices } from './import-rows.ts';
import { linesOf, type RowResult, resultOf } from './row-results.ts';

/** So many rows whose results are known, but stored with no batch (deleted or refused ones), are stored at once. */
const rowsPerStep = 2_000;

/** A row that was read. */
interface Noted {
  /** Where it ends, in the file. */
  readonly end: number;
  /** What became of it, where no batch says so. */
  readonly result: RowResult | undefined;
}

/**
 * How far a file is read, and what became of its rows: stored as one, in the transaction of the batch that its rows are in. What is refused
 * before it comes to a batch is stored with the next that does, or by itself.
 */
export class FileProgressKeeper implements Journal {
  readonly #services: BulkServices;
  readonly #workspaceId: WorkspaceId;
  readonly #file: FileInWork;
  /** In their order, the first of them that of the number behind `#forgotten`. */
  readonly #noted: Noted[] = [];
  /** All rows up to this one are done, and stored. */
  #forgotten: number;

  constructor(services: BulkServices, workspaceId: WorkspaceId, file: FileInWork) {
    this.#services = services;
    this.#workspaceId = workspaceId;
    this.#file = file;
    this.#forgotten = file.processed;
  }

  /** The number of the next row to be noted. */
  get nextRow(): number {
    return this.#forgotten + this.#noted.length + 1;
  }

  /** Takes in where the next row ends; `result`: what became of it, where it is not submitted. */
  note(end: number, result?: RowResult): void {
    this.#noted.push({ end, result });
  }

  readDone(tx: Queryable): Promise<number | undefined> {
    return readProcessed(tx, this.#workspaceId, this.#file.id);
  }

  async writeDone(tx: Queryable, done: number, next: readonly Entered[]): Promise<void> {
    const results = new Map<number, RowResult>();
    for (const { number, outcome } of next) results.set(number, resultOf(number, outcome));
    const last = next.at(-1)?.number ?? done;
    await this.#write(tx, done, this.#resultsBehind(done, results, last), undefined);
  }

  /** Forgets rows that are stored, up to one of a number, and stores those without a batch once they are many. */
  async forget(row: number): Promise<void> {
    if (row > this.#forgotten) {
      this.#noted.splice(0, row - this.#forgotten);
      this.#forgotten = row;
    }
    if (this.#noted.length >= rowsPerStep) await this.store(undefined);
  }

  /** Stores what is known of the next rows, and, with an end, that the file is read. @throws ClaimLostError when another process has gone on */
  async store(end: FileProgress['end']): Promise<void> {
    const { jobDatabase: database, clock } = this.#services;
    if (this.#noted.length === 0 && end === undefined) return;
    const stored = await changeWorkspace(
      { database },
      this.#workspaceId,
      new Date(clock()),
      async ({ tx }) => {
        const done = await this.readDone(tx);
        if (done === undefined || done < this.#forgotten || done >= this.nextRow) throw new ClaimLostError();
        const results = this.#resultsBehind(done, new Map(), this.nextRow - 1);
        if (results.length > 0 || end !== undefined) await this.#write(tx, done, results, end);
        return done + results.length;
      },
    );
    this.#noted.splice(0, stored - this.#forgotten);
    this.#forgotten = stored;
  }

  /** What became of the rows behind `done` up to `last`, or to the first of which that is not known. */
  #resultsBehind(done: number, results: ReadonlyMap<number, RowResult>, last: number): RowResult[] {
    const known: RowResult[] = [];
    for (let row = done + 1; row <= last; row++) {
      const result = results.get(row) ?? this.#notedOf(row)?.result;
      if (!result) break;
      known.push(result);
    }
    return known;
  }

  #notedOf(row: number): Noted | undefined {
    return this.#noted[row - this.#forgotten - 1];
  }

  async #write(
    tx: Queryable,
    done: number,
    results: readonly RowResult[],
    end: FileProgress['end'],
  ): Promise<void> {
    const { id, bytes } = this.#file;
    const processed = done + results.length;
    const now = new Date(this.#services.clock());
    const position = end === 'PROCESSED' ? bytes : this.#notedOf(processed)?.end;
    const failed = results.filter(({ outcome }) => outcome !== 'OK').length;
    const refused = results.filter(({ isRefused }) => isRefused).length;
    const writes: Promise<unknown>[] = [
      storeProgress(tx, this.#workspaceId, id, { position, rows: results.length, failed, end }, now),
    ];
    if (results.length > 0) writes.push(insertResults(tx, this.#workspaceId, id, done + 1, linesOf(results)));
    if (refused > 0) {
      const tally = new Tally();
      tally.add('contacthub', now.getTime(), 'refused', 'invalid-request', refused);
      writes.push(addCounts(tx, this.#workspaceId, tally.counts()));
    }
    await Promise.all(writes);
  }
}
