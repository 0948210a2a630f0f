import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import { FreshCache } from '../core/fresh-cache.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { IngestObserver } from '../ingest/observer.ts';
import type { Readiness } from '../store/readiness.ts';

/** What Prometheus scrapes. Labels are dialects and outcomes: no workspace, no person. */
export class ProcessMetrics implements IngestObserver {
  readonly registry = new Registry();
  readonly #events = new Counter({
    name: 'throughline_events_total',
    help: 'Items of requests by what became of them, after the commit.',
    labelNames: ['dialect', 'outcome'],
    registers: [this.registry],
  });
  readonly #refused = new Counter({
    name: 'throughline_refused_total',
    help: 'Requests that were refused before they became events.',
    labelNames: ['dialect', 'code'],
    registers: [this.registry],
  });
  readonly #batchSize = new Histogram({
    name: 'throughline_batch_items',
    help: 'Items committed together.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers: [this.registry],
  });
  readonly #commitTime = new Histogram({
    name: 'throughline_commit_seconds',
    help: 'From taking a batch off the queue to its commit.',
    buckets: [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 4],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  committed(...[batch, outcomes, milliseconds]: Parameters<IngestObserver['committed']>): void {
    let items = 0;
    for (const submission of batch) {
      for (const outcome of outcomes.get(submission) ?? []) {
        items++;
        this.#events.inc({ dialect: submission.dialect, outcome: outcome.kind });
      }
    }
    this.#batchSize.observe(items);
    this.#commitTime.observe(milliseconds / 1000);
  }

  refused(dialect: string, code: string): void {
    this.#refused.inc({ dialect, code });
  }

  /** The queue is the ingest's; it is asked when somebody scrapes. */
  watchQueue(ingest: Ingest): void {
    new Gauge({
      name: 'throughline_queue_bytes',
      help: 'Bytes of requests that wait for their commit.',
      registers: [this.registry],
      collect() {
        this.set(ingest.queuedBytes);
      },
    });
  }

  /** Of all workspaces. While the database does not answer, there is no value. */
  watchJobs(look: () => Promise<DueJobsSeen>, clock: Clock): void {
    const seen = new FreshCache<DueJobsSeen>({ freshMilliseconds, maximumEntries: 1 });
    const watch = (name: string, help: string, measure: (due: DueJobsSeen) => number) =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        async collect() {
          const due = await seen.get('due', look).catch(() => undefined);
          this.set(due ? measure(due) : Number.NaN);
        },
      });
    watch('throughline_jobs_due', 'Jobs of all workspaces that wait for a process.', ({ count }) => count);
    watch(
      'throughline_jobs_lag_seconds',
      'How long the job that waits longest has been due.',
      ({ oldestDueAt }) => (oldestDueAt ? Math.max(0, clock() - oldestDueAt.getTime()) / 1000 : 0),
    );
  }
}

/** Jobs that wait for a process. */
export interface DueJobsSeen {
  readonly count: number;
  /** Of the one that waits longest; null: none waits. */
  readonly oldestDueAt: Date | null;
}

/** Who scrapes often, or who else asks, costs the database a look in so many milliseconds. */
const freshMilliseconds = 5_000;

/**
 * /healthz: the process answers. /readyz: the database does too, and takes writes; and how much waits. /metrics: for Prometheus.
 */
export function registerHealth(
  app: FastifyInstance,
  readiness: Readiness,
  ingest: Ingest,
  metrics: ProcessMetrics,
): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const queue = { items: ingest.queuedItems, bytes: ingest.queuedBytes };
    const state = await readiness.look();
    if (state === 'up') return { status: 'ready', database: state, queue };
    return reply.code(503).header('retry-after', '1').send({ status: 'not ready', database: state, queue });
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
