import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { StartupError } from '../../startup-error.ts';
import { type Account, spawnIdentity } from './account.ts';
import type { Binaries } from './binaries.ts';
import { giveTo } from './layout.ts';

export const DATABASE_NAME = 'throughline';
export const DATABASE_USER = 'throughline';

export interface ClusterOptions {
  cluster: string;
  binaries: Binaries;
  account: Account;
  /** False only for a cluster that may be lost, as in tests. */
  durable: boolean;
  logger: Logger;
}

/**
 * Initialises the cluster if it is not there, in a draft folder that is renamed when it is complete, so that a crash in between
 * leaves nothing half-made.
 * @throws StartupError when it can't be made, or was made by another major version
 */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const { cluster, binaries, logger } = options;
  if (existsSync(join(cluster, 'PG_VERSION'))) return checkVersion(cluster, binaries);
  if (existsSync(cluster)) {
    throw new StartupError(`${cluster} exists but is no PostgreSQL data folder; move it away`);
  }
  logger.info({ folder: cluster }, 'initialising the embedded PostgreSQL');
  const draft = `${cluster}.initialising`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await giveTo(options.account, draft);
  await run(options, binaries.initdb, initdbArguments(draft, options.durable), '');
  const createDatabase = ['--single', '-D', draft, ...(options.durable ? [] : ['-F']), 'template1'];
  await run(options, binaries.postgres, createDatabase, `create database ${DATABASE_NAME};\n`);
  await rename(draft, cluster);
}

async function checkVersion(cluster: string, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (found === binaries.majorVersion) return;
  throw new StartupError(
    `${cluster} was made by PostgreSQL ${found}, and this version brings ${binaries.majorVersion}; dump it with the old version and load it into a new folder`,
  );
}

function initdbArguments(folder: string, durable: boolean): string[] {
  return [
    ['-D', folder],
    ['-U', DATABASE_USER],
    // Safe because the only way in is a socket in a folder of mode 0700.
    ['-A', 'trust'],
    ['-E', 'UTF8'],
    // The built-in provider sorts alike on every machine: an operating system's update can't corrupt an index on text.
    ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ['--no-instructions'],
    durable ? [] : ['--no-sync'],
  ].flat();
}

function run(options: ClusterOptions, program: string, args: string[], input: string): Promise<void> {
  const identity = spawnIdentity(options.account);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: 120_000,
      ...(identity && { uid: identity.uid, gid: identity.gid }),
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.stdin.on('error', () => {
      // It ended before reading; its exit code says why.
    });
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const reason = complaint.trim().split('\n').at(-1);
      reject(new StartupError(`PostgreSQL could not be initialised in ${options.cluster}: ${reason}`));
    });
  });
}
