import type { Logger } from 'pino';
import { emptyRows } from '../change/rows.ts';
import { BatchWriter } from '../change/writer.ts';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/id.ts';
import { settleMemberships } from '../core/link/neighbourhood.ts';
import { settleDoubt } from '../core/workspace/commit-doubt.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { refuseClosed } from '../core/workspace/workspace-status.ts';
import { RequestError } from '../errors.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import { inTransaction, isTransient, type Transaction } from '../store/transaction.ts';
import { Attempt } from './attempt.ts';
import { decideBatch } from './decide-batch.ts';
import { type Foreseen, Foresight, HeadMovedError, readsNothingOf } from './foresight.ts';
import { GroupCommit } from './group-commit.ts';
import { findEntered, standingsAfter, writeJournals } from './journal.ts';
import type { IngestObserver } from './observer.ts';
import { type Outcome, retryLater, type SubmissionOutcome, sourceArchived } from './outcome.ts';
import { findPoison, isPoisonError, noPoison, type Poisoned } from './poison.ts';
import { Queued } from './queued.ts';
import { type ErasureSight, lockAsForeseen, type Reader, type Reading, readAll } from './reading.ts';
import type { Submission } from './submission.ts';
import { WorkspaceMemories } from './workspace-memory.ts';

/*
 * The way of an event, top to bottom:
 *
 *   submit          joins the queue of its workspace; a full queue answers retry-later
 *   commitBatch     one transaction for all that waited:
 *     lock head       the workspace's row: no other writer, the last seq, the configuration's version
 *     prepare         each item against that configuration (dialect's parse and check)  -> violation: quarantine
 *                     none whose source is archived (queued.ts)                          -> source-archived
 *     read known      keys that were answered before                                     -> duplicate
 *     keep the turn   of lists that are done in order (journal.ts)                       -> nothing
 *     see the erased  who was forgotten                                                  -> dropped
 *     resolve         keys -> profiles, old or new
 *     decide          links, writes, seqs, rows; pure
 *     write           every kind of row, one statement each
 *     settle          what projections make anew from all that is written; head last
 *   commit          then the answer
 *
 * While a batch is being stored the next one does its reads and is decided, and has the lock behind that, where it speaks of others (foresight.ts).
 *
 * On the way down it can fail thus: the database refuses a value (poison.ts finds and quarantines it), the connection is lost
 * before the commit (tried once more, then retry-later) or during it (core/workspace/commit-doubt.ts looks what became of it).
 */

export interface IngestLimits {
  readonly queueBytes: number;
}

const batchItems = 500;
const batchBytes = 8 * 1024 * 1024;
const reconnectMilliseconds = 250;
/**
 * Every wait for the database ends, so that the answer comes within ten seconds: a submission waits so long to be taken aboard, a
 * batch may take so long, and each try of it so long, which leaves time for another one, or to look what became of a lost commit.
 */
const queueMilliseconds = 3_000;
const batchMilliseconds = 7_000;
const tryMilliseconds = 5_000;

export class Ingest {
  readonly #database: Pick<Database, 'sessions'>;
  readonly #workspaces: WorkspaceCache;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #observer: IngestObserver;
  readonly #projections: readonly Projection[];
  readonly #reader: Reader;
  readonly #foresight = new Foresight();
  readonly #listeners = new Set<(workspaceId: WorkspaceId) => void>();
  readonly #queue: GroupCommit<Queued, SubmissionOutcome>;

  constructor(
    database: Pick<Database, 'sessions'>,
    workspaces: WorkspaceCache,
    clock: Clock,
    logger: Logger,
    observer: IngestObserver,
    projections: readonly Projection[],
    limits: IngestLimits,
    erasure: ErasureSight,
  ) {
    this.#reader = { workspaces, memories: new WorkspaceMemories(), erasure };
    this.#database = database;
    this.#workspaces = workspaces;
    this.#clock = clock;
    this.#logger = logger;
    this.#observer = observer;
    this.#projections = projections;
    this.#queue = new GroupCommit(this.#commitBatch.bind(this), {
      queueBytes: limits.queueBytes,
      batchBytes,
      batchItems,
      waitMilliseconds: queueMilliseconds,
    });
  }

  get queuedBytes(): number {
    return this.#queue.queuedBytes;
  }

  get queuedItems(): number {
    return this.#queue.queuedItems;
  }

  get oldestWaitingMilliseconds(): number {
    return this.#queue.oldestWaitingMilliseconds;
  }

  /**
   * Resolves after the commit, or with why nothing was stored. Rejects on a fault of ours, and with a RequestError
   * `forbidden` while the workspace takes nothing in.
   */
  async submit(workspaceId: WorkspaceId, submission: Submission): Promise<SubmissionOutcome> {
    const workspace = await this.#workspaceOf(workspaceId);
    return workspace ? this.#enqueue(workspace, submission) : retryLater('database');
  }

  /** As `submit`, of many; what became of each, in their order, once all are answered. */
  async submitAll(
    workspaceId: WorkspaceId,
    submissions: readonly Submission[],
  ): Promise<SubmissionOutcome[]> {
    const workspace = await this.#workspaceOf(workspaceId);
    if (!workspace) return submissions.map(() => retryLater('database'));
    return Promise.all(submissions.map((submission) => this.#enqueue(workspace, submission)));
  }

  async #enqueue(workspace: Workspace, submission: Submission): Promise<SubmissionOutcome> {
    const queued = new Queued(submission, workspace);
    if (queued.archivedSource) return sourceArchived(queued.archivedSource);
    const answer = await this.#queue.add(workspace.id, queued);
    return typeof answer === 'string' ? retryLater(answer) : answer;
  }

  /**
   * What items are checked against while the batch before is on its way, so that the workspace is locked for less; undefined while the
   * database is away. @throws RequestError `forbidden` while the workspace takes nothing in
   */
  async #workspaceOf(workspaceId: WorkspaceId): Promise<Workspace | undefined> {
    try {
      const workspace = await this.#workspaces.get(workspaceId);
      refuseClosed(workspace);
      return workspace;
    } catch (error) {
      if (!isTransient(error)) throw error;
      return undefined;
    }
  }

  /** Calls back after each commit of this process; returns how to stop. For those who follow a workspace by seq. */
  onCommit(listener: (workspaceId: WorkspaceId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes nothing more; resolves when all that was taken is answered. */
  async drain(): Promise<void> {
    await this.#queue.drain();
  }

  async #commitBatch(
    workspaceId: WorkspaceId,
    batch: readonly Queued[],
    boarded: () => void,
  ): Promise<SubmissionOutcome[]> {
    const started = performance.now();
    const submissions = batch.map((queued) => queued.submission);
    try {
      const until = started + batchMilliseconds;
      const outcomes = await this.#commitSurely(workspaceId, batch, noPoison, boarded, until);
      this.#observer.committed(submissions, outcomes, performance.now() - started);
      for (const listener of this.#listeners) listener(workspaceId);
      return batch.map(({ submission, archivedSource }) =>
        archivedSource
          ? sourceArchived(archivedSource)
          : { kind: 'committed', outcomes: outcomes.get(submission) ?? [] },
      );
    } catch (error) {
      // The workspace was closed while it waited.
      if (error instanceof RequestError) throw error;
      if (!isTransient(error)) {
        this.#logger.error({ err: error, workspace: workspaceId }, 'a batch could not be committed');
        throw error;
      }
      this.#logger.warn(
        { err: error, workspace: workspaceId },
        'the database is away; answering retry-later',
      );
      return batch.map(() => retryLater('database'));
    }
  }

  /** Commits the batch, around poison and one lost connection, if that can be done until then (by the clock of `performance.now`). */
  async #commitSurely(
    workspaceId: WorkspaceId,
    batch: readonly Queued[],
    poisoned: Poisoned,
    boarded: () => void,
    until: number,
    triesLeft = 1,
  ): Promise<Map<Submission, Outcome[]>> {
    const attempt = this.#newAttempt(false);
    const work = async (tx: Transaction) => {
      await this.#runBatch(tx, workspaceId, batch, poisoned, attempt);
      boarded();
    };
    try {
      await inTransaction(this.#database, work, Math.min(until, performance.now() + tryMilliseconds));
      return attempt.finish();
    } catch (error) {
      if (error instanceof HeadMovedError) {
        this.#foresight.noteFailure(workspaceId);
        return this.#commitSurely(workspaceId, batch, poisoned, boarded, until, triesLeft);
      }
      const settled = await settleDoubt(this.#database, workspaceId, attempt.head, error, until);
      if (settled === 'committed') return attempt.finish();
      if (settled === 'unknown') throw error;
      if (isPoisonError(error) && poisoned === noPoison) {
        const culprits = await findPoison(batch, (part) => this.#tryBatch(workspaceId, part, until));
        this.#logger.warn(
          { workspace: workspaceId, requests: culprits.size },
          'refused items go to quarantine',
        );
        return this.#commitSurely(workspaceId, batch, culprits, boarded, until, triesLeft);
      }
      const isTimeLeft = performance.now() + reconnectMilliseconds < until;
      if (triesLeft === 0 || !isTimeLeft || !isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, reconnectMilliseconds));
      return this.#commitSurely(workspaceId, batch, poisoned, boarded, until, triesLeft - 1);
    } finally {
      this.#foresight.forget(workspaceId, attempt.id);
    }
  }

  /**
   * What would become of submissions if they came in now, one behind the other: everything is done but the commit; nothing becomes of one
   * whose source is archived. It takes the workspace's lock for as long as that takes. @throws RequestError as `submit`, and `overloaded` while the database is away
   */
  async tryOut(
    workspaceId: WorkspaceId,
    submissions: readonly Submission[],
  ): Promise<ReadonlyMap<Submission, readonly Outcome[]>> {
    const until = performance.now() + tryMilliseconds;
    try {
      refuseClosed(await this.#workspaces.get(workspaceId));
      return await this.#tryAroundPoison(workspaceId, submissions, until);
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new RequestError('overloaded', undefined, { retryAfterSeconds: 1 });
    }
  }

  async #tryAroundPoison(
    workspaceId: WorkspaceId,
    submissions: readonly Submission[],
    until: number,
  ): Promise<ReadonlyMap<Submission, readonly Outcome[]>> {
    try {
      return await this.#tryBatch(workspaceId, submissions, until);
    } catch (error) {
      if (!isPoisonError(error)) throw error;
      const batch = submissions.map((submission) => ({ submission }));
      const culprits = await findPoison(batch, (part) => this.#tryBatch(workspaceId, part, until));
      return this.#tryBatch(workspaceId, submissions, until, culprits);
    }
  }

  /** Does everything for a part of a batch but the commit. */
  async #tryBatch(
    workspaceId: WorkspaceId,
    part: readonly Submission[],
    until: number,
    poisoned: Poisoned = noPoison,
  ): Promise<ReadonlyMap<Submission, readonly Outcome[]>> {
    const tried = new Error('tried, not to be committed');
    const workspace = await this.#workspaces.get(workspaceId);
    const batch = part.map((submission) => new Queued(submission, workspace));
    const attempt = this.#newAttempt(true);
    const work = async (tx: Transaction) => {
      await this.#runBatch(tx, workspaceId, batch, poisoned, attempt);
      await tx.query('select 1');
      throw tried;
    };
    try {
      await inTransaction(this.#database, work, until);
    } catch (error) {
      if (error !== tried) throw error;
    }
    return attempt.outcomes;
  }

  async #runBatch(
    tx: Transaction,
    workspaceId: WorkspaceId,
    batch: readonly Queued[],
    poisoned: Poisoned,
    attempt: Attempt,
  ): Promise<void> {
    const { reading, foreseen } = await this.#read(tx, workspaceId, batch, poisoned, attempt);
    const { workspace, memory, head, standings, items } = reading;
    const locking = foreseen && lockAsForeseen(tx, workspaceId, foreseen.head);
    const rows = emptyRows({ ...head, lastBatch: attempt.id }, memory.localDay);
    const writer = new BatchWriter(tx, workspaceId, rows, new Date(attempt.now));
    const decision = decideBatch({ ...reading, rows, now: attempt.now }, items, () => writer.writeDecided());
    attempt.decided(decision);
    await writer.writeStored();
    attempt.head = { ...rows.head, ...(await locking) };
    const rebound = [...rows.rebound];
    const moved = rebound.length > 0 ? await settleMemberships(tx, workspaceId, rebound) : [];
    for (const projection of rows.projected.values()) await projection.settle(tx);
    await writer.follow(this.#projections, workspace, moved);
    // The commit goes out right behind the statements, and the transaction reports what fails of them.
    const entered = findEntered(decision.outcomes);
    await writer.finish(writeJournals(tx, standings, entered));
    const written = attempt.isTrial ? undefined : writer.findWritten();
    if (written)
      this.#foresight.note(workspaceId, {
        head: rows.head,
        standings: standingsAfter(standings, entered),
        written,
      });
  }

  /** Ahead of the lock where that can be, and under it else; `foreseen`: by what was read ahead. */
  async #read(
    tx: Transaction,
    workspaceId: WorkspaceId,
    batch: readonly Queued[],
    poisoned: Poisoned,
    { now, isTrial }: Attempt,
  ): Promise<{ reading: Reading; foreseen?: Foreseen }> {
    const read = { batch, poisoned, now };
    const workspace = await this.#workspaces.get(workspaceId);
    const items = batch.flatMap((queued) => queued.itemsFor(workspace, poisoned));
    const foreseen = isTrial ? undefined : this.#foresight.of(workspaceId, workspace.version, items);
    const reading = await readAll(tx, this.#reader, read, workspace, foreseen);
    if (!foreseen) return { reading };
    if (readsNothingOf(reading, foreseen.written)) return { reading, foreseen };
    this.#foresight.noteFailure(workspaceId);
    return { reading: await readAll(tx, this.#reader, read, workspace, undefined) };
  }

  #newAttempt(isTrial: boolean): Attempt {
    const now = this.#clock();
    return new Attempt(now, newId(now), isTrial);
  }
}
