import { createHash } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorCode, StartupError } from '../../startup-error.ts';
import { type Account, canEnter, isPrivateFolderOf, spawnIdentity } from './account.ts';
import { LONGEST_SOCKET_PATH } from './folder-lock.ts';

/** Only names the socket file: the server listens on no TCP port. */
export const SOCKET_PORT = 5432;

const REACHABLE_CLUSTERS = '/var/lib/throughline';

/** Makes the data folder and answers its real path: two names of one folder must meet at one lock. */
export async function prepareDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (error) {
    throw new StartupError(`can't write to the data folder ${dataDir} (${errorCode(error)})`);
  }
}

/**
 * The real path that the cluster has or is to have. `<dataDir>/postgres` is a link where the server's account can't enter the
 * data folder; the cluster then lies under /var/lib/throughline.
 */
export async function placeCluster(dataDir: string, account: Account, logger: Logger): Promise<string> {
  const path = join(dataDir, 'postgres');
  if (existsSync(path)) return realpath(path);
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw new StartupError(
      `${path} is a link to a folder that is gone; restore it, or remove the link to start afresh`,
    );
  }
  if (account.kind === 'self' || (await canEnter(account, dataDir))) return path;
  const home = await makeReachableHome(dataDir, account, logger);
  await symlink(join(home, 'postgres'), path);
  return join(home, 'postgres');
}

async function makeReachableHome(dataDir: string, account: Account, logger: Logger): Promise<string> {
  const name = hashOf(dataDir);
  for (const parent of [REACHABLE_CLUSTERS, '/var/tmp/throughline']) {
    try {
      await mkdir(parent, { recursive: true, mode: 0o755 });
      if (!(await canEnter(account, parent))) continue;
      const earlier = (await readdir(parent)).filter((entry) => entry.startsWith(name));
      if (earlier.length > 0) {
        logger.warn({ parent, earlier }, 'a data folder that was at this path before left its database here');
      }
      // Never the earlier one's place: whoever removed a data folder expects an empty one.
      const home = await mkdtemp(join(parent, `${name}-`));
      await chmod(home, 0o711);
      return home;
    } catch (error) {
      logger.debug({ err: error, parent }, 'no place for the database');
    }
  }
  const who = spawnIdentity(account)?.name;
  throw new StartupError(
    `the account "${who}", which runs PostgreSQL, can't enter ${dataDir}; choose another --data-dir`,
  );
}

/** Where the server's socket goes for this data folder. */
export async function socketFolderOf(dataDir: string, account: Account): Promise<string> {
  const name = `throughline-${hashOf(dataDir)}`;
  const inTemp = join(tmpdir(), name);
  const fits = Buffer.byteLength(`${inTemp}/.s.PGSQL.${SOCKET_PORT}`) <= LONGEST_SOCKET_PATH;
  return fits && (await canEnter(account, tmpdir())) ? inTemp : join('/tmp', name);
}

/** Makes the socket folder, private to the server's account. The temp folder is everyone's, so what is there is checked. */
export async function makeSocketFolder(folder: string, account: Account): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    await giveTo(account, folder);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST')
      throw new StartupError(`can't make the folder ${folder} (${errorCode(error)})`);
  }
  if (!isPrivateFolderOf(account, folder)) {
    throw new StartupError(
      `${folder} is not the private folder of the account that runs PostgreSQL; remove it`,
    );
  }
}

export async function removeSocketFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Hands a path to the server's account, where that is another one. */
export async function giveTo(account: Account, path: string): Promise<void> {
  const identity = spawnIdentity(account);
  if (identity) await chown(path, identity.uid, identity.gid);
}

function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
