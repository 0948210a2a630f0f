import type { StoredEvent } from '../../../core/event/event.ts';
import type { EventDetail } from '../definition/event-detail.ts';
import type { FieldValue } from '../field-type/value.ts';
import type { PersonalFields } from './personal-fields.ts';

/** The documents of an event after its personal values are gone. */
export interface AnonymizedDocuments {
  readonly properties: Record<string, unknown>;
  readonly detail: Record<string, unknown> | null;
}

/**
 * Takes the personal values out of an event of a defined type: the wrappers stay, without value and marked `anonymized`
 * (docs/spec/webmarketer.md B3), and so do the keys of the data. The tracker's id goes too: by it the browser would be known again.
 * Undefined when there is nothing (left) to take out.
 */
export function anonymizeEvent(
  { properties, detail }: Pick<StoredEvent, 'properties' | 'detail'>,
  personal: PersonalFields,
): AnonymizedDocuments | undefined {
  const sent = Object.keys(properties).filter(
    (key) => personal.dataKeys.has(key) && properties[key] !== null,
  );
  const kept = detail as Readonly<object> as EventDetail | null;
  const checked = kept && anonymizeDetail(kept, personal);
  if (sent.length === 0 && !checked) return undefined;
  const emptied: Record<string, unknown> = Object.assign(Object.create(null), properties);
  for (const key of sent) emptied[key] = null;
  return { properties: emptied, detail: checked ? { ...checked } : detail };
}

function anonymizeDetail(detail: EventDetail, personal: PersonalFields): EventDetail | undefined {
  const event = anonymizeValues(detail.fields.event, personal.event);
  const user = anonymizeValues(detail.fields.user, personal.user);
  const invalidMetrics = anonymizeValues(detail.fields.invalidMetrics, personal.metrics);
  if (!event && !user && !invalidMetrics && detail.trackerId === null) return undefined;
  const { fields } = detail;
  return {
    ...detail,
    trackerId: null,
    fields: {
      event: event ?? fields.event,
      user: user ?? fields.user,
      invalidMetrics: invalidMetrics ?? fields.invalidMetrics,
    },
  };
}

/** Undefined when none of the values is personal, or all that are have been anonymized. */
function anonymizeValues(
  values: Readonly<Record<string, FieldValue>>,
  personal: ReadonlySet<string>,
): Record<string, FieldValue> | undefined {
  const due = Object.keys(values).filter((key) => personal.has(key) && !values[key]!.anonymized);
  if (due.length === 0) return undefined;
  const anonymized: Record<string, FieldValue> = Object.assign(Object.create(null), values);
  for (const key of due) anonymized[key] = { ...values[key]!, raw: null, current: null, anonymized: true };
  return anonymized;
}
