import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../startup-error.ts';
import type { ClusterOptions } from './cluster.ts';
import { isHeldByOrphans, ORPHAN_PATIENCE_MS } from './orphans.ts';
import { runProgram } from './run.ts';

/** A server recovers first if it was killed; that takes minutes at worst. */
const defaultPatienceMilliseconds = 10 * 60_000;

export interface SingleUserWork {
  /** The cluster's. */
  readonly folder: string;
  readonly database: string;
  readonly statements: readonly string[];
  /** What could not be done, for who reads of it. */
  readonly failure: string;
  readonly settings?: readonly string[];
  readonly patienceMilliseconds?: number;
}

/**
 * Runs statements as the superuser, while the server is down: all of them or, by the first that fails, none of the rest; each is a
 * transaction.
 */
export async function runSingleUser(
  { binaries, account, durable }: Pick<ClusterOptions, 'binaries' | 'account' | 'durable'>,
  work: SingleUserWork,
): Promise<void> {
  const { folder, database, statements, failure, patienceMilliseconds = defaultPatienceMilliseconds } = work;
  const settings = [
    'exit_on_error=on',
    'max_locks_per_transaction=1024',
    ...(durable ? [] : ['fsync=off']),
    ...(work.settings ?? []),
  ];
  const program = {
    path: binaries.postgres,
    args: ['--single', '-j', '-D', folder, ...settings.flatMap((setting) => ['-c', setting]), database],
    input: statements.map((statement) => `${statement};\n\n`).join(''),
    account,
    timeoutMilliseconds: patienceMilliseconds,
  };
  const orphansUntil = performance.now() + ORPHAN_PATIENCE_MS;
  while (true) {
    try {
      return await runProgram(program, failure);
    } catch (error) {
      const isHeld = error instanceof StartupError && isHeldByOrphans(error.message);
      if (!isHeld || performance.now() > orphansUntil) throw error;
      await delay(100);
    }
  }
}
