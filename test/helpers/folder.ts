import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A folder for the tests of a file, removed after them; the account that runs PostgreSQL can enter it where the tests run as root. */
export async function useFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tl-'));
  after(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}
