import { existsSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readOwn, syncFolder } from '../../own-file.ts';
import { StartupError } from '../../startup-error.ts';
import { chooseAccount } from './account.ts';
import { removeFolder } from './cluster.ts';
import { lockFolder } from './folder-lock.ts';
import { findCluster } from './layout.ts';
import { makeDraft } from './restore.ts';

/*
 * A cluster of one major version becomes one of another by a copy of all rows: into a data folder within the data folder, which is
 * called `upgrading` until all is in it and checked, and `upgraded` from then on until its cluster stands in the place of the former one.
 */

const draftName = 'upgrading';
const wholeName = 'upgraded';
const clusterName = 'postgres';
const LARGEST_VERSION_BYTES = 16;

/** The major version that the cluster of a data folder was made by; undefined where there is none. `dataDir` is a real path. */
export async function readClusterVersion(dataDir: string): Promise<string | undefined> {
  const path = join(await findCluster(dataDir), 'PG_VERSION');
  return existsSync(path) ? readOwn(path, LARGEST_VERSION_BYTES).trim() : undefined;
}

/** Whether an upgrade was cut short when all was done but the renaming. */
export function isHalfUpgraded(dataDir: string): boolean {
  return existsSync(join(dataDir, wholeName));
}

/** Else a new cluster would be made where the former one has gone and the new one has not come yet. @throws StartupError */
export function refuseHalfUpgraded(dataDir: string): void {
  if (isHalfUpgraded(dataDir))
    throw new StartupError(
      `an upgrade of the database in ${dataDir} was cut short at its very end: throughline upgrade-database finishes it`,
    );
}

/** Where the former cluster is kept. */
export function keptPath(dataDir: string, version: string): string {
  return join(dataDir, `${clusterName}-${version}`);
}

/** Makes the data folder in which the new cluster is to be made; what an earlier attempt has left there goes. */
export async function makeUpgradeDraft(dataDir: string): Promise<string> {
  const draft = join(dataDir, draftName);
  await discardUpgrade(dataDir);
  await makeDraft(draft, dataDir, chooseAccount(dataDir, await findCluster(dataDir)));
  return draft;
}

/** Takes away what there is of a new cluster that is not whole. */
export async function discardUpgrade(dataDir: string): Promise<void> {
  const draft = join(dataDir, draftName);
  if (!existsSync(draft)) return;
  // Where the server's account can't enter the data folder, the cluster lies in a folder of its own.
  const cluster = await findCluster(draft).catch(() => draft);
  if (dirname(cluster) !== draft && cluster !== draft) await removeFolder(dirname(cluster));
  await removeFolder(draft);
}

/**
 * Puts the new cluster, which is whole from this moment on, into the place of the former one, and keeps that as `postgres-<version>`. It may be
 * begun again wherever it was cut short. No server runs on either.
 */
export async function finishUpgrade(dataDir: string, version: string): Promise<void> {
  const lock = await lockFolder(dataDir);
  try {
    const [whole, cluster] = [join(dataDir, wholeName), join(dataDir, clusterName)];
    if (!existsSync(whole)) renameSync(join(dataDir, draftName), whole);
    syncFolder(dataDir);
    if (hasName(join(whole, clusterName))) {
      if (hasName(cluster)) renameSync(cluster, keptPath(dataDir, version));
      renameSync(join(whole, clusterName), cluster);
    }
    syncFolder(dataDir);
    await removeFolder(whole);
  } finally {
    await lock.release();
  }
}

/** A link counts, wherever it leads. */
function hasName(path: string): boolean {
  return readdirSync(dirname(path)).some((name) => join(dirname(path), name) === path);
}
