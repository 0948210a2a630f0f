import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDatabaseProcesses, signal } from '../database-processes.ts';
import type { Site } from '../site.ts';
import type { Fault } from './fault.ts';

/** The database comes up as a standby, which takes no writes at all, and later as itself; both by a restart that its supervisor sees to. */
export const standby: Fault = {
  name: 'database read-only (standby)',
  async make(site, random) {
    const file = join(site.dataDir, 'postgres', 'standby.signal');
    await writeFile(file, '');
    await signalDatabase(site, 'SIGINT');
    const lasts = Math.round(random.between(1_000, 4_000));
    return {
      detail: `for ${lasts} ms`,
      lasts,
      async lift() {
        await rm(file);
        await signalDatabase(site, 'SIGINT');
      },
    };
  },
};

/** Transactions are read-only unless they say otherwise, as an operator may set it. */
export const readOnlyByDefault: Fault = {
  name: 'database read-only (setting)',
  async make(site) {
    const file = join(site.dataDir, 'postgres', 'postgresql.auto.conf');
    const before = await readFile(file, 'utf8');
    await appendFile(file, 'default_transaction_read_only = on\n');
    await signalDatabase(site, 'SIGHUP');
    return {
      lasts: 1_500,
      async lift() {
        await writeFile(file, before);
        await signalDatabase(site, 'SIGHUP');
      },
    };
  },
};

async function signalDatabase({ dataDir }: Site, name: NodeJS.Signals): Promise<void> {
  const found = await findDatabaseProcesses(dataDir);
  if (!found) throw new Error('the database does not run');
  signal(found.server, name);
}
