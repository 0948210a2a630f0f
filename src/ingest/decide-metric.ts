import type { CountableMetric, Money } from '../core/metric/convert-metric.ts';
import type { MeasuredEventRow } from '../core/metric/measured-event-store.ts';
import type { CurrentMetric } from '../core/metric/metric-store.ts';
import { type MetricSetting, setMetric } from '../core/metric/set-metric.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { definitionOf, type EventTypeDefinition } from '../dialects/webmarketer/definition/definition.ts';
import { versionText } from '../dialects/webmarketer/definition/definition-store.ts';
import type { BatchRows } from './batch-rows.ts';
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
  readonly #definitions: ReadonlyMap<string, EventTypeDefinition>;
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

  set({ dialect, receivedAt }: Submission, setting: MetricSetting): Outcome {
    const event = this.#events.get(setting.eventId);
    const type = event && this.#workspace.eventTypes.byId(event.typeId);
    if (!event || type?.dialect !== dialect) return refused('no-such-event');
    const version = versionText(event.typeId, event.typeVersion ?? type.version);
    const definition = this.#definitions.get(version) ?? definitionOf(type);
    const field = definition?.fields.find(
      ({ entity, storageKey }) => entity === setting.entity && storageKey === setting.key,
    );
    if (!field) return refused('no-such-metric');
    const set = setMetric(field, setting, event.occurredAt, this.#money);
    if (!set) return refused('invalid-metric');
    const seq = ++this.#rows.head.seq;
    this.#rows.changes.push({ seq, entity: 'metric', entityId: event.id, operation: 'update' });
    this.#replace(event, set.metric, seq);
    if (set.delay) this.#replaceDelay(event, set.delay);
    const { counted } = set.metric;
    if (!counted) this.#rows.tally.add(dialect, receivedAt, 'attribute-dropped', 'no-exchange-rate');
    return { kind: 'measured', eventId: event.id, counted };
  }

  #replace(event: MeasuredEventRow, metric: CountableMetric, seq: number): void {
    const past = this.#current.get(placeOf(event.id, metric.key));
    if (past) this.#rows.pastMetrics.push({ ...past, seq });
    this.#put(event, metric, past);
  }

  /** A delay follows from its state, whose history it is. Of a state that was never 1 there is none. */
  #replaceDelay(event: MeasuredEventRow, delay: CountableMetric): void {
    const past = this.#current.get(placeOf(event.id, delay.key));
    if (past || delay.counted) this.#put(event, delay, past);
  }

  #put(event: MeasuredEventRow, metric: CountableMetric, past: CurrentMetric | undefined): void {
    const { id: eventId, typeId } = event;
    const next = { ...metric, eventId, typeId, setAt: this.#now };
    const { rollups, setMetrics } = this.#rows;
    if (past?.counted) rollups.addMetric(past.occurredAt, typeId, past.key, past.value, -1);
    if (next.counted) rollups.addMetric(next.occurredAt, typeId, next.key, next.value, 1);
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
