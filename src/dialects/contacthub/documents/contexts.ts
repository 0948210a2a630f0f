import { EVENT_CONTEXT_NAMES, type EventContextName, enumReference } from './enums.ts';
import {
  choice,
  closedObject,
  DRAFT_07,
  email,
  type JsonSchema,
  nullable,
  reference,
  type SchemaProperties,
  text,
} from './json-schema.ts';

/** One built-in context. `contextInfoSchema` holds references relative to `/docs/schema/`. */
export interface EventContextDefinition {
  readonly id: EventContextName;
  readonly label: string;
  readonly description: string;
  readonly contextInfoSchema: JsonSchema;
}

const contactDetails = nullable(
  closedObject({ email: nullable(email), mobilePhone: nullable(text), phone: nullable(text) }),
);

/** Who used the customer's account or device. Served as `event/user.json`. */
export const eventUserSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject(
    {
      id: text,
      externalId: nullable(text),
      username: nullable(text),
      firstName: nullable(text),
      lastName: nullable(text),
      contacts: contactDetails,
    },
    ['id'],
  ),
};

const client = closedObject({
  userAgent: nullable(text),
  ip: { type: 'string', format: 'ipv4' },
  localization: nullable(
    closedObject({
      city: text,
      country: text,
      region: text,
      province: text,
      zip: text,
      // Unlike every other place, the coordinates of a client are not required together.
      geo: closedObject({
        lat: { type: 'number', minimum: -90, maximum: 90 },
        lon: { type: 'number', minimum: -180, maximum: 180 },
      }),
    }),
  ),
});

const device = closedObject({
  bundleIdentifier: text,
  versionNumber: text,
  buildNumber: text,
  identifierForVendor: text,
  systemVersion: text,
  model: text,
  deviceVendor: text,
  locale: text,
  language: text,
});

const STORE_TYPES = [
  'AIRPORT',
  'ECOMMERCE',
  'FLAGSHIP',
  'FREE-STANDING',
  'MALL',
  'OUTLET',
  'RESORT',
  'SIS',
  'WAREHOUSE',
  'NOT-DEFINED',
];

const store = closedObject({
  id: text,
  name: text,
  type: choice(STORE_TYPES),
  street: text,
  city: text,
  country: text,
  province: text,
  region: text,
  zip: text,
  geo: enumReference('GeographicLocation'),
  website: text,
});

const salesAssistant = nullable(
  closedObject({ id: text, firstName: nullable(text), lastName: nullable(text), contacts: contactDetails }, [
    'id',
  ]),
);

function contextInfo(special: SchemaProperties = {}): JsonSchema {
  return {
    $schema: DRAFT_07,
    ...closedObject({ client, ...special, user: reference('event/user.json') }),
  };
}

const contexts: Readonly<Record<EventContextName, Omit<EventContextDefinition, 'id'>>> = {
  WEB: { label: 'Web', description: 'What happens on a web site.', contextInfoSchema: contextInfo() },
  MOBILE: {
    label: 'Mobile',
    description: 'What happens in an app on a mobile device.',
    contextInfoSchema: contextInfo({ device }),
  },
  ECOMMERCE: {
    label: 'E-commerce',
    description: 'What happens in an online store.',
    contextInfoSchema: contextInfo({ store }),
  },
  RETAIL: {
    label: 'Retail',
    description: 'What happens in a physical store.',
    contextInfoSchema: contextInfo({ store, salesAssistant }),
  },
  SOCIAL: {
    label: 'Social',
    description: 'What happens on a social network.',
    contextInfoSchema: contextInfo(),
  },
  DIGITAL_CAMPAIGN: {
    label: 'Digital campaign',
    description: 'What happens around a message sent to customers.',
    contextInfoSchema: contextInfo(),
  },
  CONTACT_CENTER: {
    label: 'Contact center',
    description: 'What happens between a customer and the customer service.',
    contextInfoSchema: contextInfo(),
  },
  IOT: { label: 'IoT', description: 'What happens at a connected device.', contextInfoSchema: contextInfo() },
  OTHER: {
    label: 'Other',
    description: 'What happens anywhere else.',
    contextInfoSchema: contextInfo(),
  },
};

/** The nine contexts by name, in the order of the vendor's page. */
export const eventContexts: ReadonlyMap<EventContextName, EventContextDefinition> = new Map(
  EVENT_CONTEXT_NAMES.map((id) => [id, { id, ...contexts[id] }]),
);
