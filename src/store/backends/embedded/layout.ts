import { createHash } from 'node:crypto';
import { closeSync, constants, fchownSync, fstatSync, lstatSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openOwn, resolveOwn } from '../../own-file.ts';
import { StartupError } from '../../startup-error.ts';
import { type Account, canEnter, isOwnFolder, spawnIdentity } from './account.ts';

const REACHABLE_CLUSTERS = '/var/lib/throughline';

/**
 * The real path that the cluster has or is to have. `<dataDir>/postgres` is a link where the server's account can't enter the
 * data folder; the cluster then lies under /var/lib/throughline.
 * @throws StartupError when it is a link that leads nowhere, or, as root, another account's
 */
export async function findCluster(dataDir: string): Promise<string> {
  const path = join(dataDir, 'postgres');
  const cluster = await resolveOwn(path);
  if (cluster !== path && !lstatSync(cluster, { throwIfNoEntry: false })) {
    throw new StartupError(
      `${path} is a link to a folder that is gone; restore it, or remove the link to start afresh`,
    );
  }
  return cluster;
}

/** Where the cluster is to be made, or is: elsewhere, by a link, where the account can't enter the data folder. */
export async function placeCluster(
  dataDir: string,
  cluster: string,
  account: Account,
  logger: Logger,
): Promise<string> {
  if (lstatSync(cluster, { throwIfNoEntry: false })) return cluster;
  if (account.kind === 'self' || (await canEnter(account, dataDir))) return cluster;
  const home = await makeReachableHome(dataDir, account, logger);
  await symlink(join(home, 'postgres'), cluster);
  return join(home, 'postgres');
}

async function makeReachableHome(dataDir: string, account: Account, logger: Logger): Promise<string> {
  const name = hashOf(dataDir);
  for (const parent of [REACHABLE_CLUSTERS, '/var/tmp/throughline']) {
    try {
      await mkdir(parent, { recursive: true, mode: 0o755 });
      // /var/tmp is everyone's: what is there may be a stranger's, or a stranger's link.
      if (!isOwnFolder(parent) || !(await canEnter(account, parent))) continue;
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

/**
 * Hands a folder that this process has just made to the server's account, where that is another one.
 * @throws StartupError when something else stands in its place by now
 */
export function giveFolderTo(account: Account, path: string): void {
  const identity = spawnIdentity(account);
  if (!identity) return;
  const descriptor = openOwn(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    if (fstatSync(descriptor).uid !== process.getuid?.())
      throw new StartupError(`${path} belongs to another account; remove it`);
    fchownSync(descriptor, identity.uid, identity.gid);
  } finally {
    closeSync(descriptor);
  }
}

export function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
