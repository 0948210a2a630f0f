import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { hourOf, listPartitions } from '../core/dedupe/partitions.ts';
import { erasureJournalFile } from '../core/erasure/erasure-journal.ts';
import { erasureKeyFile } from '../core/erasure/erasure-key.ts';
import { makePartition } from '../jobs/dedupe-partitions.ts';
import { findRunningEmbedded, hasCluster } from '../store/backends/embedded.ts';
import { type OpenDatabase, openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { writeNewOwn } from '../store/own-file.ts';
import { type CopiedRows, copyDatabase } from '../transfer/copy-database.ts';
import { TransferError } from '../transfer/format.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { untilInterrupted } from './interruption.ts';
import { createLogger } from './logger.ts';
import { credentialsPath } from './start/credentials-file.ts';
import { formatTable } from './table.ts';
import { TransferProgress } from './transfer-progress.ts';
import { checkWorkspaces, presentChecks, type WorkspaceCheck } from './verify.ts';
import { withServices } from './with-services.ts';

export const copy: Command = {
  help: `Usage: throughline copy --to TARGET [SETTINGS]

Copies everything, all workspaces and what is above them, from the database that the settings name (--data-dir, --database-url) to another
one, table by table: from the embedded one to a PostgreSQL 15 or newer, back, or between two of a kind. Stop the server first; until the
copy is done nobody can write where it reads from. The target gets this version's tables and has to be empty. It has all rows at the end,
or none, and is verified as by "throughline verify". Where it reads from nothing is changed.

  --to TARGET   postgres://user:password@host:port/database, or a data folder
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { to: { type: 'string' } });
    expectPositionals(positionals);
    const target = targetOf(config, values.to);
    await refuseRunning(config);
    const { copied, checks } = await untilInterrupted('nothing of it is in the target', (signal) =>
      copyTo(config, target, signal),
    );
    const rows = Object.entries(copied).map(([table, count]) => [table, String(count)]);
    process.stdout.write(`${formatTable([['table', 'rows'], ...rows])}\n${presentChecks(checks)}`);
    return checks.every(({ ok }) => ok) ? 0 : 1;
  },
};

/** The settings by which the target is opened. @throws UsageError */
function targetOf(config: Config, to: string | undefined): Config {
  if (to === undefined || to === '') throw new UsageError('--to is missing: a database or a data folder');
  if (!/^postgres(ql)?:/.test(to)) return { ...config, dataDir: resolve(to), databaseUrl: undefined };
  if (!URL.canParse(to))
    throw new UsageError('--to must look like postgres://user:password@host:port/database');
  return { ...config, databaseUrl: to };
}

async function refuseRunning({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl === undefined && (await hasCluster(dataDir)) && (await findRunningEmbedded(dataDir)))
    throw new CommandError(
      `a server runs on ${dataDir}: stop it first, else what it stores behind the copy is not in it`,
    );
}

export interface CopiedDatabase {
  readonly copied: CopiedRows;
  readonly checks: readonly WorkspaceCheck[];
}

/** @throws CommandError, StartupError when it can't be done; nothing is in the target then */
async function copyTo(config: Config, target: Config, signal: AbortSignal): Promise<CopiedDatabase> {
  const source = await openDatabase(config, createLogger('warn'), 'attach');
  try {
    const done = await withServices(
      target,
      async (services) => {
        const copied = await fillDatabase(source, services.database, signal);
        return { copied, checks: await checkWorkspaces(services, undefined) };
      },
      'attach-or-make',
    );
    bringFiles(config, target);
    return done;
  } finally {
    await source.close();
  }
}

/** Makes the tables, and the parts of them that the source has, and fills them. @throws CommandError */
export async function fillDatabase(
  source: OpenDatabase,
  target: OpenDatabase,
  signal: AbortSignal,
): Promise<CopiedRows> {
  await migrate(target);
  try {
    const { show } = new TransferProgress('copy');
    return await copyDatabase(source, target, {
      signal,
      onProgress: show,
      prepare: async (snapshot) => {
        for (const name of await listPartitions(snapshot)) {
          const hour = hourOf(name);
          if (hour !== undefined) await makePartition(target, hour);
        }
      },
    });
  } catch (error) {
    if (error instanceof TransferError) throw new CommandError(error.message);
    throw error;
  }
}

/** What a server has beside its database, where the target is a data folder that has none of its own. */
function bringFiles({ dataDir: from }: Config, { dataDir: to, databaseUrl }: Config): void {
  if (databaseUrl !== undefined || from === to || !existsSync(from)) return;
  const isWanted = (name: string) =>
    name === erasureJournalFile ||
    name.startsWith(erasureKeyFile) ||
    join(from, name) === credentialsPath(from);
  for (const name of readdirSync(from).filter(isWanted))
    if (!existsSync(join(to, name))) writeNewOwn(join(to, name), readFileSync(join(from, name), 'utf8'));
}
