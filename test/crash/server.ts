import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { readPostmasterFile } from '../../src/store/backends/embedded/postmaster-file.ts';
import { findDatabaseProcesses, processesOf, signal } from './database-processes.ts';

const root = new URL('../../', import.meta.url).pathname;
const node = join(root, 'node_modules', '.bin', 'node');
const endWithParent = new URL('../../scripts/end-with-parent.js', import.meta.url).href;
const shiftClock = new URL('./shift-clock.js', import.meta.url).href;
const startPatienceMilliseconds = 60_000;
const stopPatienceMilliseconds = 30_000;

/** Every server of this process that may still run. */
const children = new Set<ChildProcess>();

export interface ServerOptions {
  readonly dataDir: string;
  readonly logLevel?: string;
  /** Beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the command line, besides. */
  readonly settings?: readonly string[];
  /** Where its log goes, at its end; by default it is kept in memory. */
  readonly logFile?: string;
  /** A file that says by how many milliseconds its clock is off (shift-clock.js). */
  readonly clockFile?: string;
}

/** The real server, started as a user does, with its embedded database and that one's real settings. */
export class ServerProcess {
  readonly baseUrl: string;
  readonly credentials: CredentialsFile;
  /** From the start of the process to its banner, in milliseconds. */
  readonly startedIn: number;
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #log: readonly string[];

  constructor(child: ChildProcess, dataDir: string, log: readonly string[], startedIn: number) {
    this.#child = child;
    this.#dataDir = dataDir;
    this.#log = log;
    this.startedIn = startedIn;
    this.credentials = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'));
    this.baseUrl = this.credentials.baseUrl;
  }

  /** All that it has logged so far. */
  get log(): string {
    return this.#log.join('');
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** As `kill -9` does it; with the database, its server and all of that one's processes die at the same moment. */
  async kill(withDatabase: boolean): Promise<void> {
    if (withDatabase) await this.killDatabase();
    if (this.isRunning) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
  }

  /** Those that take requests, where there are several. */
  processes(): number[] {
    return this.#child.pid === undefined ? [] : processesOf(this.#child.pid);
  }

  /** As when the database's server is killed and ours goes on. */
  async killDatabase(): Promise<void> {
    await killDatabaseOf(this.#dataDir);
  }

  /** As SIGTERM does it. Answers the exit code; null when it had to be killed. */
  async stop(): Promise<number | null> {
    if (!this.isRunning) return this.#child.exitCode;
    await endChild(this.#child);
    return this.#child.exitCode;
  }
}

/** @throws Error with what it has printed when it does not come up in time */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const { dataDir, logFile } = options;
  const startedAt = performance.now();
  const child = spawnServer(options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  const printed: string[] = [];
  const log: string[] = [];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.push(text));
  while (!/is listening on http/.test(printed.join(''))) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || performance.now() - startedAt > startPatienceMilliseconds) {
      child.kill('SIGKILL');
      const said = logFile === undefined ? log.join('') : `its log is ${logFile}`;
      throw new Error(`the server did not start:\n${printed.join('')}${said}`);
    }
    await delay(5);
  }
  return new ServerProcess(child, dataDir, log, performance.now() - startedAt);
}

function spawnServer({
  dataDir,
  logLevel = 'warn',
  environment = {},
  settings = [],
  logFile,
  clockFile,
}: ServerOptions): ChildProcess {
  const log = logFile === undefined ? undefined : openSync(logFile, 'a');
  try {
    return spawn(
      node,
      [
        ...['--import', endWithParent],
        ...(clockFile === undefined ? [] : ['--import', shiftClock]),
        ...[join(root, 'src/main.ts'), 'start', '--port', '0', '--data-dir', dataDir, ...settings],
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', log ?? 'pipe', 'ipc'],
        // A group of its own: Ctrl-C is for the test, which stops the server itself.
        detached: true,
        env: {
          ...process.env,
          LOG_LEVEL: logLevel,
          DATABASE_URL: '',
          ...(clockFile === undefined ? {} : { THROUGHLINE_CRASH_CLOCK: clockFile }),
          ...environment,
        },
      },
    );
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** By SIGTERM; by SIGKILL when that takes too long. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopPatienceMilliseconds);
  await exited;
  clearTimeout(timer);
}

/** Leaves nothing behind of a data folder: ends what runs on it, and removes it and the folder of the database's socket. */
export async function removeDataFolder(dataDir: string): Promise<void> {
  // Asked first: one that is just starting its database is the only one who knows of it.
  await Promise.all([...children].map(endChild));
  const file = await readPostmasterFile(join(dataDir, 'postgres')).catch(() => undefined);
  await killDatabaseOf(dataDir);
  if (file?.socketFolder.includes('throughline-'))
    await rm(file.socketFolder, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

/** All of its processes, at the same moment as nearly as that can be done. */
async function killDatabaseOf(dataDir: string): Promise<void> {
  const found = await findDatabaseProcesses(dataDir);
  if (found) for (const pid of [found.server, ...found.children]) signal(pid, 'SIGKILL');
}
