import { access, constants, mkdir } from 'node:fs/promises';
import { resolveOwn } from './own-file.ts';
import { errorCode, StartupError } from './startup-error.ts';

/**
 * Makes the data folder and answers its real path: two names of one folder must meet at one lock.
 * @throws StartupError when it can't be made or written to, or another account's link leads to it
 */
export async function prepareDataFolder(dataDir: string): Promise<string> {
  try {
    // Nothing is made behind another's link either.
    await mkdir(await resolveOwn(dataDir), { recursive: true });
    const folder = await resolveOwn(dataDir);
    await access(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const code = errorCode(error);
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new StartupError(`the data folder ${dataDir} can't be one: there is a file of that name`);
    throw new StartupError(`can't write to the data folder ${dataDir} (${code})`);
  }
}
