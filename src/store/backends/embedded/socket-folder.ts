import { mkdir, realpath, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode, StartupError } from '../../startup-error.ts';
import { type Account, canEnter, isPrivateFolderOf } from './account.ts';
import { LONGEST_SOCKET_PATH } from './folder-lock.ts';
import { giveFolderTo, hashOf } from './layout.ts';

/** Only names the socket file: the server listens on no TCP port. */
export const SOCKET_PORT = 5432;

/** The name that the server gives its socket. */
export function socketFile(port: number): string {
  return `.s.PGSQL.${port}`;
}

/** Where the server's socket goes for this data folder. */
export async function socketFolderOf(dataDir: string, account: Account): Promise<string> {
  const name = `throughline-${hashOf(dataDir)}`;
  const temp = await realpath(tmpdir());
  const inTemp = join(temp, name);
  const fits = Buffer.byteLength(join(inTemp, socketFile(SOCKET_PORT))) <= LONGEST_SOCKET_PATH;
  return fits && (await canEnter(account, temp)) ? inTemp : join(await realpath('/tmp'), name);
}

/** Makes the socket folder, private to the server's account. The temp folder is everyone's, so what is there is checked. */
export async function makeSocketFolder(folder: string, account: Account): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    giveFolderTo(account, folder);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    if (errorCode(error) !== 'EEXIST')
      throw new StartupError(`can't make the folder ${folder} (${errorCode(error)})`);
  }
  if (!isPrivateFolderOf(account, folder)) {
    throw new StartupError(
      `${folder} is not the private folder of the account that runs PostgreSQL; remove it`,
    );
  }
}

/** Only by the names that the server gives: what else the server's account has put there, root does not walk through. */
export async function removeSocketFolder(folder: string): Promise<void> {
  const socket = join(folder, socketFile(SOCKET_PORT));
  await rm(socket, { force: true });
  await rm(`${socket}.lock`, { force: true });
  try {
    await rmdir(folder);
  } catch {
    // Gone already, or something else is in it; the next start takes it as it is, if it is still private.
  }
}
