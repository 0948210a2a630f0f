import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import type { Logger } from 'pino';
import { openOwn } from '../../own-file.ts';
import { describeError } from '../../startup-error.ts';
import { type Account, spawnIdentity } from './account.ts';

const LARGEST_LOG_BYTES = 8 * 1024 * 1024;
const CHECK_INTERVAL_MS = 30_000;

export interface ServerLog {
  path: string;
  /** For the child's standard error. Opened for appending, so it stays right when the file is cut, and outlives this process. */
  descriptor: number;
  /** The last line that says why the server gave up. */
  lastComplaint(since: number): string;
  size(): number;
  close(): void;
}

/**
 * The server's log in the data folder, which the server's account may read, with one predecessor (`.1`); together at most about 16 MiB.
 * @throws StartupError when a link, or anything but a plain file, stands in its place
 */
export function openServerLog(path: string, account: Account, logger: Logger): ServerLog {
  const { O_RDWR, O_APPEND, O_CREAT } = constants;
  const descriptor = openOwn(path, O_RDWR | O_APPEND | O_CREAT);
  giveDescriptorTo(account, descriptor);
  const cut = () => {
    if (fstatSync(descriptor).size < LARGEST_LOG_BYTES) return;
    try {
      keepEnd(descriptor, `${path}.1`, account);
    } catch (error) {
      logger.warn(
        { path, reason: describeError(error) },
        'the log of PostgreSQL was cut and its past not kept',
      );
    }
    ftruncateSync(descriptor);
  };
  cut();
  const timer = setInterval(cut, CHECK_INTERVAL_MS).unref();
  return {
    path,
    descriptor,
    lastComplaint: (since) => readLastComplaint(descriptor, since),
    size: () => fstatSync(descriptor).size,
    close() {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}

function giveDescriptorTo(account: Account, descriptor: number): void {
  const identity = spawnIdentity(account);
  if (identity) fchownSync(descriptor, identity.uid, identity.gid);
  fchmodSync(descriptor, 0o600);
}

/** Replaces the file at `path`, or a link there, by a new one with the end of the log. */
function keepEnd(log: number, path: string, account: Account): void {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const descriptor = openOwn(draft, O_WRONLY | O_CREAT | O_EXCL);
  try {
    const end = Buffer.alloc(LARGEST_LOG_BYTES);
    const start = fstatSync(log).size - LARGEST_LOG_BYTES;
    writeSync(descriptor, end, 0, readSync(log, end, 0, end.length, start));
    giveDescriptorTo(account, descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, path);
}

function readLastComplaint(log: number, since: number): string {
  const buffer = Buffer.alloc(64 * 1024);
  const bytesRead = readSync(log, buffer, 0, buffer.length, since);
  const lines = buffer.toString('utf8', 0, bytesRead).trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
}
