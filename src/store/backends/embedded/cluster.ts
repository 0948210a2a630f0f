import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { readOwn } from '../../own-file.ts';
import { StartupError } from '../../startup-error.ts';
import { createAccess, SUPERUSER } from './access.ts';
import { type Account, runsAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { giveFolderTo } from './layout.ts';
import { runProgram } from './run.ts';

export interface ClusterOptions {
  cluster: string;
  binaries: Binaries;
  account: Account;
  /** False only for a cluster that may be lost, as in tests; there the application's role may make databases, too. */
  durable: boolean;
  logger: Logger;
}

const LARGEST_VERSION_BYTES = 16;

/**
 * Initialises the cluster if it is not there, in a draft folder that is renamed when it is complete, so that a crash in between
 * leaves nothing half-made.
 * @throws StartupError when it can't be made, or was made by another major version
 */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const { cluster, binaries, logger, account } = options;
  if (existsSync(join(cluster, 'PG_VERSION'))) return checkVersion(cluster, binaries);
  if (existsSync(cluster)) {
    throw new StartupError(`${cluster} exists but is no PostgreSQL data folder; move it away`);
  }
  logger.info({ folder: cluster }, 'initialising the embedded PostgreSQL');
  const draft = `${cluster}.initialising`;
  await removeFolder(draft);
  await mkdir(draft, { mode: 0o700 });
  giveFolderTo(account, draft);
  const initdb = { path: binaries.initdb, args: initdbArguments(draft, options.durable), input: '' };
  await runProgram(
    { ...initdb, account, timeoutMilliseconds: 120_000 },
    `PostgreSQL could not be initialised in ${cluster}`,
  );
  await createAccess(options, draft);
  await rename(draft, cluster);
}

/**
 * By the system's own program, which goes down by open folders: the server's account, whose files these are, could put a link in the
 * place of one while root walks by paths.
 */
export async function removeFolder(folder: string): Promise<void> {
  if (await runsAs({ kind: 'self' }, 'rm', ['-rf', '--', folder])) return;
  throw new StartupError(`${folder} can't be removed; remove it, then start again`);
}

function checkVersion(cluster: string, binaries: Binaries): void {
  const found = readOwn(join(cluster, 'PG_VERSION'), LARGEST_VERSION_BYTES).trim();
  const { majorVersion } = binaries;
  if (found === majorVersion) return;
  throw new StartupError(
    Number(found) < Number(majorVersion)
      ? `${cluster} was made by PostgreSQL ${found}, and this version brings ${majorVersion}: throughline upgrade-database makes one of that version of it, and keeps this one (nothing was changed)`
      : `${cluster} was made by PostgreSQL ${found}, and this version brings ${majorVersion}: start the version of Throughline that last ran on it, or a newer one (nothing was changed)`,
  );
}

function initdbArguments(folder: string, durable: boolean): string[] {
  return [
    ['-D', folder],
    ['-U', SUPERUSER],
    // Until access.ts writes the rules, nobody enters.
    ['--auth=reject'],
    ['-E', 'UTF8'],
    // The built-in provider sorts alike on every machine: an operating system's update can't corrupt an index on text.
    ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ['--no-instructions'],
    durable ? [] : ['--no-sync'],
  ].flat();
}
