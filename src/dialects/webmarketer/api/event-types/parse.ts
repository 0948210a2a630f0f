import { findUnstorable } from '../../../../core/event/storable.ts';
import { isRetention, maximumRetentionDays } from '../../../../core/retention/retention-days.ts';
import {
  type EventTypeDefinition,
  type ExpirationPolicy,
  type FieldDefinition,
  type FieldEntity,
  fieldEntities,
  findDefinitionFault,
  maximumNameLength,
  maximumReferenceLength,
  type PhoneCountry,
  referencePattern,
} from '../../definition/definition.ts';
import { FIELD_TYPE_NAMES, type FieldTypeName } from '../../field-type/field-type.ts';
import { type EventTypeOrder, eventTypeOrders } from '../../query/event-types.ts';
import { invalid, parseFlag, parseObject, requireText } from '../parse.ts';

export interface NewEventType {
  readonly reference: string;
  readonly definition: EventTypeDefinition;
}

/** @throws RequestError `invalid-request` */
export function parseNewEventType(body: unknown): NewEventType {
  const type = parseObject(body, 'body');
  const reference = requireText(type.reference, 'reference', maximumReferenceLength);
  if (!referencePattern.test(reference)) throw invalid(`reference must match ${referencePattern}`);
  const empty: EventTypeDefinition = {
    name: requireText(type.name, 'name', maximumNameLength),
    fields: [],
    metadata: {},
    phoneParsingConfig: null,
    expirationPolicy: null,
    attributable: true,
  };
  return { reference, definition: applyChanges(type, empty) };
}

/** C9: the reference stays; it may be sent along. @throws RequestError `invalid-request` */
export function parseEventTypeChange(
  body: unknown,
  reference: string,
): (definition: EventTypeDefinition) => EventTypeDefinition {
  const change = parseObject(body, 'body');
  if (change.reference !== undefined && change.reference !== reference)
    throw invalid('reference cannot be changed');
  return (definition) => applyChanges(change, definition);
}

/** What is absent, or null as clients send it for absent, stays as it is. `fields` is replaced whole. */
function applyChanges(change: Record<string, unknown>, definition: EventTypeDefinition): EventTypeDefinition {
  const given = (name: string) => change[name] !== undefined && change[name] !== null;
  const changed: EventTypeDefinition = {
    name: given('name') ? requireText(change.name, 'name', maximumNameLength) : definition.name,
    fields: given('fields') ? parseList(change.fields, 'fields').map(parseField) : definition.fields,
    metadata: given('metadata') ? parseMetadata(change.metadata) : definition.metadata,
    phoneParsingConfig: given('phoneParsingConfig')
      ? parseList(change.phoneParsingConfig, 'phoneParsingConfig').map(parsePhoneCountry)
      : definition.phoneParsingConfig,
    expirationPolicy: given('expirationPolicy')
      ? parseExpirationPolicy(change.expirationPolicy)
      : definition.expirationPolicy,
    attributable: parseFlag(change.attributable ?? undefined, 'attributable') ?? definition.attributable,
  };
  const fault = findDefinitionFault(changed);
  if (fault) throw invalid(fault);
  return changed;
}

function parseField(value: unknown, index: number): FieldDefinition {
  const name = (key: string) => `fields.${index}.${key}`;
  const field = parseObject(value, `fields.${index}`);
  const entity = parseEntity(field.entity, name('entity'));
  // The vendor's client has a shorthand that means both keys (B1).
  const storageKey = requireText(field.storageKey ?? field.key, name('storageKey'), 64);
  const ingestionKey = field.ingestionKey ?? field.key ?? null;
  const flag = (key: string) => parseFlag(field[key] ?? undefined, name(key)) ?? false;
  return {
    type: parseFieldType(field.type ?? (entity === 'state' ? 'state' : undefined), name('type')),
    entity,
    storageKey,
    ingestionKey: ingestionKey === null ? null : requireText(ingestionKey, name('ingestionKey'), 200),
    discriminant: flag('discriminant'),
    isPii: flag('isPii'),
    isMostProbableLocation: flag('isMostProbableLocation'),
    optional: flag('optional'),
  };
}

function parseFieldType(value: unknown, name: string): FieldTypeName {
  const type = FIELD_TYPE_NAMES.find((known) => known === value);
  if (!type) throw invalid(`${name} must be one of the following values: ${FIELD_TYPE_NAMES.join(', ')}`);
  return type;
}

/** C11: the vendor's client says `event-type` for what its samples call `event`. */
function parseEntity(value: unknown, name: string): FieldEntity {
  const entity = value === 'event-type' ? 'event' : fieldEntities.find((known) => known === value);
  if (!entity) throw invalid(`${name} must be one of the following values: ${fieldEntities.join(', ')}`);
  return entity;
}

function parseMetadata(value: unknown): Record<string, unknown> {
  const metadata = parseObject(value, 'metadata');
  if (findUnstorable(metadata)) throw invalid('metadata must be storable JSON');
  return metadata;
}

function parsePhoneCountry(value: unknown, index: number): PhoneCountry {
  const name = `phoneParsingConfig.${index}`;
  const { order = index + 1, countryCode } = parseObject(value, name);
  if (typeof order !== 'number' || !Number.isSafeInteger(order))
    throw invalid(`${name}.order must be an integer number`);
  return { order, countryCode: requireText(countryCode, `${name}.countryCode`, 2) };
}

/** B12: without a duration, never; the vendor's client leaves nulls out. */
function parseExpirationPolicy(value: unknown): ExpirationPolicy {
  const { from, retentionDurationInDays: days = null } = parseObject(value, 'expirationPolicy');
  if (from !== 'project' && from !== 'event-type')
    throw invalid('expirationPolicy.from must be one of the following values: project, event-type');
  if (days !== null && !isRetention(days))
    throw invalid(
      `expirationPolicy.retentionDurationInDays must be null or an integer from 1 to ${maximumRetentionDays}`,
    );
  return { from, retentionDurationInDays: days };
}

/** `name,-createdAt`; newest first unless said. @throws RequestError `invalid-request` */
export function parseSort(text: string | undefined): { by: EventTypeOrder; descending: boolean }[] {
  if (text === undefined || text === '') return [{ by: 'createdAt', descending: true }];
  return text.split(',', eventTypeOrders.length + 1).map((part) => {
    const descending = part.startsWith('-');
    const name = descending ? part.slice(1) : part;
    const by = eventTypeOrders.find((known) => known === name);
    if (!by) throw invalid(`sort must be made of the following values: ${eventTypeOrders.join(', ')}`);
    return { by, descending };
  });
}

function parseList(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw invalid(`${name} must be an array`);
  return value;
}
