import { chmodSync, closeSync, copyFileSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

const LARGEST_LOG_BYTES = 8 * 1024 * 1024;
const CHECK_INTERVAL_MS = 30_000;

export interface ServerLog {
  path: string;
  /** For the child's standard error. Opened for appending, so it stays right when the file is cut, and outlives this process. */
  descriptor: number;
  /** The last line that says why the server gave up. */
  lastComplaint(since: number): Promise<string>;
  size(): number;
  close(): void;
}

/** The server's log in the data folder, with one predecessor (`.1`); together at most about 16 MiB. */
export function openServerLog(path: string): ServerLog {
  const descriptor = openSync(path, 'a+', 0o600);
  chmodSync(path, 0o600);
  const cut = () => {
    if (fstatSync(descriptor).size < LARGEST_LOG_BYTES) return;
    copyFileSync(path, `${path}.1`);
    ftruncateSync(descriptor);
  };
  cut();
  const timer = setInterval(cut, CHECK_INTERVAL_MS).unref();
  return {
    path,
    descriptor,
    lastComplaint: (since) => readLastComplaint(path, since),
    size: () => fstatSync(descriptor).size,
    close() {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}

async function readLastComplaint(path: string, since: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read({ position: since, buffer: Buffer.alloc(64 * 1024) });
    const lines = buffer.toString('utf8', 0, bytesRead).trim().split('\n');
    return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
  } finally {
    await file.close();
  }
}
