import { type DedupeKey, hashKey } from '../../../../core/dedupe/dedupe.ts';
import { hashDocument } from '../../../../core/dedupe/hash-document.ts';
import type { EventType } from '../../../../core/event-type/event-type.ts';
import { toObjectId } from '../../../../core/id.ts';
import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import { parseJson } from '../../../../http/body.ts';
import { type Reading, submissionOf } from '../../../../http/ingest-operation.ts';
import type { Companion, EventItem, Prepared } from '../../../../ingest/item.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import { type CheckedFields, checkFields, type FieldFault } from '../../definition/check-fields.ts';
import { definitionOf, pathOfField, phoneCountriesOf } from '../../definition/definition.ts';
import type { EventDetail } from '../../definition/event-detail.ts';
import { type FieldIdentity, identifyUser } from '../../definition/identify-user.ts';
import type { FieldValue } from '../../field-type/value.ts';
import { type EventRequest, parseEvent } from './parse.ts';

/** Why an event is in the trash, as the trash shows it (docs/spec/webmarketer.md B8). */
export interface TrashDetail {
  /** A value that is an object or a list is there as its JSON text: `{ json }`. */
  readonly errors: readonly ({ readonly type: string } | FieldFault)[];
  readonly eventTypeId: string | null;
}

/** What besides the body is kept of a trashed event. */
export interface TrashRequest {
  /** True: the client was told that the event is invalid; false: it was given the id. */
  readonly synchronous: boolean;
}

const places = { type: '/eventType', occurredAt: '/eventDate', properties: '/data' } as const;

/** An event call as the engine takes it. */
export function readingOf(event: EventRequest, synchronous: boolean): Reading {
  const request: TrashRequest = { synchronous };
  return {
    source: null,
    dedupe: nonceKey(event, synchronous),
    carriesEvents: true,
    size: 1,
    prepare: (workspace, receivedAt) => [prepareEvent(event, workspace, receivedAt)],
    request: { ...request },
  };
}

/**
 * B6: unique in the project for good. A nonce is spent by an accepted call; after a synchronous 400 only the same body is a repeat
 * (ruling 10).
 */
function nonceKey(event: EventRequest, synchronous: boolean): DedupeKey {
  const key = { scope: 'webmarketer-nonce', hash: hashKey(event.nonce), window: 'forever' } as const;
  return synchronous ? { ...key, retryHash: hashDocument(event) } : key;
}

/** A trashed event as it is submitted again. */
export function replayEvent({ raw, request, receivedAt }: QuarantinedEvent): Submission {
  const text = Buffer.from(raw).toString();
  const reading = readingOf(parseEvent(parseJson(text)), isSynchronous(request));
  return submissionOf('webmarketer', reading, text, receivedAt.getTime());
}

/** Whether the client of a trashed event was told so. */
export function isSynchronous(request: Readonly<Record<string, unknown>>): boolean {
  return request.synchronous === true;
}

/** What the engine is told of an event. */
function prepareEvent(request: EventRequest, workspace: Workspace, receivedAt: number): Prepared {
  const occurredAt = request.eventDate ?? new Date(receivedAt);
  const type = workspace.eventTypes.byName('webmarketer', request.eventType);
  const definition = type && definitionOf(type);
  if (!type || !definition) return violate(request, occurredAt, undefined, [{ type: 'unknown-event-type' }]);
  if (type.archivedAt) return violate(request, occurredAt, type, [{ type: 'archived-event-type' }]);
  const phoneCountries = phoneCountriesOf(definition, workspace.settings.phoneCountries);
  const context = { phoneCountries, currency: workspace.currency, receivedAt: new Date(receivedAt) };
  const checked = checkFields(definition, request.data, context, occurredAt);
  if (checked.faults.length > 0) return violate(request, occurredAt, type, checked.faults);
  const identity = identifyUser(definition, checked.user, phoneCountries);
  const changes = attributesOf(checked.user);
  return {
    kind: 'event',
    nodeId: defaultNode(workspace, 'webmarketer').id,
    ...subjectOf(identity, request.trackerId),
    write: () => changes,
    unknownMembers: request.unknownMembers,
    places,
    event: {
      type: type.name,
      typeVersion: type.version,
      occurredAt: occurredAt.getTime(),
      sourceId: null,
      context: null,
      properties: request.data,
      detail: { ...detailOf(request, checked) },
      metrics: checked.metrics,
    },
  };
}

function detailOf({ nonce, trackerId }: EventRequest, checked: CheckedFields): EventDetail {
  const { event, user, invalidMetrics } = checked;
  return { nonce, trackerId, fields: { event, user, invalidMetrics } };
}

/**
 * B7: who shares a discriminant value is one user; else the tracker's user; else a new one. A tracker is bound to a user when
 * either is new: a known user on a known device joins nobody. Nor does who has another value of a field than the tracker's user
 * (ruling 13): a browser that two sign in at makes them no one.
 */
function subjectOf(
  { discriminants, contacts }: FieldIdentity,
  trackerId: string | null,
): Pick<EventItem, 'subject' | 'companions'> {
  const trackerKeys = trackerId === null ? [] : [{ kind: 'tracker' as const, value: trackerId }];
  if (discriminants.length === 0)
    return { subject: { keys: trackerKeys, contacts, anonymous: true, expects: 'any' } };
  const tracker: Companion = { keys: trackerKeys, binding: { when: 'when-new', follows: 'fields-agree' } };
  return {
    subject: { keys: discriminants, contacts, anonymous: false, expects: 'any', unitesKeys: true },
    ...(trackerId === null ? {} : { companions: [tracker] }),
  };
}

/** What checked user fields write to a profile; an invalid value leaves what it has. */
export function attributesOf(user: Readonly<Record<string, FieldValue>>): AttributeChanges {
  const changes: AttributeChanges = {};
  for (const storageKey of Object.keys(user)) {
    const value = user[storageKey]!;
    if (!value.invalid) changes[`fields.${storageKey}`] = value.current;
  }
  return changes;
}

function violate(
  request: EventRequest,
  occurredAt: Date,
  type: EventType | undefined,
  errors: TrashDetail['errors'],
): Prepared {
  const eventTypeId = (type && toObjectId(type.publicId)) ?? null;
  const detail: TrashDetail = { errors: errors.map(keepOrder), eventTypeId };
  const violation = { rule: errors[0]!.type, path: pathOf(errors[0]!), detail: { ...detail } };
  return { kind: 'violation', type: request.eventType, occurredAt: occurredAt.getTime(), violation };
}

/** The trash shows a value as it was sent; the store, which looks into documents, would sort the keys of one. */
function keepOrder(error: TrashDetail['errors'][number]): TrashDetail['errors'][number] {
  if (!('value' in error) || typeof error.value !== 'object' || error.value === null) return error;
  return { ...error, value: { json: JSON.stringify(error.value) } };
}

function pathOf(error: TrashDetail['errors'][number]): string {
  return 'field' in error ? pathOfField(error.field) : places.type;
}
