import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Authenticator } from '../../core/credential/authenticator.ts';
import { createWorkspace } from '../../core/workspace/create-workspace.ts';
import {
  type CredentialsFile,
  type FoundCredentials,
  isWhole,
} from '../../core/workspace/credentials-file.ts';
import { issueKeys, issueMissing } from '../../core/workspace/issue-keys.ts';
import { readPlaces } from '../../core/workspace/place.ts';
import type { WorkspaceCache } from '../../core/workspace/workspace-cache.ts';
import { findWorkspaceEntry, type WorkspaceEntry } from '../../core/workspace/workspace-store.ts';
import { dialects } from '../../dialects/registry.ts';
import { prepareDataFolder } from '../../store/data-folder.ts';
import type { Database } from '../../store/database.ts';
import { sqlState } from '../../store/database-error.ts';
import { inTransaction } from '../../store/transaction.ts';
import { credentialsPath, moveCredentials, readCredentials, writeCredentials } from './credentials-file.ts';

const demo = {
  slug: 'demo',
  name: 'Demo',
  timezone: 'Europe/Paris',
  currency: 'EUR',
  settings: {
    // In the demo an e-mail or a phone number in a custom event is the user's own.
    dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } },
  },
};
const UNIQUE_VIOLATION = '23505';

interface Services {
  readonly database: Database;
  readonly authenticator: Authenticator;
  readonly workspaces: WorkspaceCache;
}

type KnownWorkspace = Pick<WorkspaceEntry, 'id' | 'publicId'>;

/**
 * Sees to it that there is a workspace `demo`, and a credentials file with its keys where it was made just now; answers the file's content,
 * in which the base URL is the last start's.
 *
 * Where the file is missing, can't be read, or belongs to a workspace of another database, there are none to be shown, and none are issued:
 * each process of several on one database would do so, at each of its starts. Who needs new ones asks for them (`throughline credentials`).
 * A file that can't be used is kept under another name, since its secrets are stored nowhere else; that of another database's workspace is
 * taken back when that database is.
 */
export async function prepareDemoWorkspace(
  services: Services,
  dataDir: string,
  logger: Logger,
  now: Date,
): Promise<CredentialsFile | undefined> {
  // An external database has not made it.
  await prepareDataFolder(dataDir);
  const { workspace, isNew } = await ensureWorkspace(services, now);
  const path = credentialsPath(dataDir);
  const found = await readCredentials(path, dialects);
  if (typeof found === 'object' && found.workspace.id === workspace.publicId)
    return addLaterKeys(services, workspace, path, found, now);
  if (found !== 'missing') {
    const owner =
      typeof found === 'object' && /^[\w-]+$/.test(found.workspace.id)
        ? found.workspace.id
        : `unusable-${now.getTime()}`;
    const name = join(dataDir, `credentials.${owner}.json`);
    await moveCredentials(path, name);
    logger.warn({ path, movedTo: name }, 'the credentials file is not for this database; it was set aside');
  }
  const keptPath = join(dataDir, `credentials.${workspace.publicId}.json`);
  const kept = await readCredentials(keptPath, dialects);
  if (typeof kept === 'object') {
    await moveCredentials(keptPath, path);
    return addLaterKeys(services, workspace, path, kept, now);
  }
  if (!isNew) {
    logger.warn({ path }, 'there is no credentials file; throughline credentials writes one, with new keys');
    return undefined;
  }
  const file = await issueFor(services, workspace, now, '');
  await writeCredentials(path, file);
  return file;
}

/** Keys for the workspace `demo` beside those that it has, which stay valid; undefined when there is no such workspace. */
export async function issueDemoKeys(
  services: Pick<Services, 'database' | 'workspaces'>,
  now: Date,
): Promise<CredentialsFile | undefined> {
  const workspace = await findWorkspaceEntry(services.database, demo.slug);
  return workspace && issueFor(services, workspace, now, makeSuffix());
}

/** A file of before there was some key, or some dialect, gets what has come since. */
async function addLaterKeys(
  { database, workspaces }: Services,
  { id }: KnownWorkspace,
  path: string,
  file: FoundCredentials,
  now: Date,
): Promise<CredentialsFile> {
  if (isWhole(file, dialects)) return file;
  const placed = await readPlaces(database, await workspaces.get(id), dialects);
  const whole = await inTransaction(database, (tx) =>
    issueMissing(tx, dialects, placed, file, now, makeSuffix()),
  );
  await writeCredentials(path, whole);
  return whole;
}

/** Of an account's name that none of the workspace's has. A dot is in no slug, so no other workspace's has it either. */
function makeSuffix(): string {
  return `.${randomBytes(3).toString('hex')}`;
}

/** By what is known of every workspace: its own rows may be out of reach, and are read where keys are made of them. */
async function ensureWorkspace(
  { database }: Services,
  now: Date,
): Promise<{ workspace: KnownWorkspace; isNew: boolean }> {
  const known = await findWorkspaceEntry(database, demo.slug);
  if (known) return { workspace: known, isNew: false };
  try {
    return { workspace: await createWorkspace(database, demo, now, dialects), isNew: true };
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    // Another process that starts on the same database was faster.
    const made = await findWorkspaceEntry(database, demo.slug);
    if (!made) throw error;
    return { workspace: made, isNew: false };
  }
}

async function issueFor(
  { database, workspaces }: Pick<Services, 'database' | 'workspaces'>,
  { id }: KnownWorkspace,
  now: Date,
  accountSuffix: string,
): Promise<CredentialsFile> {
  const placed = await readPlaces(database, await workspaces.get(id), dialects);
  return inTransaction(database, (tx) => issueKeys(tx, dialects, placed, now, { accountSuffix }));
}
