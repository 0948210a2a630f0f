import {
  CommitInDoubtError,
  DatabaseBusyError,
  DatabaseReadOnlyError,
  provesRollback,
  sqlState,
} from './database-error.ts';
import type { Parameter, Queryable } from './queryable.ts';
import type { Session, StatementResult } from './session.ts';
import type { SessionPool } from './session-pool.ts';

export { CommitInDoubtError, isConnectionError, isOutage, isTransient, sqlState } from './database-error.ts';

export interface Transaction extends Queryable {
  /**
   * Sends a statement at once, without waiting for those before it. Named prepared statements are used, so a text should not
   * vary. What is not awaited is answered before `inTransaction` ends, and fails it.
   */
  query<Row extends object>(text: string, parameters?: readonly Parameter[]): Promise<StatementResult<Row>>;
}

const IN_FAILED_TRANSACTION = '25P02';
const FEATURE_NOT_SUPPORTED = '0A000';

/**
 * Runs `work` in one transaction on one connection and commits it. `begin` goes out together with the first statements, and
 * `commit` right behind whatever `work` sent last without awaiting it: writes and commit cost one round trip together.
 *
 * When its time is up (`until` on the clock of `performance.now()`, else what the pool allows) the connection is given up: before the
 * commit was sent that is a roll-back, after it a doubt.
 * @throws CommitInDoubtError when the connection was lost between `commit` and its answer. Any other error, `isConnectionError`
 *   included, means that the transaction was rolled back for certain.
 */
export async function inTransaction<Result>(
  database: { readonly sessions: SessionPool },
  work: (tx: Transaction) => Promise<Result>,
  until?: number,
): Promise<Result> {
  const { sessions } = database;
  const session = await takeUntil(sessions, until);
  const allowed = until === undefined ? sessions.transactionMilliseconds : until - performance.now();
  const alarm = allowed === undefined ? undefined : setTimeout(() => session.abandon(), allowed);
  const run = new TransactionRun(session);
  try {
    run.begin();
    const result = await run.perform(work);
    await run.commit();
    return result;
  } finally {
    clearTimeout(alarm);
    sessions.give(session, run.isClean);
  }
}

/** A session that comes too late is given back. @throws DatabaseBusyError */
async function takeUntil(sessions: SessionPool, until: number | undefined): Promise<Session> {
  const taking = sessions.take();
  if (until === undefined) return taking;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const alarm = setTimeout(() => reject(new DatabaseBusyError()), until - performance.now());
  try {
    return await Promise.race([taking, late]);
  } catch (error) {
    taking.then(
      (session) => sessions.give(session, true),
      () => {},
    );
    throw error;
  } finally {
    clearTimeout(alarm);
  }
}

class TransactionRun implements Transaction {
  /** Whether the server has said that the transaction is over, so that the session can serve the next one. */
  isClean = false;
  readonly #session: Session;
  #firstFailure: { error: unknown } | undefined;
  readonly #answers: Promise<unknown>[] = [];
  #isOver = false;

  constructor(session: Session) {
    this.#session = session;
  }

  query<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
  ): Promise<StatementResult<Row>> {
    if (this.#isOver) return Promise.reject(new Error('the transaction is over'));
    return this.#send<Row>(text, parameters);
  }

  begin(): void {
    this.#keep(this.#begin());
  }

  async perform<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    try {
      const result = await work(this);
      this.#isOver = true;
      // The server refuses to commit after a failed statement; so do we where `work` has swallowed the failure.
      if (this.#firstFailure) throw this.#firstFailure.error;
      return result;
    } catch (error) {
      this.#isOver = true;
      await this.#rollBack();
      throw this.#originOf(error);
    }
  }

  async commit(): Promise<void> {
    const [outcome] = await Promise.allSettled([this.#session.send('commit', []), ...this.#answers]);
    if (outcome.status === 'rejected') throw this.#judgeFailedCommit(outcome.reason);
    const answer = outcome.value;
    this.isClean = true;
    if (answer.command !== 'COMMIT') {
      throw this.#firstFailure?.error ?? new Error(`the database answered commit with ${answer.command}`);
    }
    // Committed, yet an answer could not be read: only a look into the database shows the caller what is there.
    if (this.#firstFailure) throw new CommitInDoubtError(this.#firstFailure.error);
  }

  #judgeFailedCommit(error: unknown): unknown {
    // Answers come in order: a statement that the server refused before has doomed the commit behind it.
    const earlier = this.#firstFailure?.error;
    if (earlier instanceof DatabaseReadOnlyError || provesRollback(earlier)) return earlier;
    if (provesRollback(error)) return error;
    return new CommitInDoubtError(error);
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#session.send('rollback', []);
      this.isClean = true;
    } catch {
      // The connection is gone, and the transaction with it: the session is ended, not kept.
    }
  }

  /** A statement behind the failed one only says that the transaction has failed. */
  #originOf(error: unknown): unknown {
    const first = this.#firstFailure?.error;
    return first !== undefined && sqlState(error) === IN_FAILED_TRANSACTION ? first : error;
  }

  async #begin(): Promise<void> {
    try {
      await this.#session.send('begin read write', []);
    } catch (error) {
      throw sqlState(error) === FEATURE_NOT_SUPPORTED ? new DatabaseReadOnlyError(error) : error;
    }
  }

  #send<Row extends object>(
    text: string,
    parameters: readonly Parameter[] = [],
  ): Promise<StatementResult<Row>> {
    const answer = this.#sendChecked<Row>(text, parameters);
    this.#keep(answer);
    return answer;
  }

  #keep(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => {
      this.#firstFailure ??= { error };
    });
    this.#answers.push(answer);
  }

  async #sendChecked<Row extends object>(
    text: string,
    parameters: readonly Parameter[],
  ): Promise<StatementResult<Row>> {
    return await this.#session.send<Row>(text, parameters);
  }
}
