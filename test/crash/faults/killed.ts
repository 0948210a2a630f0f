import { setTimeout as delay } from 'node:timers/promises';
import { backendsOf, findDatabaseProcesses, isThere, signal } from '../database-processes.ts';
import type { Fault } from './fault.ts';

/** As `kill -9`, or the kernel that needs memory, does it; the server is started again on the same data folder. */
export const serverKilled: Fault = {
  name: 'server killed',
  async make(site) {
    await site.server.kill(false);
    return { lift: () => site.start() };
  },
};

/** All processes of the database; the server starts it again by itself. */
export const databaseKilled: Fault = {
  name: 'database killed',
  async make(site) {
    await site.server.killDatabase();
    return {};
  },
};

/** Everything, as when the machine goes down; at times the server sees its database die, with commits on the way, a moment before. */
export const allKilled: Fault = {
  name: 'server and database killed',
  async make(site, random) {
    const between = random.next() < 0.5 ? Math.round(random.between(0, 100)) : 0;
    await site.server.killDatabase();
    if (between > 0) await delay(between);
    await site.server.kill(true);
    return { detail: `${between} ms apart`, lift: () => site.start() };
  },
};

/** One process of the database that serves a connection: the database throws all others out, and recovers. */
export const backendKilled: Fault = {
  name: 'backend killed',
  async make(site, random) {
    const found = await findDatabaseProcesses(site.dataDir);
    const backends = found ? backendsOf(found) : [];
    if (backends.length === 0) throw new Error('the database has no backends to kill');
    signal(random.pick(backends), 'SIGKILL');
    return {};
  },
};

/** One of those that take requests: the others go on, and it is started again. */
export const processKilled: Fault = {
  name: 'one of several processes killed',
  needsProcesses: true,
  async make(site, random) {
    const processes = site.server.processes();
    if (processes.length === 0) throw new Error('the server has no processes to kill');
    signal(random.pick(processes), 'SIGKILL');
    return {};
  },
};

/** One of those that take requests answers nothing any more, as when its loop hangs: the one that has started it notices, and replaces it. */
export const processHung: Fault = {
  name: 'one of several processes hangs (SIGSTOP)',
  needsProcesses: true,
  // Half a minute until it is noticed; the rest as for any other.
  clientsWait: 60_000,
  async make(site, random) {
    const processes = site.server.processes();
    if (processes.length === 0) throw new Error('the server has no processes to stop');
    const hung = random.pick(processes);
    const startedAt = performance.now();
    signal(hung, 'SIGSTOP');
    while (isThere(hung)) await delay(50);
    return { detail: `killed after ${Math.round(performance.now() - startedAt)} ms` };
  },
};

/** Asked to stop in mid-load, as by an upgrade; what was accepted is answered first. */
export const stopped: Fault = {
  name: 'server stopped (SIGTERM)',
  async make(site) {
    const startedAt = performance.now();
    await site.stop();
    return {
      detail: `it took ${Math.round(performance.now() - startedAt)} ms`,
      lift: () => site.start(),
    };
  },
};
