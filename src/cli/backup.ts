import { writeFileSync } from 'node:fs';
import { chmod, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { erasureRecordText, readErasureRecord } from '../core/erasure/erasure-record.ts';
import { listErasures } from '../core/erasure/erasure-store.ts';
import { listWorkspaceIds } from '../core/workspace/workspace-store.ts';
import { type BaseBackup, startBaseBackup } from '../store/backends/embedded/base-backup.ts';
import { removeFolder } from '../store/backends/embedded/cluster.ts';
import { findRunningEmbedded } from '../store/backends/embedded.ts';
import {
  type BackupManifest,
  backupFormat,
  backupVersion,
  type LastErasure,
} from '../store/backup/manifest.ts';
import { beginDraft, compressionOf, type Draft, writeBackup } from '../store/backup/write-backup.ts';
import { meansOtherTables } from '../store/database-error.ts';
import { presentBytes, readDiskSpace } from '../store/disk-space.ts';
import { showBytes } from './byte-progress.ts';
import { type Command, CommandError, expectPositionals, parseOptions } from './command.ts';
import { refuseBackup } from './external-backup.ts';
import { untilInterrupted } from './interruption.ts';
import { restoreBackup } from './restore.ts';
import { presentChecks, type WorkspaceCheck } from './verify.ts';
import { readVersion } from './version.ts';
import { type CommandServices, withServices } from './with-services.ts';

export const backup: Command = {
  help: `Usage: throughline backup FILE [--no-verify]

Writes the embedded database into a file, as of one moment, beside a running server and while events come in. What was acknowledged
before the command began is in it. The file has its name only when it is whole and, unless that is left out, when a database was
restored from it and verified. FILE ends in .tar, .tar.zst or .tar.gz. FILE.erasures is written besides: a restore needs it, or a newer
one, to forget whom the backup remembers; keep it apart from FILE, since who has both can try out who was forgotten.

  --no-verify   don't restore it: that takes as much room in the temporary folder (TMPDIR) as the database has
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { 'no-verify': { type: 'boolean' } });
    const [file = ''] = expectPositionals(positionals, 'FILE');
    if (config.databaseUrl !== undefined) throw refuseBackup(config.databaseUrl, config.dataDir);
    const path = resolve(file);
    const verifies = values['no-verify'] !== true;
    const checks = await untilInterrupted(`there is no ${path}`, (signal) =>
      backUp(config, { path, verifies, signal }),
    );
    if (checks.every(({ ok }) => ok)) return 0;
    process.stderr.write(
      'throughline: the backup is whole, and checks failed; throughline verify tells whether they do on the server, too\n',
    );
    return 1;
  },
};

interface Request {
  readonly path: string;
  readonly verifies: boolean;
  readonly signal: AbortSignal;
}

/** Answers the checks that were done on what was restored from it. */
async function backUp(
  config: Config,
  { path, verifies, signal }: Request,
): Promise<readonly WorkspaceCheck[]> {
  const file = await beginDraft(path);
  try {
    const record = await beginDraft(`${path}.erasures`);
    try {
      const { bytes, manifest } = await writeFiles(config, { file, record }, { path, verifies, signal });
      const checks = verifies ? await verifyFile(config, file, signal) : [];
      record.finish();
      file.finish();
      process.stdout.write(`${verifies ? presentChecks(checks) : ''}${path}: ${presentBytes(bytes)}, the database of ${manifest.madeAt}
${path}.erasures: what a restore needs besides; keep it apart, and the newest of them
`);
      return checks;
    } finally {
      record.discard();
    }
  } finally {
    file.discard();
  }
}

interface Files {
  readonly file: Draft;
  readonly record: Draft;
}

async function writeFiles(
  config: Config,
  { file, record }: Files,
  { path, verifies, signal }: Request,
): Promise<{ bytes: number; manifest: BackupManifest }> {
  return withServices(config, async (services) => {
    const erasures = await listLastErasures(services);
    const base = await startBaseBackup(await findServer(config));
    const compression = compressionOf(path);
    try {
      await expectRoom(base, dirname(path), { isCompressed: compression !== undefined, verifies });
      const manifest = describe(base, erasures);
      const archive = showBytes(base.archive, base.estimatedBytes);
      const bytes = await writeBackup(file, archive, manifest, { compression, signal });
      // Behind the backup: an erasure is in the journal before it is in the database.
      writeFileSync(record.descriptor, erasureRecordText(await readErasureRecord(config.dataDir)));
      return { bytes, manifest };
    } finally {
      base.close();
    }
  });
}

function describe(
  { majorVersion, estimatedBytes }: BaseBackup,
  erasures: readonly LastErasure[],
): BackupManifest {
  return {
    format: backupFormat,
    version: backupVersion,
    madeAt: new Date().toISOString(),
    throughline: readVersion(),
    postgresql: majorVersion,
    clusterBytes: estimatedBytes,
    erasures,
  };
}

async function findServer({ dataDir }: Config): Promise<{ host: string; port: number }> {
  const server = await findRunningEmbedded(dataDir);
  if (!server) throw new CommandError(`the server on ${dataDir} is stopping; try again`);
  return server;
}

/** Of tables that a former version has left, and this one has not brought up to date, it is not known. */
async function listLastErasures({ database }: CommandServices): Promise<LastErasure[]> {
  const erasures: LastErasure[] = [];
  try {
    for (const id of await listWorkspaceIds(database)) {
      const [last] = await listErasures(database, id, null, 1);
      if (last) erasures.push({ keyId: last.keyId, erasure: last.id });
    }
  } catch (error) {
    if (!meansOtherTables(error)) throw error;
  }
  return erasures;
}

/** Of a compressed file nobody knows what it will take. */
async function expectRoom(
  { estimatedBytes }: BaseBackup,
  folder: string,
  { isCompressed, verifies }: { readonly isCompressed: boolean; readonly verifies: boolean },
): Promise<void> {
  const needed = isCompressed ? 0 : estimatedBytes;
  await expectFree(folder, needed);
  if (!verifies) return;
  const isSameDisk = (await stat(folder)).dev === (await stat(tmpdir())).dev;
  await expectFree(
    tmpdir(),
    estimatedBytes + (isSameDisk ? needed : 0),
    '; TMPDIR names another folder to restore it in for its verification, and --no-verify does without',
  );
}

async function expectFree(folder: string, bytes: number, remedy = ''): Promise<void> {
  const space = await readDiskSpace(folder);
  if (space && space.freeBytes < bytes)
    throw new CommandError(
      `the disk of ${folder} has no room: ${presentBytes(bytes)} are needed, and ${presentBytes(space.freeBytes)} are free${remedy}`,
    );
}

/** Restores it where nobody else looks, and keeps nothing of that. */
async function verifyFile(
  config: Config,
  { path }: Draft,
  signal: AbortSignal,
): Promise<readonly WorkspaceCheck[]> {
  process.stderr.write('restoring it into a temporary folder, to verify it\n');
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-verify-'));
  try {
    // The account that runs PostgreSQL has to get through.
    await chmod(dataDir, 0o755);
    const record = await readErasureRecord(config.dataDir);
    const { checks, cluster } = await restoreBackup(path, { config: { ...config, dataDir }, record, signal });
    await cluster.discard();
    return checks;
  } finally {
    await removeFolder(dataDir);
  }
}
