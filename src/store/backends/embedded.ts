import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { prepareDataFolder } from '../data-folder.ts';
import { resolveOwn } from '../own-file.ts';
import { describeError } from '../startup-error.ts';
import { DATABASE_NAME, DATABASE_USER, ensureAccess } from './embedded/access.ts';
import { chooseAccount, isPrivateFolderOf } from './embedded/account.ts';
import { type BinarySource, locateBinaries } from './embedded/binaries.ts';
import { type ClusterOptions, ensureCluster } from './embedded/cluster.ts';
import { type FolderLock, isFolderLocked, lockFolder } from './embedded/folder-lock.ts';
import { findCluster, placeCluster } from './embedded/layout.ts';
import {
  dismissLeftover,
  readPostmasterFile,
  stopLeftover,
  stopProcess,
} from './embedded/postmaster-file.ts';
import { type ServerOptions, startServer } from './embedded/server.ts';
import { openServerLog } from './embedded/server-log.ts';
import { runSingleUser } from './embedded/single-user.ts';
import {
  makeSocketFolder,
  removeSocketFolder,
  SOCKET_PORT,
  socketFolderOf,
} from './embedded/socket-folder.ts';
import { refuseHalfUpgraded } from './embedded/upgrade.ts';

/** How to reach the server: a Unix socket named by its folder and port. */
export interface EmbeddedConnection {
  host: string;
  port: number;
  database: string;
  user: string;
}

export interface EmbeddedOptions {
  dataDir: string;
  logger: Logger;
  /** Server settings over the usual ones; `fsync: 'off'` is for tests only. */
  settings?: Readonly<Record<string, string>>;
  /** Another version's, for a cluster that it has made. */
  binaries?: BinarySource | undefined;
}

export interface EmbeddedServer {
  readonly connection: EmbeddedConnection;
  /** The server's process; it changes when the server had to be started again, and is undefined while it is down. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

const LONGEST_BACK_OFF_MS = 10_000;
/** A terabyte may take so long. */
const scrubPatienceMilliseconds = 24 * 60 * 60_000;

/**
 * Starts PostgreSQL on the data folder, which it initialises first if need be, and keeps it running until `stop`.
 * @throws StartupError with one clear line: folder in use or not writable, no binaries, no account, server gave up
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { logger, settings = {} } = options;
  const opened = await openCluster({ ...options, durable: settings.fsync !== 'off' });
  const { dataDir, cluster, account, binaries, release: releaseLocks } = opened;
  try {
    await ensureAccess(opened);
    const socketFolder = await socketFolderOf(dataDir, account);
    await makeSocketFolder(socketFolder, account);
    const log = openServerLog(join(dataDir, 'postgres.log'), account, logger);
    const server = await superviseServer({
      program: binaries.postgres,
      cluster,
      socketFolder,
      account,
      settings,
      log,
      logger,
    });
    let stopped: Promise<void> | undefined;
    const stopAll = async () => {
      await server.stop();
      log.close();
      await removeSocketFolder(socketFolder);
      await releaseLocks();
    };
    return {
      connection: { host: socketFolder, port: SOCKET_PORT, database: DATABASE_NAME, user: DATABASE_USER },
      get pid() {
        return server.pid();
      },
      stop() {
        stopped ??= stopAll();
        return stopped;
      },
    };
  } catch (error) {
    await releaseLocks();
    throw error;
  }
}

/**
 * Takes the bytes out of a cluster that nothing in it refers to any more: tables and statistics are written anew, and the log of before
 * is removed. Nobody may use it meanwhile. It needs as much room as the largest table has, and as long as that takes.
 * @throws StartupError with one clear line: the folder is in use, there is no cluster, it failed
 */
export async function scrubEmbedded(options: EmbeddedOptions): Promise<void> {
  const opened = await openCluster({ ...options, durable: options.settings?.fsync !== 'off' });
  const { cluster: folder, release } = opened;
  try {
    await runSingleUser(opened, {
      folder,
      database: DATABASE_NAME,
      // Statistics hold values; of a table that is empty now, analyzing leaves those of before. The log of all that is in another file
      // than the one that is written when the last checkpoint has removed all before it.
      statements: [
        'delete from pg_statistic',
        'vacuum full',
        'analyze',
        'checkpoint',
        'select pg_switch_wal()',
        'checkpoint',
      ],
      // Else the files of the log are kept, under other names, to be written over.
      settings: ['wal_recycle=off'],
      failure: `${folder} could not be scrubbed`,
      patienceMilliseconds: scrubPatienceMilliseconds,
    });
  } finally {
    await release();
  }
}

interface OpenedCluster extends ClusterOptions {
  readonly dataDir: string;
  readonly release: () => Promise<void>;
}

/** Takes the data folder for this process, and makes its cluster ready where there is none; no server runs on it. */
async function openCluster({
  dataDir: named,
  logger,
  durable,
  binaries: source,
}: Pick<EmbeddedOptions, 'dataDir' | 'logger' | 'binaries'> & {
  readonly durable: boolean;
}): Promise<OpenedCluster> {
  const dataDir = await prepareDataFolder(named);
  refuseHalfUpgraded(dataDir);
  const locks: FolderLock[] = [await lockFolder(dataDir)];
  const release = async () => {
    await Promise.all(locks.map((lock) => lock.release()));
  };
  try {
    const found = await findCluster(dataDir);
    const account = chooseAccount(dataDir, found);
    const binaries = await locateBinaries(account, logger, source);
    const cluster = await placeCluster(dataDir, found, account, logger);
    const options = { cluster, binaries, account, durable, logger };
    await ensureCluster(options);
    // A link, or a copied data folder that holds one, gives the cluster a second name.
    if (cluster !== join(dataDir, 'postgres')) locks.push(await lockFolder(cluster));
    await stopLeftover(cluster, logger);
    return { ...options, dataDir, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Whether a cluster was made on this data folder; makes nothing. */
export async function hasCluster(dataDir: string): Promise<boolean> {
  return existsSync(join(await findCluster(await resolveOwn(dataDir)), 'PG_VERSION'));
}

/** The connection to a server that another live process runs on this data folder, for commands beside it; else undefined. */
export async function findRunningEmbedded(dataDir: string): Promise<EmbeddedConnection | undefined> {
  const folder = await prepareDataFolder(dataDir);
  if (!(await isFolderLocked(folder))) return undefined;
  const cluster = await findCluster(folder);
  const file = await readPostmasterFile(cluster);
  if (!file?.ready) return undefined;
  // The file is the account's, which could name any folder; a stranger's server would be told what this one is.
  if (!isPrivateFolderOf(chooseAccount(folder, cluster), file.socketFolder)) return undefined;
  return { host: file.socketFolder, port: SOCKET_PORT, database: DATABASE_NAME, user: DATABASE_USER };
}

/**
 * Tells the server on a data folder to stop whose owner was killed, and does not wait for its end. Who has taken the folder meanwhile
 * sees to that.
 * @throws StartupError when somebody has
 */
export async function dismissAbandoned(dataDir: string): Promise<void> {
  const folder = await resolveOwn(dataDir);
  const lock = await lockFolder(folder);
  try {
    await dismissLeftover(await findCluster(folder));
  } finally {
    await lock.release();
  }
}

interface SupervisedServer {
  pid(): number | undefined;
  stop(): Promise<void>;
}

/** Starts the server and starts it again, with growing pauses, whenever it ends by itself. */
async function superviseServer(options: ServerOptions): Promise<SupervisedServer> {
  const { logger } = options;
  let stopping = false;
  let child: ChildProcess | undefined;
  let restart: Promise<void> = Promise.resolve();

  const watch = (started: ChildProcess) => {
    child = started;
    const startedAt = performance.now();
    const onEnd = (code: number | null, signal: NodeJS.Signals | null) => {
      child = undefined;
      if (stopping) return;
      logger.error({ code, signal }, 'PostgreSQL ended unexpectedly; starting it again');
      // Only a server that ends soon after its start is worth waiting for.
      restart = startAgain(performance.now() - startedAt > LONGEST_BACK_OFF_MS ? 0 : 100);
    };
    // It may have ended between becoming ready and here.
    if (started.exitCode !== null || started.signalCode !== null) onEnd(started.exitCode, started.signalCode);
    else started.once('exit', onEnd);
  };
  const startAgain = async (firstPause: number) => {
    for (let pause = firstPause; !stopping; pause = Math.min(Math.max(pause, 100) * 2, LONGEST_BACK_OFF_MS)) {
      await delay(pause);
      if (stopping) return;
      try {
        watch(await startServer(options, () => stopping));
        logger.info({ pid: child?.pid }, 'PostgreSQL runs again');
        return;
      } catch (error) {
        logger.error({ reason: describeError(error) }, 'PostgreSQL could not be started again');
      }
    }
  };

  watch(await startServer(options, () => stopping));
  return {
    pid: () => child?.pid,
    async stop() {
      stopping = true;
      await restart;
      if (child?.pid) await stopProcess(child.pid);
    },
  };
}
