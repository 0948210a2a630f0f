import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { EVENT_TYPE_NAMES, type EventTypeName } from '../../documents/enums.ts';
import {
  boolean,
  closedObject,
  freeObject,
  integer,
  type JsonSchema,
  listOf,
  text,
} from '../../documents/json-schema.ts';
import { largestEventLimit, payloadLimit } from '../../documents/payload-limit.ts';
import { listPaging } from '../list-page.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const EventTypeParameters = Type.Object({ workspaceId, eventType: anyId });

export const SchemaQuery = queryObject({ resolveReferences: Type.Boolean({ default: false }) });

export const EventConfigurationsQuery = queryObject({
  resolveReferences: Type.Boolean({ default: false }),
  ...listPaging,
});

/** The body of PUT of an event's configuration: `enabled` is written, all else may be repeated as replies show it. */
export const eventConfigurationBody: JsonSchema = closedObject({
  id: text,
  type: text,
  enabled: boolean,
  mode: text,
  label: text,
  description: text,
  propertiesSchema: freeObject,
});

export interface EventConfigurationBody {
  readonly enabled?: boolean;
  readonly [repeated: string]: unknown;
}

export const stateBody: JsonSchema = closedObject({ value: boolean }, ['value']);

export interface StateBody {
  readonly value: boolean;
}

/** A map from event types. */
function byEventType(one: JsonSchema): JsonSchema {
  return closedObject(Object.fromEntries(EVENT_TYPE_NAMES.map((type) => [type, one])));
}

export const consentPolicyBody = byEventType(listOf(text));

export type ConsentPolicyBody = Partial<Record<EventTypeName, readonly string[]>>;

export const payloadSizeBody = byEventType(
  closedObject({ maxBytes: { ...integer, minimum: payloadLimit, maximum: largestEventLimit } }),
);

export type PayloadSizeBody = Partial<Record<EventTypeName, { readonly maxBytes?: number }>>;
