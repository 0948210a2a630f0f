import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StartupError } from '../../startup-error.ts';
import { type Account, spawnOptions } from './account.ts';
import { isHeldByOrphans, ORPHAN_PATIENCE_MS } from './orphans.ts';
import { readPostmasterFile, stopProcess } from './postmaster-file.ts';
import type { ServerLog } from './server-log.ts';
import { settingArguments } from './settings.ts';
import { makeSocketFolder } from './socket-folder.ts';

export interface ServerOptions {
  program: string;
  cluster: string;
  socketFolder: string;
  account: Account;
  settings: Readonly<Record<string, string>>;
  log: ServerLog;
  logger: Logger;
}

/** Recovering a long log after a crash takes minutes at worst; something that takes longer is stuck. */
const START_PATIENCE_MS = 10 * 60_000;

/**
 * Starts the server and waits until it takes connections.
 * @throws StartupError with the server's own last words when it gives up
 */
export async function startServer(options: ServerOptions, isStopping: () => boolean): Promise<ChildProcess> {
  await makeSocketFolder(options.socketFolder, options.account);
  const orphansUntil = performance.now() + ORPHAN_PATIENCE_MS;
  while (true) {
    const logStart = options.log.size();
    const child = spawnServer(options);
    if (await becomesReady(child, options, isStopping)) return child;
    const complaint = options.log.lastComplaint(logStart);
    if (!isHeldByOrphans(complaint) || performance.now() > orphansUntil || isStopping()) {
      throw new StartupError(`PostgreSQL did not start (${options.log.path}): ${complaint}`);
    }
    await delay(100);
  }
}

function spawnServer(options: ServerOptions): ChildProcess {
  const child = spawn(
    options.program,
    ['-D', options.cluster, ...settingArguments(options.cluster, options.socketFolder, options.settings)],
    {
      ...spawnOptions(options.account),
      // A process group of its own: the terminal's Ctrl-C must reach us alone, who still have requests to finish.
      detached: true,
      stdio: ['ignore', options.log.descriptor, options.log.descriptor],
    },
  );
  child.on('error', (error) => options.logger.error({ err: error }, 'PostgreSQL could not be run'));
  return child;
}

async function becomesReady(
  child: ChildProcess,
  options: ServerOptions,
  isStopping: () => boolean,
): Promise<boolean> {
  const started = performance.now();
  let nextNotice = started + 5_000;
  while (!hasEnded(child)) {
    const file = await readPostmasterFile(options.cluster);
    if (file?.ready && file.pid === child.pid) return true;
    const now = performance.now();
    if (isStopping() || now - started > START_PATIENCE_MS) {
      await stopProcess(child.pid as number);
      return false;
    }
    if (now > nextNotice) {
      options.logger.info('PostgreSQL is recovering');
      nextNotice = now + 5_000;
    }
    await delay(5);
  }
  return false;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
