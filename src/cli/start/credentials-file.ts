import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialsFile } from '../../core/workspace/issue-keys.ts';
import { readOwn } from '../../store/own-file.ts';
import { errorCode, StartupError } from '../../store/startup-error.ts';

/** Every value that the file has; each is a text. */
const requiredPaths = [
  'baseUrl',
  'workspace.id',
  'workspace.slug',
  'admin.token',
  ...['projectId', 'wmktId', 'accessToken'].map((name) => `webmarketer.${name}`),
  ...['clientId', 'privateKey', 'privateKeyId', 'serviceAccountEmail'].map(
    (name) => `webmarketer.serviceAccount.${name}`,
  ),
  ...['apiKey', 'listId', 'username', 'password'].map((name) => `octeth.${name}`),
  ...['token', 'adminToken', 'operatorToken', 'dpoToken', 'workspaceId', 'nodeId'].map(
    (name) => `contacthub.${name}`,
  ),
  ...['licenseCode', 'apiKey'].map((name) => `webengage.${name}`),
  ...['token', 'apiKey', 'partnerId', 'clientId', 'appId', 'adAccountId', 'appSecret', 'verifyToken'].map(
    (name) => `signals.${name}`,
  ),
  ...['username', 'password'].map((name) => `signals.${name}`),
];

const LARGEST_FILE_BYTES = 256 * 1024;

export function credentialsPath(dataDir: string): string {
  return join(dataDir, 'credentials.json');
}

/** What is in a credentials file: `missing` when there is none, `unreadable` when it is not what we write, as a link is not. */
export async function readCredentials(path: string): Promise<CredentialsFile | 'missing' | 'unreadable'> {
  try {
    const file: unknown = JSON.parse(readOwn(path, LARGEST_FILE_BYTES));
    return isCredentialsFile(file) ? file : 'unreadable';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

function isCredentialsFile(file: unknown): file is CredentialsFile {
  return requiredPaths.every((path) => {
    let value = file;
    for (const name of path.split('.')) {
      if (typeof value !== 'object' || value === null) return false;
      value = Reflect.get(value, name);
    }
    return typeof value === 'string';
  });
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
