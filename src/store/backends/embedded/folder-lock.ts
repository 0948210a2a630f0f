import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, StartupError } from '../../startup-error.ts';

/** The kernel's limit is 104 bytes (macOS) or 108 (Linux), its terminator included. */
export const LONGEST_SOCKET_PATH = 100;

/** A holder that was asked to stop, or whose parent was killed, lets go in a moment: a restart need not fail for that. */
const PATIENCE_MS = 3_000;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Holds a folder for this process by listening on a socket inside it. A connection that succeeds proves a live holder and one
 * that is refused a dead one, so neither a crash nor a reused process id can mislead the next start.
 * @throws StartupError when another live process holds the folder, or it can't be written
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = lockPath(folder);
  const deadline = performance.now() + PATIENCE_MS;
  // Two rounds after the first: one follows the removal of a dead holder's socket, the next a race for it.
  for (let round = 0; round < 3; ) {
    try {
      const server = await withShortPath(path, listen);
      server.unref();
      return { release: () => closeLock(server, path) };
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE')
        throw new StartupError(`can't write to ${folder} (${errorCode(error)})`);
    }
    if (await isLive(path)) {
      if (performance.now() > deadline) break;
      await delay(100);
    } else if (await removeDead(path)) round++;
    else break;
  }
  throw new StartupError(`the data folder ${folder} is in use by another running process`);
}

/** Whether a live process holds the folder. */
export function isFolderLocked(folder: string): Promise<boolean> {
  return isLive(lockPath(folder));
}

function lockPath(folder: string): string {
  return join(folder, 'throughline.lock');
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    // Open to every account that can reach the folder, so that whoever starts next can tell a live holder from a dead one. Made so:
    // a mode that is set afterwards, as by `writableAll`, would go through a link that has taken the socket's place meanwhile.
    const umask = process.umask(0);
    try {
      // By this process itself, also where it is one of several whose port another one has.
      server.listen({ path, exclusive: true }, () => resolve(server));
    } finally {
      process.umask(umask);
    }
  });
}

async function closeLock(server: Server, path: string): Promise<void> {
  // Closing unlinks the path that was listened on, which for a long one is gone already.
  // Where it can't be removed, as on a disk that has failed, nobody listens on it any more: the next start takes it for a dead one's.
  await rm(path, { force: true }).catch(() => undefined);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

function isLive(path: string): Promise<boolean> {
  return withShortPath(
    path,
    (short) =>
      new Promise((resolve, reject) => {
        const socket = connect(short);
        socket.once('connect', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', (error) => {
          const code = errorCode(error);
          if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false);
          else if (code === 'EAGAIN') resolve(true);
          else reject(new StartupError(`can't look at ${path} (${code})`));
        });
      }),
  );
}

/** Moves the socket away first and looks again, so that of two starters none removes what the other has just bound. */
async function removeDead(path: string): Promise<boolean> {
  const moved = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, moved);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
  if (await isLive(moved)) {
    await rename(moved, path);
    return false;
  }
  await rm(moved, { force: true });
  return true;
}

/** Runs `use` with a path of the same file that fits into a socket address. */
async function withShortPath<T>(path: string, use: (short: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return use(path);
  const bridge = await mkdtemp(join(tmpdir(), 'tl-'));
  try {
    await symlink(dirname(path), join(bridge, 'd'));
    return await use(join(bridge, 'd', basename(path)));
  } finally {
    await rm(bridge, { recursive: true, force: true });
  }
}
