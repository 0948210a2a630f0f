import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type BulkLoad, inBulkLoad } from '../store/bulk-load.ts';
import type { Database } from '../store/database.ts';
import { sqlState } from '../store/database-error.ts';
import { inSnapshot, type Snapshot } from '../store/snapshot.ts';
import {
  type CopiedTable,
  copyInto,
  copyOutOf,
  countOthers,
  countRows,
  findFilled,
  listTables,
  readMigrationNames,
  stopWrites,
} from './copy-store.ts';
import { TransferError } from './format.ts';
import { countLines, gather } from './gather.ts';

export interface CopyOptions {
  readonly onProgress: (rows: number, doing: string) => void;
  readonly signal: AbortSignal;
  /** Makes what the target has to have besides, once it is known to be empty. */
  readonly prepare: (source: Snapshot) => Promise<void>;
}

/** Rows by table, of those that have any. */
export type CopiedRows = Readonly<Record<string, number>>;

const patienceMilliseconds = 3_000;

/**
 * Copies every row of a database into one that this version has made and that is empty: all of them, or none. While it reads, nobody can
 * write where it reads from.
 * @throws TransferError when somebody is still at work there, the two are of other versions, or the target is not empty
 */
export async function copyDatabase(
  source: Pick<Database, 'sessions'>,
  target: Database,
  options: CopyOptions,
): Promise<CopiedRows> {
  return inSnapshot(source, async (snapshot) => {
    await expectStill(snapshot);
    await stopWrites(snapshot);
    await expectSameVersion(snapshot, target);
    const tables = await listTables(snapshot);
    const filled = await findFilled(target, tables);
    if (filled.length > 0)
      throw new TransferError(
        `the target is not empty: it has rows in ${filled.slice(0, 5).join(', ')}${filled.length > 5 ? ' and others' : ''}; name an empty database`,
      );
    await options.prepare(snapshot);
    return inBulkLoad(target, (load) => copyTables(snapshot, load, tables, options));
  });
}

/** A connection that was closed just now is seen for a moment. */
async function expectStill(source: Snapshot): Promise<void> {
  const until = performance.now() + patienceMilliseconds;
  while ((await countOthers(source)) > 0) {
    if (performance.now() > until)
      throw new TransferError(
        'a server or a command is still connected to the database that is to be copied: stop it first, else what it stores behind the copy is not in it',
      );
    await delay(100);
  }
}

async function expectSameVersion(source: Snapshot, target: Database): Promise<void> {
  const [there, here] = [await readMigrationNames(source), await readMigrationNames(target)];
  const missing = here.filter((name) => !there.includes(name));
  if (missing.length > 0)
    throw new TransferError(
      `the database that is to be copied is of an earlier version: it lacks ${missing[0]}; bring it up to date first (throughline migrate)`,
    );
  if (there.length > here.length)
    throw new TransferError('the database that is to be copied is of a later version than this one');
}

async function copyTables(
  source: Snapshot,
  target: BulkLoad,
  tables: readonly CopiedTable[],
  { onProgress, signal }: CopyOptions,
): Promise<CopiedRows> {
  const copied: Record<string, number> = {};
  let total = 0;
  for (const table of tables) {
    let rows = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of gather(chunks)) {
        rows += countLines(chunk);
        onProgress(total + rows, table.name);
        yield chunk;
      }
    };
    try {
      const into = await target.copyIn(copyInto(table));
      await pipeline(await source.copyOut(copyOutOf(table)), counted, into, { signal });
    } catch (error) {
      throw explain(error, table);
    }
    const found = await countRows(target, table);
    if (found !== rows) throw new Error(`${table.name} has ${found} rows of ${rows} that were sent`);
    total += rows;
    if (rows > 0) copied[table.name] = rows;
  }
  return copied;
}

function explain(error: unknown, { name }: CopiedTable): unknown {
  if (sqlState(error) === undefined || !(error instanceof Error)) return error;
  return new TransferError(`the rows of ${name} can't be stored: ${error.message}`, { cause: error });
}
