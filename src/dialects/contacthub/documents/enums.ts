import { CURRENCY_CODES } from './currencies.ts';
import { choice, closedObject, DRAFT_07, type JsonSchema, reference } from './json-schema.ts';
import { TIME_ZONE_NAMES } from './time-zones.ts';

/** The 48 event types, in the order of the vendor's page. */
export const EVENT_TYPE_NAMES = [
  'abandonedCart',
  'abandonedSession',
  'addedCompare',
  'addedProduct',
  'addedReward',
  'addedWishlist',
  'campaignBlacklisted',
  'campaignBounced',
  'campaignLinkClicked',
  'campaignMarkedSpam',
  'campaignOpened',
  'campaignOptinRequested',
  'campaignSent',
  'campaignSubscribed',
  'campaignUnsubscribed',
  'changedSetting',
  'clickedLink',
  'closedTicket',
  'completedOrder',
  'eventConfirmed',
  'eventDeclined',
  'eventEligible',
  'eventInvited',
  'eventNoShow',
  'eventNotInvited',
  'eventParticipated',
  'eventRegistered',
  'formCompiled',
  'genericActiveEvent',
  'genericPassiveEvent',
  'grantedCoupon',
  'loggedIn',
  'loggedOut',
  'openedTicket',
  'orderShipped',
  'removedCompare',
  'removedProduct',
  'removedReward',
  'removedWishlist',
  'repliedTicket',
  'reviewedProduct',
  'searched',
  'serviceSubscribed',
  'serviceUnsubscribed',
  'surveyCompiled',
  'viewedPage',
  'viewedProduct',
  'viewedProductCategory',
] as const;

export type EventTypeName = (typeof EVENT_TYPE_NAMES)[number];

export const EVENT_CONTEXT_NAMES = [
  'WEB',
  'MOBILE',
  'ECOMMERCE',
  'RETAIL',
  'SOCIAL',
  'DIGITAL_CAMPAIGN',
  'CONTACT_CENTER',
  'IOT',
  'OTHER',
] as const;

export type EventContextName = (typeof EVENT_CONTEXT_NAMES)[number];

export const EVENT_MODES = ['ACTIVE', 'PASSIVE'] as const;
export type EventMode = (typeof EVENT_MODES)[number];

export const EVENT_ORIGINS = ['NATIVE', 'DUPLICATE'] as const;
export type EventOrigin = (typeof EVENT_ORIGINS)[number];

export const BRING_BACK_TYPES = ['SESSION_ID', 'EXTERNAL_ID'] as const;
export type BringBackType = (typeof BRING_BACK_TYPES)[number];

export const CAMPAIGN_CHANNELS = ['SMS', 'EMAIL', 'PUSH', 'FAX'] as const;
export const CAMPAIGN_CHANNELS_WITH_MESSAGING = [...CAMPAIGN_CHANNELS, 'IM'] as const;

export const SUBSCRIPTION_KINDS = ['DIGITAL_MESSAGE', 'SERVICE', 'OTHER'] as const;
export type SubscriptionKind = (typeof SUBSCRIPTION_KINDS)[number];

export const SCHOOL_TYPES = [
  'PRIMARY_SCHOOL',
  'SECONDARY_SCHOOL',
  'HIGH_SCHOOL',
  'COLLEGE',
  'OTHER',
] as const;
export type SchoolType = (typeof SCHOOL_TYPES)[number];

export const OTHER_CONTACT_TYPES = ['MOBILE', 'PHONE', 'EMAIL', 'FAX', 'OTHER'] as const;
export type OtherContactType = (typeof OTHER_CONTACT_TYPES)[number];

export const MOBILE_DEVICE_TYPES = ['IOS', 'ANDROID', 'WINDOWS_PHONE', 'FIREOS'] as const;
export type MobileDeviceType = (typeof MOBILE_DEVICE_TYPES)[number];

export const NOTIFICATION_SERVICES = ['APN', 'GCM', 'WNS', 'ADM', 'SNS'] as const;
export type NotificationService = (typeof NOTIFICATION_SERVICES)[number];

/** A point on the earth; both coordinates are required (docs/spec/contacthub.md B). */
export const geographicLocationSchema: JsonSchema = closedObject(
  {
    lat: { type: 'number', minimum: -90, maximum: 90 },
    lon: { type: 'number', minimum: -180, maximum: 180 },
  },
  ['lat', 'lon'],
);

const eventTypeNames: ReadonlySet<unknown> = new Set(EVENT_TYPE_NAMES);
const eventContextNames: ReadonlySet<unknown> = new Set(EVENT_CONTEXT_NAMES);

export function isEventTypeName(value: unknown): value is EventTypeName {
  return eventTypeNames.has(value);
}

export function isEventContextName(value: unknown): value is EventContextName {
  return eventContextNames.has(value);
}

/** Refers to one definition of `enums.json`. */
export function enumReference(name: string): JsonSchema {
  return reference(`enums.json#/definitions/${name}`);
}

/** Builds the document `enums.json`. `basePropertyNames` is given, since the base properties refer to this file. */
export function buildEnumsDocument(basePropertyNames: readonly string[]): JsonSchema {
  return {
    $schema: DRAFT_07,
    type: 'object',
    definitions: {
      EventType: choice(EVENT_TYPE_NAMES),
      EventContext: choice(EVENT_CONTEXT_NAMES),
      EventBringBackProperties: closedObject(
        {
          type: choice(BRING_BACK_TYPES),
          value: { type: 'string', minLength: 1 },
          nodeId: { type: 'string', minLength: 1 },
        },
        ['type', 'value', 'nodeId'],
      ),
      Currency: choice(CURRENCY_CODES),
      Timezone: choice(TIME_ZONE_NAMES),
      BaseProperty: choice(basePropertyNames),
      GeographicLocation: geographicLocationSchema,
    },
  };
}
