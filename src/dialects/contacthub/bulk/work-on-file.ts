import { setImmediate as turn } from 'node:timers/promises';
import { ClaimLostError } from '../../../core/job/job-store.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { SliceFailure } from '../../../jobs/job-kind.ts';
import { payloadLimit } from '../documents/payload-limit.ts';
import { eventRulesOf } from '../rules/event-rules.ts';
import { type FileInWork, readFileInWork } from './bulk-job-store.ts';
import { FileProgressKeeper } from './file-progress.ts';
import { FileReader, type FileWindow } from './file-reader.ts';
import { type ImportPlace, type Portion, RowSender } from './import-rows.ts';
import { isBlank, RecordReader } from './read-records.ts';
import { maximumRows } from './row-keys.ts';

/** How much of a file a slice takes. */
export interface Pace {
  /** What is read of the file at once: a stored piece. */
  readonly windowBytes: number;
  /** A slice ends with the window behind which it has taken so long. */
  readonly sliceMilliseconds: number;
}

/** Rows that are read in one go: other requests of the process wait for no more. */
const rowsAtOnce = 100;
/**
 * Enough for a batch that is being stored, one behind it, and what is being read meanwhile. With six, batches were of 200 and 400 in turns, and
 * the database waited.
 */
const portionsUnderWay = 10;

/**
 * Works on a file for a slice's time, or until it is read: rows are read, checked and decided while those before them are stored, across
 * the windows, and how far all has come is stored beside. Answers where that leaves the file. @throws SliceFailure when not even the next
 * row can be done now
 */
export async function workOnFile(place: ImportPlace, file: FileInWork, pace: Pace): Promise<FileInWork> {
  const work = new FileWork(place, file, pace);
  try {
    return await work.run();
  } catch (error) {
    await work.settle();
    const left = await work.read();
    if (!(error instanceof SliceFailure) || left.processed === file.processed) throw error;
    return left;
  }
}

class FileWork {
  readonly #place: ImportPlace;
  readonly #file: FileInWork;
  readonly #pace: Pace;
  readonly #reader: FileReader;
  readonly #sender: RowSender;
  readonly #progress: FileProgressKeeper;
  readonly #maximumRecord: number;
  /** In the order of their rows. */
  readonly #underWay: Portion[] = [];
  /** False once a row was read that was not noted, since the process stops. */
  #isWhole = true;

  constructor(place: ImportPlace, file: FileInWork, pace: Pace) {
    const { services, workspace } = place;
    this.#place = place;
    this.#file = file;
    this.#pace = pace;
    this.#reader = new FileReader(services.jobDatabase, workspace.id, file, pace.windowBytes);
    this.#progress = new FileProgressKeeper(services, workspace.id, file);
    this.#sender = new RowSender(place, this.#progress);
    this.#maximumRecord = maximumRecordOf(file, workspace);
  }

  async run(): Promise<FileInWork> {
    const until = performance.now() + this.#pace.sliceMilliseconds;
    let rest: Buffer = Buffer.alloc(0);
    let isRead = this.#file.position >= this.#file.bytes;
    while (!this.#isStopped) {
      const window = await this.#reader.next(rest);
      if (!window) break;
      rest = await this.#sendRows(window);
      isRead = window.isEnd && isBlank(rest);
      if (performance.now() >= until && this.#progress.nextRow > this.#file.processed + 1) break;
    }
    while (this.#underWay.length > 0) await this.#land();
    const isOver = isRead && this.#isWhole;
    const isTooLong = this.#progress.nextRow > maximumRows;
    await this.#progress.store(
      isOver ? 'PROCESSED' : isTooLong ? { error: `The file has more than ${maximumRows} rows.` } : undefined,
    );
    return this.read();
  }

  /** After a failure: waits for all that is under way, and stores what is known of rows. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay.map(({ done }) => done));
    await this.#progress.store(undefined);
  }

  /** The file as it is stored. @throws ClaimLostError when it is gone */
  async read(): Promise<FileInWork> {
    const { services, workspace } = this.#place;
    const left = await readFileInWork(services.jobDatabase, workspace.id, this.#file.id);
    if (!left) throw new ClaimLostError();
    return left;
  }

  get #isStopped(): boolean {
    return this.#place.stopping.aborted || this.#progress.nextRow > maximumRows;
  }

  /** Sends the rows of a window on their way; answers what it has behind the last whole one. */
  async #sendRows({ bytes, position, isEnd }: FileWindow): Promise<Buffer> {
    const reader = new RecordReader(bytes, { isStart: false, isEnd, maximumRecord: this.#maximumRecord });
    while (!this.#isStopped) {
      const records = await reader.take(rowsAtOnce);
      if (records.length === 0) return reader.rest;
      if (this.#underWay.length === portionsUnderWay) await this.#land();
      const next = this.#progress.nextRow + records.length;
      this.#underWay.push(await this.#sender.begin(records, position));
      this.#isWhole = this.#progress.nextRow === next;
      await turn();
    }
    return reader.rest;
  }

  async #land(): Promise<void> {
    const [portion] = this.#underWay;
    if (!portion) return;
    await portion.done;
    this.#underWay.shift();
    await this.#progress.forget(portion.last);
  }
}

/** As much as the body of the request may have that says the same as a row. */
function maximumRecordOf({ eventType }: FileInWork, workspace: Workspace): number {
  return eventType === null ? payloadLimit : eventRulesOf(workspace, eventType).maximumBytes;
}
