import { delayKey, type FieldDefinition } from '../../dialects/webmarketer/definition/definition.ts';
import { checkValue } from '../../dialects/webmarketer/field-type/field-type.ts';
import { countableOf } from '../value/amount.ts';
import { type CountableMetric, convertMetric, type Money } from './convert-metric.ts';

/** A call that sets a state or statistic of a stored event. */
export interface MetricSetting {
  readonly eventId: string;
  readonly entity: 'state' | 'statistic';
  readonly key: string;
  /** As it was sent. */
  readonly raw: unknown;
  /** Since when it holds, in milliseconds since the epoch. */
  readonly occurredAt: number;
  /** When the call was received. */
  readonly receivedAt: number;
}

export interface SetMetrics {
  readonly metric: CountableMetric;
  /** Of a state: the seconds from the event to it. Not counted, and shown as null, while the state is 0. */
  readonly delay?: CountableMetric;
}

/**
 * What a call sets (docs/spec/webmarketer.md B5.2, B5.5, B5.6): the last one wins, and setting a state moves its delay with it. A
 * state that is older than its event has a negative delay. Undefined when the value is not of the field's type.
 */
export function setMetric(
  field: FieldDefinition,
  { raw, occurredAt, receivedAt }: MetricSetting,
  eventOccurredAt: number,
  money: Money,
): SetMetrics | undefined {
  const context = { phoneCountries: [], currency: money.currency, receivedAt: new Date(receivedAt) };
  const checked = checkValue(field.type, raw, context);
  const counted = checked.valid ? countableOf(checked.current) : undefined;
  if (!counted) return undefined;
  const { value, currency } = counted;
  const key = field.storageKey;
  if (field.entity !== 'state') {
    return {
      metric: convertMetric({ key, kind: 'statistic', value, currency, raw, occurredAt }, money),
    };
  }
  const seconds = value === 1 ? (occurredAt - eventOccurredAt) / 1000 : 0;
  return {
    metric: { key, kind: 'state', value, currency, raw, occurredAt, counted: true },
    delay: {
      key: delayKey(key),
      kind: 'statistic',
      value: seconds,
      currency: null,
      raw: value === 1 ? seconds : null,
      occurredAt,
      counted: value === 1,
    },
  };
}
