import { type Aggregator, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Ingest } from '../ingest/ingest.ts';
import type { IngestObserver } from '../ingest/observer.ts';
import type { Outcome } from '../ingest/outcome.ts';

/** What becomes of events: each is told from the start, since no alert can be raised by what was never said. */
const outcomesOfEvents = ['stored', 'duplicate', 'quarantined', 'dropped'] as const;

/** What Prometheus scrapes. Labels are dialects, outcomes, statuses and kinds of jobs: no workspace, no person. */
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

  /** `dialects`: the names of those that are served. */
  constructor(dialects: readonly string[]) {
    collectDefaultMetrics({ register: this.registry });
    for (const dialect of dialects)
      for (const outcome of outcomesOfEvents) this.#events.inc({ dialect, outcome }, 0);
  }

  committed(...[batch, outcomes, milliseconds]: Parameters<IngestObserver['committed']>): void {
    let items = 0;
    for (const submission of batch) {
      const decided = outcomes.get(submission) ?? [];
      items += decided.length;
      const kinds = new Map<Outcome['kind'], number>();
      for (const { kind } of decided) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      for (const [outcome, count] of kinds) this.#events.inc({ dialect: submission.dialect, outcome }, count);
    }
    this.#batchSize.observe(items);
    this.#commitTime.observe(milliseconds / 1000);
  }

  refused(dialect: string, code: string): void {
    this.#refused.inc({ dialect, code });
  }

  /** The queue is the ingest's; it is asked when somebody scrapes. */
  watchQueue(ingest: Pick<Ingest, 'queuedBytes' | 'queuedItems' | 'oldestWaitingMilliseconds'>): void {
    const watch = (name: string, help: string, measure: () => number, aggregator: Aggregator = 'sum') =>
      new Gauge({
        name,
        help,
        aggregator,
        registers: [this.registry],
        collect() {
          this.set(measure());
        },
      });
    watch(
      'throughline_queue_bytes',
      'Bytes of requests that wait for their commit.',
      () => ingest.queuedBytes,
    );
    watch('throughline_queue_items', 'Requests that wait for their commit.', () => ingest.queuedItems);
    watch(
      'throughline_queue_oldest_seconds',
      'For how long the request that waits longest has not been taken into a batch.',
      () => ingest.oldestWaitingMilliseconds / 1000,
      'max',
    );
  }
}
