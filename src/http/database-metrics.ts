import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import { coveredAhead, listPartitions } from '../core/dedupe/partitions.ts';
import { FreshCache } from '../core/fresh-cache.ts';
import { countDueJobs, lastSuccesses } from '../core/job/due-job-store.ts';
import { databaseBytes } from '../store/database-size.ts';
import { readDiskSpace } from '../store/disk-space.ts';
import type { NodeHealth } from '../store/node-health.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Readiness } from '../store/readiness.ts';

/** Who scrapes often, or who else asks, costs the database a look in so many milliseconds. */
const freshMilliseconds = 5_000;
/** The size is asked of each file. */
const sizeFreshMilliseconds = 60_000;

export interface Watched {
  readonly registry: Registry;
  readonly database: Queryable;
  readonly readiness: Readiness;
  readonly nodeHealth: NodeHealth;
  readonly dataDir: string;
  readonly clock: Clock;
}

/** What the database says of itself and of jobs, of all workspaces. While it does not answer, there is no value but that it is not up. */
export function watchDatabase({ registry, database, readiness, nodeHealth, dataDir, clock }: Watched): void {
  const now = () => new Date(clock());
  const gauge = (name: string, help: string, measure: () => Promise<number | undefined>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set((await measure().catch(() => undefined)) ?? Number.NaN);
      },
    });
  gauge('throughline_database_up', '1 while the database answers and takes writes.', async () =>
    (await readiness.look()) === 'up' ? 1 : 0,
  );
  watchNodes(registry, nodeHealth);
  const due = cached(freshMilliseconds, () => countDueJobs(database, now()));
  gauge(
    'throughline_jobs_due',
    'Jobs of all workspaces that wait for a process.',
    async () => (await due())?.count,
  );
  gauge('throughline_jobs_lag_seconds', 'How long the job that waits longest has been due.', async () => {
    const seen = await due();
    return seen && (seen.oldestDueAt ? Math.max(0, clock() - seen.oldestDueAt.getTime()) / 1000 : 0);
  });
  gauge(
    'throughline_database_bytes',
    'What the database takes on its disk.',
    cached(sizeFreshMilliseconds, () => databaseBytes(database)),
  );
  gauge(
    'throughline_disk_free_bytes',
    'Room on the disk of the data folder.',
    async () => (await readDiskSpace(dataDir))?.freeBytes,
  );
  const partitions = cached(sizeFreshMilliseconds, () => listPartitions(database));
  gauge(
    'throughline_partitions_ahead_seconds',
    'For how long the hours to come have their partition of the memory of repeats.',
    async () => {
      const names = await partitions();
      return names && coveredAhead(names, clock()) / 1000;
    },
  );
  watchSuccesses(
    registry,
    cached(sizeFreshMilliseconds, () => lastSuccesses(database)),
  );
}

function watchNodes(registry: Registry, health: NodeHealth): void {
  new Gauge({
    name: 'throughline_database_node_up',
    help: 'Of a distributed database: 1 for each node that its coordinator reaches.',
    labelNames: ['node'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { node, up } of (await health.look()) ?? []) this.set({ node }, up ? 1 : 0);
    },
  });
}

function watchSuccesses(
  registry: Registry,
  look: () => Promise<ReadonlyMap<string, Date> | undefined>,
): void {
  new Gauge({
    name: 'throughline_job_last_success_timestamp_seconds',
    help: 'When a job of the kind last came to its end.',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      this.reset();
      const seen = await look().catch(() => undefined);
      for (const [kind, at] of seen ?? []) this.set({ kind }, at.getTime() / 1000);
    },
  });
}

function cached<Value>(freshFor: number, look: () => Promise<Value>): () => Promise<Value | undefined> {
  const cache = new FreshCache<Value>({ freshMilliseconds: freshFor, maximumEntries: 1 });
  return () => cache.get('', look);
}
