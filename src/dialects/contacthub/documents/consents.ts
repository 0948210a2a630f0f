import { baseText } from './base-properties.ts';
import {
  boolean,
  closedObject,
  DRAFT_07,
  dateTime,
  type JsonSchema,
  nullable,
  reference,
} from './json-schema.ts';

/** One consent: given or not, limited, objected to. Served as `consents/consent.json`. */
export const consentSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({
    status: nullable(boolean),
    limitation: nullable(boolean),
    objection: nullable(boolean),
  }),
};

const consent = nullable(reference('consents/consent.json'));

function consentGroup(names: readonly string[]): JsonSchema {
  return nullable(closedObject(Object.fromEntries(names.map((name) => [name, consent]))));
}

/** What a customer agreed to. Null is allowed on every level. Served as `consents/consents.json`. */
export const consentsSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({
    disclaimer: nullable(closedObject({ date: nullable(dateTime), version: baseText })),
    marketing: nullable(
      closedObject({
        traditional: consentGroup(['telephonic', 'papery']),
        automatic: consentGroup(['sms', 'email', 'push', 'im', 'telephonic']),
      }),
    ),
    profiling: consentGroup(['classic', 'online']),
    softSpam: consentGroup(['email', 'papery']),
    thirdPartyTransfer: consentGroup(['profiling', 'marketing']),
  }),
};
