import { BASE_TEXT_LIMIT } from './base-properties.ts';
import {
  boolean,
  closedObject,
  DRAFT_07,
  dateTime,
  freeObject,
  integer,
  type JsonSchema,
  limitedText,
  listOf,
  nullable,
  reference,
  text,
  uuid,
} from './json-schema.ts';

/** The longest that all tags of one kind may be together, in characters. */
const TAGS_LIMIT = 1000;

const tagList: JsonSchema = { ...listOf(text), maxTotalLength: TAGS_LIMIT };

/** Given by the system, or fixed at creation. A write may repeat them; whether they are equal is the routes' to check. */
export const IMMUTABLE_CUSTOMER_KEYS = [
  'id',
  'nodeId',
  'intId',
  'version',
  'sourceInfo',
  'registeredAt',
  'updatedAt',
  'deleted',
] as const;

const customerProperties = {
  id: uuid,
  intId: nullable(integer),
  externalId: nullable(limitedText(BASE_TEXT_LIMIT)),
  nodeId: uuid,
  base: nullable(reference('base-property/base-properties.json')),
  consents: nullable(reference('consents/consents.json')),
  extended: nullable(reference('empty-extended-properties.json')),
  extra: nullable(text),
  tags: nullable(closedObject({ auto: tagList, manual: tagList })),
  enabled: boolean,
  registeredAt: nullable(dateTime),
  updatedAt: nullable(dateTime),
  version: nullable(integer),
  deleted: { type: 'integer', enum: [-1, 0, 1] },
  sourceInfo: nullable(freeObject),
} as const satisfies Record<string, JsonSchema>;

export type CustomerBodyKind = 'create' | 'patch' | 'replace';

/** The bodies of POST (`create`), PATCH and PUT (`replace`) of a customer. POST and PUT need the node. */
export const customerBodySchemas: Readonly<Record<CustomerBodyKind, JsonSchema>> = {
  create: { $schema: DRAFT_07, ...closedObject(customerProperties, ['nodeId']) },
  patch: { $schema: DRAFT_07, ...closedObject(customerProperties) },
  replace: { $schema: DRAFT_07, ...closedObject(customerProperties, ['nodeId']) },
};

/** The body of POST `customers/{customerId}/sessions` (docs/spec/contacthub.md, ruling 7). */
export const sessionSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({ value: { type: 'string', minLength: 1, maxLength: BASE_TEXT_LIMIT } }, ['value']),
};

/** The form of `extended` while a workspace has no schema of its own: any object. */
export const emptyExtendedPropertiesSchema: JsonSchema = {
  $schema: DRAFT_07,
  type: 'object',
  properties: {},
};
