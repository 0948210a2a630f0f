import { createHash } from 'node:crypto';
import { eventCount } from '../../../core/metric/metric.ts';
import type { StoredMetric } from '../../../core/metric/metric-store.ts';
import type { FieldTypeName } from '../field-type/field-type.ts';
import type { FieldValue } from '../field-type/value.ts';
import { delayKey, type EventTypeDefinition, type FieldDefinition, isMetric } from './definition.ts';

/** A metric of an event as it is shown, set or not (docs/spec/webmarketer.md B5). */
export interface EventMetric {
  /** 24 hex digits, the same on every reading. */
  readonly id: string;
  readonly key: string;
  readonly kind: 'state' | 'statistic';
  /** `converted` false: the amount's currency has no rate, and it is in no sum. */
  readonly data: FieldValue & { readonly converted?: false };
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What of an event its metrics are told by. */
export interface MetricsOwner {
  readonly id: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
}

/**
 * Every metric that an event of the type has: the declared ones, its count, and the delay of each state. Those that were never
 * set are made here. All exist since the event does; setting one moves its `updatedAt` alone (ruling 7).
 */
export function describeMetrics(
  definition: EventTypeDefinition,
  event: MetricsOwner,
  stored: readonly StoredMetric[],
  invalid: Readonly<Record<string, FieldValue>>,
): EventMetric[] {
  const byKey = new Map(stored.map((metric) => [metric.key, metric]));
  const fields = definition.fields.filter(isMetric);
  const declared = fields.map((field) => {
    const set = byKey.get(field.storageKey);
    const data = set ? setValue(field, set) : (invalid[field.storageKey] ?? unsetValue(field, event));
    return describe(event, field.storageKey, kindOf(field), data, set?.updatedAt);
  });
  const count = describe(event, eventCount, 'statistic', wrap('number', 1, 1, event.occurredAt), undefined);
  const delays = fields
    .filter((field) => field.entity === 'state')
    .map((field) => describeDelay(event, field.storageKey, byKey.get(field.storageKey)));
  return [...declared, count, ...delays];
}

function kindOf(field: FieldDefinition): 'state' | 'statistic' {
  return field.entity === 'state' ? 'state' : 'statistic';
}

function setValue(field: FieldDefinition, metric: StoredMetric): EventMetric['data'] {
  const { value, currency } = metric;
  const current = currency === null ? value : { amount: value, currency };
  // What was sent is kept unless retention has taken it (core/retention); no value is null.
  const anonymized = metric.raw === null;
  const shown = { ...wrap(field.type, metric.raw, current, metric.occurredAt), anonymized };
  return metric.counted ? shown : { ...shown, converted: false };
}

function unsetValue(field: FieldDefinition, event: MetricsOwner): FieldValue {
  const value = field.entity === 'state' ? 0 : null;
  return wrap(field.type, value, value, event.occurredAt);
}

/** Seconds from the event to its state, negative when the state is the older one; null while the state is 0 (B5.2, B5.5). */
function describeDelay(event: MetricsOwner, stateKey: string, state: StoredMetric | undefined): EventMetric {
  const reached = state?.value === 1 ? state : undefined;
  const seconds = reached ? (reached.occurredAt.getTime() - event.occurredAt.getTime()) / 1000 : null;
  const data = wrap('number', seconds, seconds, reached?.occurredAt ?? event.occurredAt);
  return describe(event, delayKey(stateKey), 'statistic', data, state?.updatedAt);
}

function describe(
  event: MetricsOwner,
  key: string,
  kind: 'state' | 'statistic',
  data: EventMetric['data'],
  updatedAt: Date | undefined,
): EventMetric {
  const id = createHash('sha256').update(`${event.id}\n${key}`).digest('hex').slice(0, 24);
  return { id, key, kind, data, createdAt: event.receivedAt, updatedAt: updatedAt ?? event.receivedAt };
}

function wrap(type: FieldTypeName, raw: unknown, current: unknown, date: Date): FieldValue {
  return { raw, current, type, date: date.toISOString(), anonymized: false, invalid: false };
}
