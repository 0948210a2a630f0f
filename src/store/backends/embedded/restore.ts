import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { Backup } from '../../backup/read-backup.ts';
import { prepareDataFolder } from '../../data-folder.ts';
import { presentBytes, readDiskSpace } from '../../disk-space.ts';
import { syncFolder } from '../../own-file.ts';
import { errorCode, StartupError } from '../../startup-error.ts';
import { type Account, chooseAccount, spawnOptions } from './account.ts';
import { locateBinaries } from './binaries.ts';
import { removeFolder } from './cluster.ts';
import { isFolderLocked, lockFolder } from './folder-lock.ts';
import { giveFolderTo, placeCluster } from './layout.ts';

/** In the data folder, while it is being restored: a data folder itself, so that nobody starts on what is not whole. */
const draftName = 'restoring';
/** What may be in a folder that counts as empty: what a file system has of its own, and a dead holder's lock. */
const nothings = new Set(['lost+found', 'throughline.lock']);

/** A cluster that came out of a backup, not in its place yet. */
export interface RestoredCluster {
  /** A data folder with the cluster alone, on which a server can be started. */
  readonly draft: string;
  /** Puts all that is in the draft into the data folder, for good. */
  finish(): Promise<void>;
  /** Takes away what there is of it, if it was not finished. */
  discard(): Promise<void>;
}

export interface RestoringOptions {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Takes a backup's cluster out into a data folder that is empty or not there yet. Nothing runs on it yet.
 * @throws StartupError when the folder is in use or not empty, the disk has no room, or the backup is spoilt or another major version's
 */
export async function unpackCluster(backup: Backup, options: RestoringOptions): Promise<RestoredCluster> {
  const dataDir = await prepareDataFolder(options.dataDir);
  await refuseUsed(dataDir);
  const lock = await lockFolder(dataDir);
  const draft = join(dataDir, draftName);
  // Where the server's account can't enter the data folder, the cluster lies in a folder of its own.
  let home: string | undefined;
  const discard = async () => {
    for (const folder of home === undefined ? [draft] : [home, draft]) await removeFolder(folder);
    await lock.release();
  };
  try {
    const account = chooseAccount(dataDir, join(dataDir, 'postgres'));
    await expectFit(backup, dataDir, account, options.logger);
    await makeDraft(draft, dataDir, account);
    const cluster = await placeCluster(draft, join(draft, 'postgres'), account, options.logger);
    if (dirname(cluster) !== draft) home = dirname(cluster);
    await mkdir(cluster, { mode: 0o700 });
    giveFolderTo(account, cluster);
    await unpack(backup, dirname(cluster), account, options.signal);
    const finish = async () => {
      await finishDraft(draft, dataDir);
      await lock.release();
    };
    return { draft, finish, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function refuseUsed(dataDir: string): Promise<void> {
  if (await isFolderLocked(dataDir))
    throw new StartupError(
      `a server is running on ${dataDir}; a backup is restored into an empty folder (--data-dir)`,
    );
  const names = readdirSync(dataDir).filter((name) => !nothings.has(name));
  if (names.includes(draftName))
    throw new StartupError(
      `${join(dataDir, draftName)} is of a restore that did not come to its end; remove it, then try again`,
    );
  if (names.length > 0)
    throw new StartupError(`${dataDir} is not empty; a backup is restored into an empty folder (--data-dir)`);
}

async function expectFit(
  { manifest }: Backup,
  dataDir: string,
  account: Account,
  logger: Logger,
): Promise<void> {
  const { majorVersion } = await locateBinaries(account, logger);
  if (manifest.postgresql !== majorVersion)
    throw new StartupError(
      `the backup is of PostgreSQL ${manifest.postgresql}, and this version of Throughline brings ${majorVersion}; restore it with Throughline ${manifest.throughline}`,
    );
  const space = await readDiskSpace(dataDir);
  if (space && space.freeBytes < manifest.clusterBytes)
    throw new StartupError(
      `the disk of ${dataDir} has no room: the database takes ${presentBytes(manifest.clusterBytes)}, and ${presentBytes(space.freeBytes)} are free`,
    );
}

/** The server's account has to get through, and whose folder it is keeps it. */
export async function makeDraft(draft: string, dataDir: string, account: Account): Promise<void> {
  await mkdir(draft);
  const { uid, mode } = statSync(dataDir);
  chmodSync(draft, mode & 0o777);
  if (account.kind === 'other' && account.uid === uid) giveFolderTo(account, draft);
}

/** By the system's own tar, as the server's account: whatever is in the file, it can write nowhere else than that account can. */
async function unpack(
  { cluster }: Backup,
  folder: string,
  account: Account,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn('tar', ['-x', '-f', '-', '-C', folder], {
    ...spawnOptions(account),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new StartupError(`the system's tar can't be run (${errorCode(error)})`)),
    );
    child.once('close', resolve);
  });
  const fed = pipeline(cluster, child.stdin, { signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const [fault, code, complaint] = await Promise.all([fed, ended, text(child.stderr)]);
  // Who has given up reads no more; its own words say why.
  if (fault !== undefined && errorCode(fault) !== 'EPIPE') throw fault;
  if (code !== 0)
    throw new StartupError(
      `the database can't be taken out of the backup: ${complaint.trim().split('\n')[0]}`,
    );
}

async function finishDraft(draft: string, dataDir: string): Promise<void> {
  await Promise.all([...readdirSync(draft)].filter(isLog).map((name) => rm(join(draft, name))));
  // The cluster is what makes a data folder one.
  const others = readdirSync(draft).filter((name) => name !== 'postgres');
  for (const name of [...others, 'postgres']) renameSync(join(draft, name), join(dataDir, name));
  rmdirSync(draft);
  syncFolder(dataDir);
}

export function isLog(name: string): boolean {
  return name.startsWith('postgres.log');
}
