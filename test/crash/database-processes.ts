import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPostmasterFile } from '../../src/store/backends/embedded/postmaster-file.ts';

export interface DatabaseProcesses {
  /** The postmaster. */
  readonly server: number;
  /** Backends and what else it has started. */
  readonly children: readonly number[];
}

/** The database server of a data folder, and its processes; undefined when none runs. */
export async function findDatabaseProcesses(dataDir: string): Promise<DatabaseProcesses | undefined> {
  const cluster = join(dataDir, 'postgres');
  const server = existsSync(cluster) ? (await readPostmasterFile(cluster))?.pid : undefined;
  // A process id in a file of a killed server may be anybody's by now.
  if (server === undefined || !argumentsOf(server).includes(cluster)) return undefined;
  return { server, children: childrenOf(server) };
}

/** Those that serve a connection. */
export function backendsOf({ children }: DatabaseProcesses): number[] {
  return children.filter((child) => /^postgres: throughline throughline /.test(argumentsOf(child)));
}

/** The processes that a server of several has started to take requests. */
export function processesOf(server: number): number[] {
  return childrenOf(server).filter((child) => / start /.test(argumentsOf(child)));
}

/** One that ended by itself is left out. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

/** Whether a process runs, or stands still. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function argumentsOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline'))
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function childrenOf(pid: number): number[] {
  if (existsSync('/proc/self/stat')) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
      .map(Number);
  }
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pid ? [child!] : [];
  });
}

function parentOf(pid: string): number | undefined {
  try {
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(parent);
  } catch {
    return undefined;
  }
}
