import type { Readable } from 'node:stream';
import type { Database } from './database.ts';
import type { Parameter } from './queryable.ts';

/** What was committed at one moment, however long it is read, while others go on writing. */
export interface Snapshot {
  query<Row extends object>(text: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  /** What `copy … to stdout` sends, at the pace at which it is read. */
  copyOut(text: string): Promise<Readable>;
}

/**
 * Reads in one transaction that sees nothing of what comes later. While it is open the server keeps what others have replaced, so it is for
 * who has to have all as of one moment; its statements may take as long as they take.
 */
export async function inSnapshot<Result>(
  { sessions }: Pick<Database, 'sessions'>,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const session = await sessions.take();
  let isClean = false;
  try {
    await session.send('begin isolation level repeatable read, read only', []);
    await session.send('set local statement_timeout = 0', []);
    await session.send('set local idle_in_transaction_session_timeout = 0', []);
    const result = await work({
      query: (text, parameters = []) => session.send(text, parameters),
      copyOut: (text) => session.copyOut(text),
    });
    await session.send('commit', []);
    isClean = true;
    return result;
  } finally {
    sessions.give(session, isClean);
  }
}
