import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CredentialsFile,
  type FoundCredentials,
  isCredentialsFile,
} from '../../core/workspace/credentials-file.ts';
import type { Provided } from '../../core/workspace/provision.ts';
import { readOwn } from '../../store/own-file.ts';
import { errorCode, StartupError } from '../../store/startup-error.ts';

const LARGEST_FILE_BYTES = 256 * 1024;

export function credentialsPath(dataDir: string): string {
  return join(dataDir, 'credentials.json');
}

/** What is in a credentials file: `missing` when there is none, `unreadable` when it is not what we write, as a link is not. */
export async function readCredentials(
  path: string,
  dialects: readonly Provided[],
): Promise<FoundCredentials | 'missing' | 'unreadable'> {
  try {
    const file: unknown = JSON.parse(readOwn(path, LARGEST_FILE_BYTES));
    return isCredentialsFile(file, dialects) ? file : 'unreadable';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

/**
 * Writes the file whole or not at all, for its owner alone: under another name first, flushed, then renamed.
 * @throws StartupError when the folder can't be written
 */
export async function writeCredentials(path: string, file: CredentialsFile): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw unwritable(path, error);
  }
}

/** Gives a file another name: what can't be used is not thrown away, since its secrets are stored nowhere else. */
export async function moveCredentials(path: string, newPath: string): Promise<void> {
  try {
    await rename(path, newPath);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): StartupError {
  return new StartupError(`can't write to ${path} (${errorCode(error)})`);
}
