import { CAMPAIGN_CHANNELS, CAMPAIGN_CHANNELS_WITH_MESSAGING, enumReference } from './enums.ts';
import {
  choice,
  closedObject,
  dateTime,
  freeObject,
  integer,
  type JsonSchema,
  listOf,
  nullable,
  number,
  openObject,
  reference,
  type SchemaProperties,
  text,
  uri,
  url,
} from './json-schema.ts';

/** What one event type says of itself: a sentence, and the schema of its `properties`. */
export interface EventSchema {
  readonly description: string;
  readonly propertiesSchema: JsonSchema;
}

/** Null or an object that the workspace's own schema describes (the empty one until there is such a schema). */
export const extended: JsonSchema = nullable(reference('empty-extended-properties.json'));

/**
 * A closed schema of event properties. `extraProperties` and `extended` are allowed in every one of them
 * (docs/spec/contacthub.md C).
 */
export function eventSchema(
  description: string,
  properties: SchemaProperties,
  required: readonly string[] = [],
): EventSchema {
  const all = { ...properties, extraProperties: freeObject, extended };
  return { description, propertiesSchema: { description, ...closedObject(all, required) } };
}

export const classifications: JsonSchema = listOf(closedObject({ key: text, value: text }, ['key', 'value']));

/** What every form of product has, reviews included. */
export const reviewedProductProperties: SchemaProperties = {
  id: text,
  sku: text,
  name: text,
  price: number,
  imageUrl: uri,
  linkUrl: uri,
  shortDescription: text,
  category: listOf(text),
  classifications,
};

/** P: the product base. */
export const productProperties: SchemaProperties = {
  ...reviewedProductProperties,
  vendor: nullable(text),
  weight: nullable(number),
  itemQuantity: nullable(number),
};

/** A product that was left behind in a session. Its links are `url` where those of P are `uri`. */
export const abandonedProduct: JsonSchema = closedObject({
  ...productProperties,
  imageUrl: url,
  linkUrl: url,
  unitOfMeasure: nullable(text),
});

/** OL: one line of an order or of a cart. */
export const orderLine: JsonSchema = closedObject({
  ...productProperties,
  imageUrl: url,
  linkUrl: url,
  discount: number,
  quantity: number,
  subtotal: number,
  tax: number,
  type: choice(['sale', 'return']),
  orderLineId: integer,
  coupon: text,
  unitOfMeasure: nullable(text),
  extended,
});

/** AM: the sums of an order. `exchangeRate` is from the workspace's currency to the local one. */
export const orderAmount: JsonSchema = closedObject({
  total: number,
  revenue: number,
  shipping: number,
  tax: number,
  discount: number,
  local: closedObject({ currency: enumReference('Currency'), exchangeRate: number }),
});

export const channel: JsonSchema = choice(CAMPAIGN_CHANNELS);
export const channelWithMessaging: JsonSchema = choice(CAMPAIGN_CHANNELS_WITH_MESSAGING);

/** CA: a campaign. */
export const campaignProperties: SchemaProperties = {
  subscriberId: text,
  campaignSubject: text,
  campaignId: text,
  campaignName: text,
  campaignTags: listOf(text),
  listName: text,
  listId: text,
  mailDomain: text,
  userdbId: integer,
  recipient: text,
  sendImmediateId: text,
  channel,
};

/** CAd: a campaign and the device that it was seen on. The flags are integers at the vendor. */
export const campaignOnDeviceProperties: SchemaProperties = {
  ...campaignProperties,
  isWirelessDevice: integer,
  isMobile: integer,
  isTablet: integer,
};

const eventAddress: JsonSchema = nullable(
  closedObject({
    street: nullable(text),
    city: nullable(text),
    country: nullable(text),
    province: nullable(text),
    region: nullable(text),
    zip: nullable(text),
    geo: nullable(enumReference('GeographicLocation')),
  }),
);

const LOCATION_TYPES = [
  'STORE',
  'VENUE',
  'STADIUM',
  'MUSEUM',
  'HEADQUARTERS',
  'PALACE',
  'CLUB',
  'ROOM',
  'OTHER',
];

const location: SchemaProperties = {
  // The vendor's schema has null among the types, but not among the values: null is refused.
  type: { ...choice(LOCATION_TYPES), type: ['string', 'null'] },
  id: text,
  name: text,
  address: eventAddress,
};

/** EV: an occasion that customers are invited to. */
export const occasionProperties: SchemaProperties = {
  eventId: text,
  eventName: text,
  eventDate: dateTime,
  eventType: text,
  eventLocation: nullable(openObject(location)),
};

/** EV of who was not invited, the one type whose location takes no further keys. */
export const closedOccasionProperties: SchemaProperties = {
  ...occasionProperties,
  eventLocation: nullable(closedObject(location)),
};

/** SV: a service that is subscribed to. */
export const serviceProperties: SchemaProperties = {
  subscriberId: text,
  serviceId: text,
  serviceName: text,
  serviceType: text,
  startDate: dateTime,
  endDate: dateTime,
};
