import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readlinkSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { errorCode, StartupError } from './startup-error.ts';

/*
 * The data folder may belong to another account than the one that starts the server, root above all. Whoever may write there can put a
 * link in the place of a file, and change it at any moment; so what is opened is looked at after it was opened, never before.
 */

const MOST_LINKS = 40;
const descriptorFolder = '/proc/self/fd';

/**
 * Opens a plain file, or a folder, that has this one name: no symbolic or hard link, no pipe, no device. `path` is a real path.
 * @throws StartupError when it is anything else; else the system's error
 */
export function openOwn(path: string, flags: number, mode = 0o600): number {
  const descriptor = openUnlinked(path, flags, mode);
  const status = fstatSync(descriptor);
  const isOwn = status.isDirectory() || (status.isFile() && status.nlink === 1);
  if (isOwn && isWhereItWasOpened(descriptor, path)) return descriptor;
  closeSync(descriptor);
  throw notOwn(path);
}

/**
 * The text of a plain file; its first `mostBytes` bytes.
 * @throws StartupError when it is a link, a folder, a pipe or a device; else the system's error
 */
export function readOwn(path: string, mostBytes: number): string {
  const descriptor = openUnlinked(path, constants.O_RDONLY, 0);
  try {
    if (!fstatSync(descriptor).isFile()) throw notOwn(path);
    const buffer = Buffer.alloc(mostBytes);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, mostBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a new file for its owner alone; it is on the disk when this returns. Where there is no room for it, there is no file.
 * @throws the system's error, EEXIST where there is one of that name
 */
export function writeNewOwn(path: string, text: string): void {
  const descriptor = openOwn(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Names that were given in a folder are on the disk when the folder is. */
export function syncFolder(folder: string): void {
  const descriptor = openOwn(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function openUnlinked(path: string, flags: number, mode: number): number {
  try {
    // Without waiting, as opening a pipe would.
    return openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode);
  } catch (error) {
    // A link, a socket or a pipe that nobody reads, a folder to be written to, a link where a folder is to be.
    const code = errorCode(error);
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO' || code === 'EISDIR') throw notOwn(path);
    if (code === 'ENOTDIR' && flags & constants.O_DIRECTORY) throw notOwn(path);
    throw error;
  }
}

/** False when a folder on the way was replaced by a link; where the system can't tell, it is believed. */
function isWhereItWasOpened(descriptor: number, path: string): boolean {
  try {
    return readlinkSync(join(descriptorFolder, String(descriptor))) === path;
  } catch {
    return true;
  }
}

function notOwn(path: string): StartupError {
  return new StartupError(
    `${path} is a link, or has a second name, or is no plain file: what is written there would go elsewhere; look where it leads, then remove it`,
  );
}

/**
 * The real path, as far as it exists. As root, a link on the way is followed only if it is root's: another account could lead root
 * into any folder by one of its own.
 * @throws StartupError when there is another's link, or links lead round in a circle
 */
export async function resolveOwn(path: string): Promise<string> {
  let { root: real } = parse(resolve(path));
  const names = resolve(path).slice(real.length).split(sep);
  for (let links = 0; names.length > 0; ) {
    const next = join(real, names.shift() as string);
    const target = await readOwnLink(next);
    if (target === undefined) real = next;
    else {
      if (++links > MOST_LINKS) throw new StartupError(`${path} leads round in a circle of links`);
      names.unshift(...resolve(dirname(next), target).split(sep));
      real = parse(next).root;
    }
  }
  return real;
}

async function readOwnLink(path: string): Promise<string | undefined> {
  try {
    const status = await lstat(path);
    if (!status.isSymbolicLink()) return undefined;
    if (process.getuid?.() === 0 && status.uid !== 0) {
      throw new StartupError(
        `${path} is a link that belongs to another account (uid ${status.uid}), and root does not follow it; name the folder itself, start as that account, or make the link root's (chown -h root)`,
      );
    }
    return await readlink(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
