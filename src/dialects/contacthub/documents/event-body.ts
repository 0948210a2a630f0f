import { bringBackSchema } from './bring-back.ts';
import { EVENT_ORIGINS, type EventTypeName, enumReference } from './enums.ts';
import {
  choice,
  closedObject,
  DRAFT_07,
  dateTime,
  freeObject,
  integer,
  type JsonSchema,
  nullable,
  reference,
  uuid,
} from './json-schema.ts';

const customerId: JsonSchema = { type: 'string', pattern: '^.+$' };

const envelope = {
  customerId,
  bringBackProperties: nullable(bringBackSchema),
  type: enumReference('EventType'),
  context: enumReference('EventContext'),
  date: dateTime,
  contextInfo: freeObject,
  tracking: nullable(reference('event/tracking.json')),
  properties: freeObject,
} as const satisfies Record<string, JsonSchema>;

/** Given by the system, or fixed at creation; a write of an existing event may repeat them, as replies show them. */
const generated = {
  customerId: nullable(customerId),
  id: uuid,
  origin: nullable(choice(EVENT_ORIGINS)),
  registeredAt: nullable(dateTime),
  updatedAt: nullable(dateTime),
  version: nullable(integer),
} as const satisfies Record<string, JsonSchema>;

const required = ['type', 'context', 'properties'];

export type EventBodyKind = 'create' | 'patch' | 'replace';

/** In a PATCH they may be null: nothing of them is left then. */
const clearable = {
  contextInfo: nullable(freeObject),
  properties: nullable(freeObject),
} as const satisfies Record<string, JsonSchema>;

/** The bodies of POST (`create`), PATCH and PUT (`replace`) of an event, without what its type and context demand. */
export const eventBodySchemas: Readonly<Record<EventBodyKind, JsonSchema>> = {
  create: { $schema: DRAFT_07, ...closedObject(envelope, required) },
  patch: { $schema: DRAFT_07, ...closedObject({ ...envelope, ...generated, ...clearable }) },
  replace: { $schema: DRAFT_07, ...closedObject({ ...envelope, ...generated }, required) },
};

/** The whole body of POST for one event type, the form in which the vendor serves `event/<type>.post.json`. */
export function eventPostSchema(type: EventTypeName, propertiesSchema: JsonSchema): JsonSchema {
  const properties = { ...envelope, type: choice([type]), properties: propertiesSchema };
  return { $schema: DRAFT_07, ...closedObject(properties, required) };
}
