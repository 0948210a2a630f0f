import type { BatchRows } from '../change/rows.ts';
import { definitionAt } from '../core/event-type/type-version-store.ts';
import { type CountableMetric, convertMetric, type Money } from '../core/metric/convert-metric.ts';
import type { MeasuredEventRow } from '../core/metric/measured-event-store.ts';
import type { CurrentMetric } from '../core/metric/metric-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { MetricItem } from './item.ts';
import type { Outcome } from './outcome.ts';
import type { Measured } from './read-metrics.ts';
import type { Submission } from './submission.ts';

/**
 * Turns the setting of a stored event's metric into rows: the metric, what it was before, what that moves in the rollups, and the
 * change with its seq. Settings of one metric within a batch follow each other as if each had been committed.
 */
export class MetricDecision {
  readonly #rows: BatchRows;
  readonly #workspace: Workspace;
  readonly #definitions: ReadonlyMap<string, Record<string, unknown>>;
  readonly #money: Money;
  readonly #now: number;
  readonly #events: ReadonlyMap<string, MeasuredEventRow>;
  readonly #current: Map<string, CurrentMetric>;

  constructor(rows: BatchRows, workspace: Workspace, measured: Measured, money: Money, now: number) {
    this.#rows = rows;
    this.#workspace = workspace;
    this.#definitions = measured.definitions;
    this.#money = money;
    this.#now = now;
    this.#events = new Map(measured.events.map((event) => [event.id, event]));
    this.#current = new Map(measured.metrics.map((metric) => [placeOf(metric.eventId, metric.key), metric]));
  }

  set({ dialect, receivedAt }: Submission, item: MetricItem): Outcome {
    const event = this.#events.get(item.eventId);
    const type = event && this.#workspace.eventTypes.byId(event.typeId);
    if (!event || type?.dialect !== dialect) return refused('no-such-event');
    const set = item.set(event, definitionAt(type, event.typeVersion, this.#definitions));
    if (typeof set === 'string') return refused(set);
    const metric = convertMetric(set.metric, this.#money);
    const seq = ++this.#rows.head.seq;
    this.#rows.changes.push({
      seq,
      entity: 'metric',
      entityId: event.id,
      operation: 'update',
      nodeId: null,
      data: null,
    });
    this.#replace(event, metric, seq);
    if (set.follower) this.#replaceFollower(event, set.follower);
    const { counted } = metric;
    if (!counted) this.#rows.tally.add(dialect, receivedAt, 'attribute-dropped', 'no-exchange-rate');
    return { kind: 'measured', eventId: event.id, counted };
  }

  #replace(event: MeasuredEventRow, metric: CountableMetric, seq: number): void {
    const past = this.#current.get(placeOf(event.id, metric.key));
    if (past) this.#rows.pastMetrics.push({ ...past, seq });
    this.#put(event, metric, past);
  }

  #replaceFollower(event: MeasuredEventRow, follower: CountableMetric): void {
    const past = this.#current.get(placeOf(event.id, follower.key));
    if (past || follower.counted) this.#put(event, follower, past);
  }

  #put(event: MeasuredEventRow, metric: CountableMetric, past: CurrentMetric | undefined): void {
    const { id: eventId, typeId } = event;
    const next = { ...metric, eventId, typeId, setAt: this.#now };
    const { rollups, setMetrics } = this.#rows;
    if (past?.counted) rollups.addMetric(past.occurredAt, typeId, past.key, past.value, -1, event);
    if (next.counted) rollups.addMetric(next.occurredAt, typeId, next.key, next.value, 1, event);
    this.#current.set(placeOf(eventId, metric.key), next);
    setMetrics.set(placeOf(eventId, metric.key), next);
  }
}

function placeOf(eventId: string, key: string): string {
  return `${eventId}\n${key}`;
}

function refused(reason: 'no-such-event' | 'no-such-metric' | 'invalid-metric'): Outcome {
  return { kind: 'refused', reason, profileId: null };
}
