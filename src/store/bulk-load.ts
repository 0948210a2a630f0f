import type { Writable } from 'node:stream';
import type { Database } from './database.ts';
import type { Parameter } from './queryable.ts';

/** A transaction that may take as long as it takes. */
export interface BulkLoad {
  query<Row extends object>(text: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  /** Where `copy … from stdin` reads. */
  copyIn(text: string): Promise<Writable>;
}

/** Stores whole tables, all or nothing of them. */
export async function inBulkLoad<Result>(
  { sessions }: Pick<Database, 'sessions'>,
  work: (load: BulkLoad) => Promise<Result>,
): Promise<Result> {
  const session = await sessions.take();
  let isClean = false;
  try {
    await session.send('begin read write', []);
    await session.send('set local statement_timeout = 0', []);
    await session.send('set local idle_in_transaction_session_timeout = 0', []);
    const result = await work({
      query: (text, parameters = []) => session.send(text, parameters),
      copyIn: (text) => session.copyIn(text),
    });
    await session.send('commit', []);
    isClean = true;
    return result;
  } finally {
    sessions.give(session, isClean);
  }
}
