import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { lstatSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { StartupError } from '../../startup-error.ts';

/** Who the server runs as: ourselves, or, since PostgreSQL refuses root, another account of this machine. */
export type Account = { kind: 'self' } | { kind: 'other'; name: string; uid: number; gid: number };

/** The account that the server of this data folder runs as; both are real paths. */
export function chooseAccount(dataDir: string, cluster: string): Account {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  // Existing files keep their owner, so a folder that an ordinary user began stays usable for that user.
  for (const path of [cluster, dataDir]) {
    const owner = statSync(path, { throwIfNoEntry: false })?.uid;
    if (owner) return findAccount(String(owner)) ?? refuseOwner(path, owner);
  }
  const account = findAccount('postgres') ?? findAccount('nobody');
  if (!account) {
    throw new StartupError(
      'PostgreSQL does not run as root, and there is neither a "postgres" nor a "nobody" account to run it; start as an ordinary user or set DATABASE_URL',
    );
  }
  return account;
}

function refuseOwner(path: string, owner: number): never {
  throw new StartupError(
    `the owner of ${path} (uid ${owner}) is no account of this machine; chown it to one`,
  );
}

/** `id` asks every directory of accounts the machine has, where /etc/passwd is only one of them. */
function findAccount(nameOrUid: string): Account | undefined {
  try {
    const ask = (flag: string) =>
      execFileSync('id', [flag, nameOrUid], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return { kind: 'other', name: ask('-un'), uid: Number(ask('-u')), gid: Number(ask('-g')) };
  } catch {
    return undefined;
  }
}

/** Whom to hand things to; undefined means that we keep them. */
export function spawnIdentity(account: Account): { name: string; uid: number; gid: number } | undefined {
  return account.kind === 'other' ? account : undefined;
}

/** How to start a process as the account: of our own environment, another account's process (and so that account) sees nothing. */
export function spawnOptions(account: Account): SpawnOptions {
  const identity = spawnIdentity(account);
  if (!identity) return { cwd: '/' };
  return { cwd: '/', uid: identity.uid, gid: identity.gid, env: { PATH: '/usr/local/bin:/usr/bin:/bin' } };
}

/** Whether a program, run by the account, answers with exit code 0 (within 20 seconds). */
export function runsAs(account: Account, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...spawnOptions(account), stdio: 'ignore', timeout: 20_000 });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Whether the account can pass through a folder. A real process tries it, so access lists and mounts count too. */
export function canEnter(account: Account, folder: string): Promise<boolean> {
  return runsAs(account, '/bin/sh', ['-c', 'test -x "$0"', folder]);
}

/** Whether a folder is this process's own: no link, and nobody else may write to it. */
export function isOwnFolder(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return !!status?.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o022) === 0;
}

/** Whether a folder is really that account's alone: no link, no other owner, no one else's permission. */
export function isPrivateFolderOf(account: Account, folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  const uid = account.kind === 'other' ? account.uid : userInfo().uid;
  return !!status?.isDirectory() && status.uid === uid && (status.mode & 0o077) === 0;
}
