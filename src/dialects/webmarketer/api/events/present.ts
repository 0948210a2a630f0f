import { toObjectId } from '../../../../core/id.ts';
import { explainViolation } from '../../../../core/quarantine/explain-violation.ts';
import type { Violation } from '../../../../core/quarantine/quarantine.ts';
import type { ListedEvent } from '../../../../core/quarantine/quarantine-store.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { parseJson } from '../../../../http/body.ts';
import { ingestionKeyOf } from '../../definition/definition.ts';
import { describeMetrics, type EventMetric } from '../../definition/definition-metrics.ts';
import { readEventDetail } from '../../definition/event-detail.ts';
import { describeFieldType } from '../../field-type/describe-field-type.ts';
import type { ComputedEvent } from '../../query/computed-events.ts';
import type { EventRequest } from './parse.ts';
import type { TrashDetail } from './prepare.ts';

/** B4. `user` and `event` show the values as they were when the event came in. */
export function presentEvent(projectId: string, computed: ComputedEvent) {
  const { event, type, definition, recordId } = computed;
  const { fields } = readEventDetail(event);
  return {
    _id: event.id,
    projectId,
    userId: toObjectId(recordId),
    eventDate: event.occurredAt,
    eventType: type.name,
    attributable: definition.attributable,
    expirationPolicy: definition.expirationPolicy,
    event: fields.event,
    user: fields.user,
    metrics: describeMetrics(definition, event, computed.metrics, fields.invalidMetrics).map((metric) =>
      presentMetric(projectId, event.id, metric),
    ),
    createdAt: event.receivedAt,
    updatedAt: event.updatedAt ?? event.receivedAt,
  };
}

function presentMetric(projectId: string, eventId: string, metric: EventMetric) {
  const { id, key, kind, data, createdAt, updatedAt } = metric;
  return { _id: id, projectId, eventId, key, type: kind, data, createdAt, updatedAt, deletedAt: null };
}

/** The event as it was sent. */
export function presentRawEvent(
  projectId: string,
  id: string,
  sent: Pick<EventRequest, 'nonce' | 'eventType' | 'trackerId' | 'data'>,
  createdAt: Date,
) {
  const { nonce, eventType, trackerId, data } = sent;
  return { _id: id, projectId, nonce, eventType, trackerId, createdAt, data };
}

/** B8. An event that broke a rule of the store's, not of its type, shows that rule. */
export function presentTrashedEvent(projectId: string, trashed: ListedEvent) {
  const { errors, eventTypeId = null } = trashed.detail as Partial<TrashDetail>;
  return {
    _id: trashed.id,
    projectId,
    errors: (errors ?? [{ type: trashed.rule }]).map(presentTrashError),
    eventTypeId,
    eventTypeRef: trashed.type,
    processingDate: trashed.processedAt,
    rawEventDate: trashed.receivedAt,
  };
}

/** In the order of the vendor's sample, which the store does not keep. */
function presentTrashError(error: TrashDetail['errors'][number]) {
  if (!('field' in error)) return { type: error.type };
  const { discriminant, entity, storageKey, isPii, isMostProbableLocation, type, ingestionKey, optional } =
    error.field;
  const field = {
    discriminant,
    entity,
    storageKey,
    isPii,
    isMostProbableLocation,
    type,
    ingestionKey,
    optional,
  };
  return { type: error.type, field, ...('value' in error && { value: sentValue(error.value) }) };
}

function sentValue(value: unknown): unknown {
  return isRecord(value) && typeof value.json === 'string' ? parseJson(value.json) : value;
}

/** What the synchronous call says of an event that went to the trash. It names fields, never values. */
export function presentTrashMessage(violation: Violation): string {
  const { errors } = violation.detail as Partial<TrashDetail>;
  return errors
    ? errors.map(describeFault).join('; ')
    : `The event was not accepted. ${explainViolation(violation)}`;
}

function describeFault(error: TrashDetail['errors'][number]): string {
  if (!('field' in error))
    return `The event was not accepted. ${explainViolation({ rule: error.type, path: '/eventType' })}`;
  const { storageKey, type } = error.field;
  const right = describeFieldType(type);
  if (error.type === 'invalid-field') return `${storageKey} is not a valid ${type}: it must be ${right}`;
  return `${storageKey} is missing: data must hold ${ingestionKeyOf(error.field) ?? storageKey}, ${right}`;
}
