import { findDatabaseProcesses, signal } from '../database-processes.ts';
import type { Fault } from './fault.ts';

/** All processes of the database stand still, as on storage that hangs or a machine that is moved; then they go on. */
export const databaseFrozen: Fault = {
  name: 'database frozen (SIGSTOP)',
  async make(site, random) {
    const found = await findDatabaseProcesses(site.dataDir);
    if (!found) throw new Error('there is no database to freeze');
    // The first makes new ones.
    signal(found.server, 'SIGSTOP');
    const frozen = (await findDatabaseProcesses(site.dataDir)) ?? found;
    const all = [frozen.server, ...frozen.children];
    for (const pid of all) signal(pid, 'SIGSTOP');
    const lasts = Math.round(
      random.next() < 0.7 ? random.between(500, 4_000) : random.between(4_000, 12_000),
    );
    return {
      detail: `for ${lasts} ms`,
      lasts,
      async lift() {
        for (const pid of all) signal(pid, 'SIGCONT');
      },
    };
  },
};
