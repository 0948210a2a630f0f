import type { Database } from '../../store/database.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import { newId } from '../id.ts';
import { type Change, insertChanges, type NewChange } from '../update-stream/change-store.ts';
import { settleDoubt } from './commit-doubt.ts';
import type { WorkspaceId } from './workspace.ts';
import { type Head, lockHead, storeHead } from './workspace-store.ts';

/** A transaction that changes a workspace, under its head lock. */
export interface WorkspaceChange {
  readonly tx: Transaction;
  /** Its counters may be advanced; it is stored at the end. */
  readonly head: Head;
  readonly workspaceId: WorkspaceId;
  readonly now: Date;
  /** Puts a change into the update stream, at the next seq, which is answered. */
  record(change: NewChange): number;
}

/** After this time nobody waits to hear what became of a commit whose answer was lost. */
const doubtMilliseconds = 5_000;

/**
 * The way of every write that is no batch of events: a transaction that locks the workspace's head, does the work, and ends with what
 * was recorded and the head. A commit whose answer was lost is looked up: what took place is answered, and what did not is thrown, as
 * a lost connection is, to be tried again.
 */
export async function changeWorkspace<Result>(
  { database }: { readonly database: Pick<Database, 'sessions'> },
  workspaceId: WorkspaceId,
  now: Date,
  work: (change: WorkspaceChange) => Promise<Result>,
): Promise<Result> {
  const ready = () => Promise.resolve();
  return changeWorkspacePrepared({ database }, workspaceId, now, ready, work);
}

/**
 * As `changeWorkspace`, with work in the same transaction that comes before the lock, for what would hold it for long. It may write what
 * nobody writes who holds the lock: else the two would wait for each other.
 */
export async function changeWorkspacePrepared<Prepared, Result>(
  { database }: { readonly database: Pick<Database, 'sessions'> },
  workspaceId: WorkspaceId,
  now: Date,
  prepare: (tx: Transaction) => Promise<Prepared>,
  work: (change: WorkspaceChange, prepared: Prepared) => Promise<Result>,
): Promise<Result> {
  const attempt = new ChangeAttempt<Result>(workspaceId, now);
  try {
    return await inTransaction(database, async (tx) => {
      const prepared = await prepare(tx);
      return attempt.run(tx, (change) => work(change, prepared));
    });
  } catch (error) {
    const { done } = attempt;
    const until = performance.now() + doubtMilliseconds;
    const settled = await settleDoubt(database, workspaceId, done?.head, error, until);
    if (done && settled === 'committed') return done.result;
    throw error;
  }
}

class ChangeAttempt<Result> {
  /** Of what was done and is to be committed. */
  done: { readonly head: Head; readonly result: Result } | undefined;
  readonly #workspaceId: WorkspaceId;
  readonly #now: Date;

  constructor(workspaceId: WorkspaceId, now: Date) {
    this.#workspaceId = workspaceId;
    this.#now = now;
  }

  async run(tx: Transaction, work: (change: WorkspaceChange) => Promise<Result>): Promise<Result> {
    const [workspaceId, now] = [this.#workspaceId, this.#now];
    const head = await lockHead(tx, workspaceId);
    const changes: Change[] = [];
    const record = (change: NewChange) => {
      changes.push({ seq: ++head.seq, nodeId: null, data: null, ...change });
      return head.seq;
    };
    const result = await work({ tx, head, workspaceId, now, record });
    head.lastBatch = newId(now.getTime());
    if (changes.length > 0) await insertChanges(tx, workspaceId, changes, now);
    await storeHead(tx, workspaceId, head);
    this.done = { head, result };
    return result;
  }
}
