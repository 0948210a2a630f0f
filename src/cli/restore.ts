import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import {
  type ErasureRecord,
  keyIdsOf,
  readErasureRecord,
  writeErasureRecord,
} from '../core/erasure/erasure-record.ts';
import { type RestoredCluster, unpackCluster } from '../store/backends/embedded/restore.ts';
import type { BackupManifest } from '../store/backup/manifest.ts';
import { type Backup, openBackup } from '../store/backup/read-backup.ts';
import { migrate } from '../store/migrate.ts';
import { showBytes } from './byte-progress.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { type Replay, replayJournal } from './erase.ts';
import { refuseRestore } from './external-backup.ts';
import { untilInterrupted } from './interruption.ts';
import { createLogger } from './logger.ts';
import { rebuildWorkspaces } from './rebuild.ts';
import { checkWorkspaces, presentChecks, type WorkspaceCheck } from './verify.ts';
import { withServices } from './with-services.ts';

export const restore: Command = {
  help: `Usage: throughline restore FILE --erasures PATH [--data-dir DIR]

Takes what "throughline backup" wrote out into an empty folder, lets the database recover there, brings its tables up to date, forgets anew who was
forgotten since the backup, and verifies the counters. Until all of that is done nothing is there that a server could be started on.

  --erasures PATH   who was forgotten, which no backup has: the data folder of the server that was, or the newest file that ends
                    in .erasures, as each backup writes one. Whom it does not name, and was forgotten later, comes back
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { erasures: { type: 'string' } });
    const [file = ''] = expectPositionals(positionals, 'FILE');
    if (config.databaseUrl !== undefined) throw refuseRestore(config.databaseUrl);
    if (values.erasures === undefined)
      throw new UsageError(
        `--erasures is missing: who was forgotten after the backup would come back. Name the data folder of the server that was, or the newest of the files that end in .erasures (${file}.erasures is as old as the backup)`,
      );
    const record = await readErasureRecord(resolve(values.erasures));
    const restored = await untilInterrupted(`nothing is in ${config.dataDir}`, async (signal) => {
      const done = await restoreBackup(resolve(file), { config, record, signal });
      await done.cluster.finish();
      return done;
    });
    process.stdout.write(present(restored, config));
    return restored.checks.every(({ ok }) => ok) ? 0 : 1;
  },
};

export interface Restoring {
  /** Its data folder is where to. */
  readonly config: Config;
  readonly record: ErasureRecord;
  readonly signal: AbortSignal;
}

export interface Restored {
  readonly manifest: BackupManifest;
  readonly migrations: readonly string[];
  readonly replays: readonly Replay[];
  readonly checks: readonly WorkspaceCheck[];
  /** To be finished or discarded. */
  readonly cluster: RestoredCluster;
}

/**
 * Makes a data folder of a backup, and has all done there that a server finds done; it is not in its place yet.
 * @throws StartupError or CommandError when it can't be done; nothing is left of it
 */
export async function restoreBackup(file: string, { config, record, signal }: Restoring): Promise<Restored> {
  const backup = await openBackup(file);
  const { manifest } = backup;
  const cluster = await unpackChecked(backup, config, record, signal);
  try {
    writeErasureRecord(cluster.draft, record);
    const own = { ...config, dataDir: cluster.draft, databaseUrl: undefined };
    const done = await withServices(own, async (services) => {
      const { applied } = await migrate(services.database);
      signal.throwIfAborted();
      // What is derived by new tables is not there yet; a start would leave that to jobs.
      if (applied.length > 0) await rebuildWorkspaces(services, undefined);
      signal.throwIfAborted();
      const replays = await replayJournal(services, own, undefined);
      signal.throwIfAborted();
      process.stderr.write('verifying\n');
      return { migrations: applied, replays, checks: await checkWorkspaces(services, undefined) };
    });
    signal.throwIfAborted();
    return { manifest, ...done, cluster };
  } catch (error) {
    await cluster.discard();
    throw error;
  }
}

async function unpackChecked(
  backup: Backup,
  config: Config,
  record: ErasureRecord,
  signal: AbortSignal,
): Promise<RestoredCluster> {
  try {
    expectErasures(backup.manifest, record);
    const cluster = showBytes(backup.cluster, backup.manifest.clusterBytes);
    return await unpackCluster(
      { ...backup, cluster },
      { dataDir: config.dataDir, logger: createLogger('warn'), signal },
    );
  } finally {
    await backup.close();
  }
}

/** @throws CommandError unless the record goes with the backup, and is no older */
function expectErasures({ erasures, madeAt }: BackupManifest, record: ErasureRecord): void {
  const keys = keyIdsOf(record);
  const journalled = new Set(record.journal.map(({ id }) => id));
  for (const { keyId, erasure } of erasures) {
    if (!keys.has(keyId))
      throw new CommandError(
        'what --erasures names has another key than the one by which the backup knows whom it has forgotten; take that of its own server',
      );
    if (!journalled.has(erasure))
      throw new CommandError(`what --erasures names is older than the backup of ${madeAt}; take a newer one`);
  }
}

function present({ manifest, migrations, replays, checks }: Restored, { dataDir }: Config): string {
  const known = replays.reduce((sum, replay) => sum + replay.known, 0);
  const anew = replays.reduce((sum, replay) => sum + replay.anew, 0);
  const failed = checks.filter(({ ok }) => !ok);
  const lines = [
    presentChecks(checks),
    `${dataDir} has the database of ${manifest.madeAt}, made by Throughline ${manifest.throughline}`,
    ...(migrations.length > 0 ? [`migrations run: ${migrations.length}`] : []),
    `erasures known: ${known}, done anew: ${anew}`,
    ...(anew > 0
      ? ['"throughline erase --scrub" takes what was forgotten out of the files, too, while no server runs']
      : []),
    ...(failed.length > 0
      ? [`checks that failed: ${failed.length}; "throughline rebuild" makes anew what is derived`]
      : []),
    `Next: throughline start --data-dir ${dataDir}`,
    'credentials.json is in no backup: copy it from where it is kept, or "throughline credentials" issues new keys.',
  ];
  return `${lines.join('\n')}\n`;
}
