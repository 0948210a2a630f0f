import { Tally } from '../../../core/accounting/accounting.ts';
import { addCounts } from '../../../core/accounting/accounting-store.ts';
import { ClaimLostError } from '../../../core/job/job-store.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { type FileInWork, type FileProgress, storeProgress } from './bulk-job-store.ts';
import { insertResults } from './file-store.ts';
import type { BulkServices } from './import-rows.ts';
import { linesOf, type RowResult } from './row-results.ts';

/** So many rows are behind what is stored of the progress, at most, when those under way are not counted. */
const rowsPerStep = 2_000;

/**
 * How far a file is read, and what became of its rows: both are stored in one transaction, step by step, while the rows behind are on
 * their way.
 */
export class FileProgressKeeper {
  readonly #services: BulkServices;
  readonly #workspaceId: WorkspaceId;
  /** As it is stored, or about to be. */
  #file: FileInWork;
  /** Where the rows end whose results are at hand. */
  #position: number;
  #lines: string[] = [];
  #rows = 0;
  #failed = 0;
  #refused = 0;
  #storing: Promise<void> = Promise.resolve();

  constructor(services: BulkServices, workspaceId: WorkspaceId, file: FileInWork) {
    this.#services = services;
    this.#workspaceId = workspaceId;
    this.#file = file;
    this.#position = file.position;
  }

  /** Rows that are done, with those whose results are not stored. */
  get processed(): number {
    return this.#file.processed + this.#rows;
  }

  /** Takes in what became of the next rows, by where each of them ends. @throws as `store`, of a step before */
  async take(results: readonly RowResult[], ends: readonly number[]): Promise<void> {
    const end = ends[results.length - 1];
    if (end === undefined) return;
    this.#position = end;
    this.#rows += results.length;
    this.#failed += results.filter(({ outcome }) => outcome !== 'OK').length;
    this.#refused += results.filter(({ isRefused }) => isRefused).length;
    this.#lines.push(linesOf(results));
    if (this.#rows < rowsPerStep) return;
    await this.#storing;
    this.#storing = this.#storeStep(this.#position, undefined);
    // It is waited for before the next.
    this.#storing.catch(() => {});
  }

  /** Stores what is not stored, and, with an end, that the file is read. @throws ClaimLostError when another process has gone on */
  async store(end: FileProgress['end']): Promise<FileInWork> {
    await this.#storing;
    if (this.#rows > 0 || end !== undefined)
      await this.#storeStep(end === 'PROCESSED' ? this.#file.bytes : this.#position, end);
    return this.#file;
  }

  async #storeStep(position: number, end: FileProgress['end']): Promise<void> {
    const { jobDatabase: database, clock } = this.#services;
    const [from, lines, rows, refused] = [this.#file, this.#lines.join(''), this.#rows, this.#refused];
    const processed = from.processed + rows;
    const failed = from.failed + this.#failed;
    this.#file = { ...from, position, processed, failed, isOver: end !== undefined };
    [this.#lines, this.#rows, this.#failed, this.#refused] = [[], 0, 0, 0];
    const now = new Date(clock());
    const tally = new Tally();
    if (refused > 0) tally.add('contacthub', now.getTime(), 'refused', 'invalid-request', refused);
    await changeWorkspace({ database }, this.#workspaceId, now, async ({ tx }) => {
      const progress = { position, processed, failed, end };
      if (!(await storeProgress(tx, this.#workspaceId, from, progress, now))) throw new ClaimLostError();
      if (rows > 0) await insertResults(tx, this.#workspaceId, from.id, from.processed + 1, lines);
      if (refused > 0) await addCounts(tx, this.#workspaceId, tally.counts());
    });
  }
}
