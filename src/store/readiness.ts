import type { Database } from './database.ts';
import { DatabaseReadOnlyError, sqlState } from './database-error.ts';
import { inTransaction } from './transaction.ts';

/** `down` also when it does not answer in time. */
export type DatabaseState = 'up' | 'down' | 'read-only' | 'full';

/** However often it is asked for. */
const freshMilliseconds = 1000;
const patienceMilliseconds = 2000;

const READ_ONLY = '25006';
const DISK_FULL = '53100';

/** Whether the database takes writes, found out by one: at most one a second, whoever asks. */
export class Readiness {
  readonly #database: Pick<Database, 'sessions'>;
  #looking: Promise<DatabaseState> | undefined;
  #known: { readonly state: DatabaseState; readonly at: number } | undefined;

  constructor(database: Pick<Database, 'sessions'>) {
    this.#database = database;
  }

  async look(): Promise<DatabaseState> {
    if (this.#known && performance.now() - this.#known.at < freshMilliseconds) return this.#known.state;
    this.#looking ??= this.#write().finally(() => {
      this.#looking = undefined;
    });
    return Promise.race([this.#looking, patience()]);
  }

  async #write(): Promise<DatabaseState> {
    let state: DatabaseState = 'up';
    try {
      await inTransaction(this.#database, async (tx) => {
        await tx.query(`set local work_mem = '64kB'`);
        // More than fits into that much memory, so that it takes a file, which a full disk has no room for.
        await tx.query(
          `select count(*) from (select repeat(md5(n::text), 8) as text from generate_series(1, 2000) n order by text offset 1) sorted`,
        );
        void tx.query('update write_probe set written_at = now()');
      });
    } catch (error) {
      state = stateOf(error);
    }
    this.#known = { state, at: performance.now() };
    return state;
  }
}

function stateOf(error: unknown): DatabaseState {
  if (error instanceof DatabaseReadOnlyError || sqlState(error) === READ_ONLY) return 'read-only';
  return sqlState(error) === DISK_FULL ? 'full' : 'down';
}

function patience(): Promise<DatabaseState> {
  return new Promise((resolve) => setTimeout(() => resolve('down'), patienceMilliseconds).unref());
}
