import {
  basePropertiesSchema,
  educationSchema,
  jobSchema,
  likeSchema,
  subscriptionSchema,
} from './base-properties.ts';
import { BASE_PROPERTY_NAMES } from './base-property-names.ts';
import { consentSchema, consentsSchema } from './consents.ts';
import { eventContexts, eventUserSchema } from './contexts.ts';
import { emptyExtendedPropertiesSchema } from './customer.ts';
import { buildEnumsDocument, type EventContextName } from './enums.ts';
import { eventPostSchema } from './event-body.ts';
import { eventTypes } from './event-types.ts';
import { DRAFT_07, type JsonSchema } from './json-schema.ts';
import { trackingSchema } from './tracking.ts';

function contextPath(context: EventContextName): string {
  return `event/context/${context.toLowerCase().replaceAll('_', '-')}.json`;
}

function* listDocuments(): Generator<[path: string, schema: JsonSchema]> {
  yield ['enums.json', buildEnumsDocument(BASE_PROPERTY_NAMES)];
  yield ['empty-extended-properties.json', emptyExtendedPropertiesSchema];
  yield ['base-property/base-properties.json', basePropertiesSchema];
  yield ['base-property/education.json', educationSchema];
  yield ['base-property/job.json', jobSchema];
  yield ['base-property/like.json', likeSchema];
  yield ['base-property/subscription.json', subscriptionSchema];
  yield ['consents/consents.json', consentsSchema];
  yield ['consents/consent.json', consentSchema];
  yield ['event/tracking.json', trackingSchema];
  yield ['event/user.json', eventUserSchema];
  for (const { id, contextInfoSchema } of eventContexts.values()) yield [contextPath(id), contextInfoSchema];
  for (const { type, propertiesSchema } of eventTypes.values()) {
    yield [`event/${type}.json`, { $schema: DRAFT_07, ...propertiesSchema }];
    yield [`event/${type}.post.json`, eventPostSchema(type, propertiesSchema)];
  }
}

/**
 * The schemas served below `/hub/v1/docs/schema/`, by their path there, with references relative to that folder
 * (see `references.ts`). `event/<type>.post.json` is the vendor's own name for the whole body; `event/<type>.json`
 * is ours, for the `properties` alone.
 */
export const schemaDocuments: ReadonlyMap<string, JsonSchema> = new Map(listDocuments());
