import type { MetricSet } from '../../../core/metric/metric.ts';
import { countableOf } from '../../../core/value/amount.ts';
import { isRecord } from '../../../core/value/text.ts';
import type { MetricItem } from '../../../ingest/item.ts';
import { definitionOf, delayKey, type FieldDefinition } from '../definition/definition.ts';
import { checkValue } from '../field-type/field-type.ts';

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

/** What the engine is told of such a call. @param currency of the workspace, for amounts that name none */
export function metricItem(setting: MetricSetting, currency: string): MetricItem {
  const { eventId, entity, key, raw, occurredAt } = setting;
  return {
    kind: 'metric',
    eventId,
    keys: entity === 'state' ? [key, delayKey(key)] : [key],
    raw,
    currency: isRecord(raw) && typeof raw.currency === 'string' ? raw.currency.toUpperCase() : null,
    occurredAt,
    set: (event, definition) => {
      const field = definitionOf({ definition })?.fields.find(
        (declared) => declared.entity === entity && declared.storageKey === key,
      );
      if (!field) return 'no-such-metric';
      return setMetric(field, setting, event.occurredAt, currency) ?? 'invalid-metric';
    },
  };
}

/**
 * What a call sets (docs/spec/webmarketer.md B5.2, B5.5, B5.6): the last one wins, and setting a state moves its delay with it. A
 * state that is older than its event has a negative delay. Undefined when the value is not of the field's type.
 */
function setMetric(
  field: FieldDefinition,
  { raw, occurredAt, receivedAt }: MetricSetting,
  eventOccurredAt: number,
  workspaceCurrency: string,
): MetricSet | undefined {
  const context = { phoneCountries: [], currency: workspaceCurrency, receivedAt: new Date(receivedAt) };
  const checked = checkValue(field.type, raw, context);
  const counted = checked.valid ? countableOf(checked.current) : undefined;
  if (!counted) return undefined;
  const { value, currency } = counted;
  const key = field.storageKey;
  if (field.entity !== 'state')
    return { metric: { key, kind: 'statistic', value, currency, raw, occurredAt } };
  const isReached = value === 1;
  const seconds = isReached ? (occurredAt - eventOccurredAt) / 1000 : 0;
  return {
    metric: { key, kind: 'state', value, currency, raw, occurredAt },
    follower: {
      key: delayKey(key),
      kind: 'statistic',
      value: seconds,
      currency: null,
      raw: isReached ? seconds : null,
      occurredAt,
      counted: isReached,
    },
  };
}
