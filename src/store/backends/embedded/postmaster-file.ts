import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readOwn } from '../../own-file.ts';
import { errorCode, StartupError } from '../../startup-error.ts';

const LARGEST_FILE_BYTES = 8 * 1024;

/** What the server writes about itself into postmaster.pid (PostgreSQL's miscadmin.h names the lines). */
export interface PostmasterFile {
  pid: number;
  socketFolder: string;
  ready: boolean;
}

/** @throws StartupError when a link, or anything but a plain file, stands in its place */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = readOwn(join(cluster, 'postmaster.pid'), LARGEST_FILE_BYTES).split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 1) return undefined;
    return { pid, socketFolder: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Stops a server that an earlier, killed process left behind on this cluster. The caller holds the folder's lock, so the server
 * has no living supervisor.
 */
export async function stopLeftover(cluster: string, logger: Logger): Promise<void> {
  const found = await readPostmasterFile(cluster);
  if (!found || !isAlive(found.pid)) return;
  if (!(await isServerOf(cluster, found.pid))) {
    // The id went to another process since. PostgreSQL would refuse to start beside it if it runs as the same account.
    await rm(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  logger.warn({ pid: found.pid }, 'stopping the PostgreSQL that an earlier process left behind');
  await stopProcess(found.pid);
}

/** Asks a server of a killed process to stop. The caller holds the folder's lock. */
export async function dismissLeftover(cluster: string): Promise<void> {
  const found = await readPostmasterFile(cluster);
  if (found && isAlive(found.pid) && (await isServerOf(cluster, found.pid)))
    signalProcess(found.pid, 'SIGINT');
}

/**
 * Stops a server: fast (disconnects clients, writes a checkpoint), then immediate (recovers at the next start), then by force.
 * @throws StartupError when it outlives even that
 */
export async function stopProcess(pid: number): Promise<void> {
  const steps = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const;
  for (const [signal, patience] of steps) {
    signalProcess(pid, signal);
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      if (!isAlive(pid)) return;
      await delay(5);
    }
  }
  throw new StartupError(`PostgreSQL (process ${pid}) can't be stopped`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** A container whose first process reaps nothing keeps the dead listed for ever. */
function isZombie(pid: number): boolean {
  if (!existsSync('/proc/self/stat')) return false;
  try {
    // The state follows the command, which stands in parentheses and may hold any character.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .startsWith('Z');
  } catch {
    return true;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH')
      throw new StartupError(`can't stop PostgreSQL (process ${pid}, ${errorCode(error)})`);
  }
}

/**
 * Process ids are used again, so the id alone proves nothing; a server names its cluster on its command line. (Its working
 * directory would too, but root in a container may not read that of another account's process.) It runs as the cluster's owner, who
 * writes the file with the id: root stops no process of anybody else for it.
 */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  try {
    const { uid, command } = existsSync('/proc/self/status')
      ? await readProcess(pid)
      : { uid: askProcess(pid, 'uid='), command: askProcess(pid, 'args=') };
    return (
      Number(uid) === lstatSync(cluster).uid && command.includes('postgres') && command.includes(cluster)
    );
  } catch {
    return false;
  }
}

async function readProcess(pid: number): Promise<{ uid: string | undefined; command: string }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    uid: /^Uid:\s+(\d+)/m.exec(status)?.[1],
    command: await readFile(`/proc/${pid}/cmdline`, 'utf8'),
  };
}

function askProcess(pid: number, what: string): string {
  return execFileSync('ps', ['-ww', '-o', what, '-p', String(pid)], { encoding: 'utf8' });
}
