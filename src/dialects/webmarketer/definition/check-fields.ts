import { cutText } from '../../../core/cut-text.ts';
import type { MetricValue } from '../../../core/metric/metric.ts';
import { type Countable, countableOf, refuseUncountable } from '../../../core/value/amount.ts';
import { checkValue, type FieldContext } from '../field-type/field-type.ts';
import { type FieldValue, wrapValue } from '../field-type/value.ts';
import { type EventTypeDefinition, type FieldDefinition, ingestionKeyOf, isMetric } from './definition.ts';

/** Why an event does not fit its type. A field that is not optional is missing, or its value is not of its type. */
export type FieldFault =
  | { readonly type: 'missing-field'; readonly field: FieldDefinition }
  | { readonly type: 'invalid-field'; readonly field: FieldDefinition; readonly value: unknown };

/** The values of an event by storage key, as they were checked. Keys of the data that no field declares are not among them. */
export interface CheckedFields {
  readonly user: Record<string, FieldValue>;
  readonly event: Record<string, FieldValue>;
  readonly metrics: readonly MetricValue[];
  /** Optional metrics whose value was not of their type: they are shown, and count nothing. */
  readonly invalidMetrics: Record<string, FieldValue>;
  /** Empty when the event fits. */
  readonly faults: readonly FieldFault[];
}

/** A fault's value is shown to this many characters; the event is kept whole beside it. */
const maximumShownLength = 1024;

/**
 * Checks an event's data against its type. Optional fields may be absent, and an invalid value of one is kept as such
 * (docs/spec/webmarketer.md ruling 8).
 */
export function checkFields(
  definition: EventTypeDefinition,
  data: Readonly<Record<string, unknown>>,
  context: FieldContext,
  occurredAt: Date,
): CheckedFields {
  const user: Record<string, FieldValue> = Object.create(null);
  const event: Record<string, FieldValue> = Object.create(null);
  const invalidMetrics: Record<string, FieldValue> = Object.create(null);
  const metrics: MetricValue[] = [];
  const faults: FieldFault[] = [];
  for (const field of definition.fields) {
    const ingestionKey = ingestionKeyOf(field);
    if (ingestionKey === null) continue;
    const raw = Object.hasOwn(data, ingestionKey) ? data[ingestionKey] : undefined;
    if (isAbsent(field, raw)) {
      if (!field.optional) faults.push({ type: 'missing-field', field });
      continue;
    }
    const fitting = checkValue(field.type, raw, context);
    const checked = isMetric(field) ? refuseUncountable(fitting) : fitting;
    if (!checked.valid && !field.optional) {
      faults.push({ type: 'invalid-field', field, value: shownValue(raw) });
      continue;
    }
    const value = wrapValue(field.type, raw, checked, occurredAt);
    if (field.entity === 'user') user[field.storageKey] = value;
    else if (field.entity === 'event') event[field.storageKey] = value;
    else {
      const counted = countableOf(value.current);
      if (counted) metrics.push({ ...counted, ...metricOf(field, value, occurredAt) });
      else invalidMetrics[field.storageKey] = value;
    }
  }
  return { user, event, metrics, invalidMetrics, faults };
}

/** Forms send every input, filled in or not; only a text field can mean its empty text. */
function isAbsent(field: FieldDefinition, raw: unknown): boolean {
  if (raw === undefined || raw === null) return true;
  return raw === '' && field.type !== 'string' && field.type !== 'message';
}

function shownValue(raw: unknown): unknown {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return text.length <= maximumShownLength ? raw : cutText(text, maximumShownLength);
}

function metricOf(
  field: FieldDefinition,
  { raw }: FieldValue,
  occurredAt: Date,
): Omit<MetricValue, keyof Countable> {
  const kind = field.entity === 'state' ? 'state' : 'statistic';
  return { key: field.storageKey, kind, raw, occurredAt: occurredAt.getTime() };
}
