import { type BasePropertyName, baseProperties } from './base-property-names.ts';
import {
  enumReference,
  geographicLocationSchema,
  MOBILE_DEVICE_TYPES,
  NOTIFICATION_SERVICES,
  OTHER_CONTACT_TYPES,
  SCHOOL_TYPES,
  SUBSCRIPTION_KINDS,
} from './enums.ts';
import {
  boolean,
  calendarDate,
  choice,
  closedObject,
  DRAFT_07,
  dateTime,
  email,
  freeObject,
  integer,
  type JsonSchema,
  limitedText,
  listOf,
  nullable,
  reference,
  type SchemaProperties,
} from './json-schema.ts';

/** The longest string of a base property, unless said otherwise. In characters, like every limit here. */
export const BASE_TEXT_LIMIT = 255;
const STREET_LIMIT = 500;
const PICTURE_URL_LIMIT = 1000;

/** A base string: null and anything up to 255 characters. */
export const baseText: JsonSchema = nullable(limitedText(BASE_TEXT_LIMIT));

const itemId: JsonSchema = { type: 'string', minLength: 1, maxLength: BASE_TEXT_LIMIT };

/** Puts the label and the description of a toggleable property on its schema, as `models/properties/base` shows them. */
function labelled(name: BasePropertyName, schema: JsonSchema): JsonSchema {
  const definition = baseProperties.get(name);
  if (definition === undefined) throw new Error(`no such base property: ${name}`);
  const { label, description } = definition;
  return { description, ...schema, contactlabProperties: { label, enabled: true } };
}

/** Labels every property of a nested object: `city` of `address` is the toggleable `address.city`. */
function labelledTexts(
  parent: 'address' | 'contacts' | 'credential' | 'socialProfile',
  keys: readonly string[],
) {
  const labelledText = (key: string) => labelled(`${parent}.${key}` as BasePropertyName, baseText);
  return Object.fromEntries(keys.map((key) => [key, labelledText(key)]));
}

/** Served as `base-property/education.json`. */
export const educationSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({
    id: itemId,
    schoolType: nullable(choice(SCHOOL_TYPES)),
    schoolName: baseText,
    schoolConcentration: baseText,
    startYear: nullable(integer),
    endYear: nullable(integer),
    isCurrent: nullable(boolean),
  }),
};

/** Served as `base-property/like.json`. */
export const likeSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({ id: itemId, category: baseText, name: baseText, createdTime: nullable(dateTime) }),
};

/** Served as `base-property/job.json`. */
export const jobSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({
    id: itemId,
    companyIndustry: baseText,
    companyName: baseText,
    jobTitle: baseText,
    startDate: nullable(calendarDate),
    endDate: nullable(calendarDate),
    isCurrent: nullable(boolean),
  }),
};

/**
 * A subscription's id: letters, digits, `_`, `-` and space; the first a letter or digit, the last no space. Two
 * classes side by side cannot backtrack beyond the length of the id.
 */
const SUBSCRIPTION_ID_PATTERN = '^[\\p{L}\\p{N}]([\\p{L}\\p{N}_ -]*[\\p{L}\\p{N}_-])?$';

/**
 * Served as `base-property/subscription.json`. `preferences` and `enable` are of older versions; clients still
 * send them.
 */
export const subscriptionSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject(
    {
      id: { ...itemId, pattern: SUBSCRIPTION_ID_PATTERN },
      name: baseText,
      type: baseText,
      kind: nullable(choice(SUBSCRIPTION_KINDS)),
      subscribed: boolean,
      startDate: nullable(dateTime),
      endDate: nullable(dateTime),
      subscriberId: baseText,
      registeredAt: nullable(dateTime),
      updatedAt: nullable(dateTime),
      subscribeContext: nullable(freeObject),
      unsubscribeContext: nullable(freeObject),
      preferences: listOf(closedObject({ key: baseText, value: baseText })),
      enable: nullable(boolean),
    },
    ['id', 'subscribed'],
  ),
};

const contacts: SchemaProperties = {
  email: labelled('contacts.email', nullable({ ...email, maxLength: BASE_TEXT_LIMIT })),
  ...labelledTexts('contacts', ['fax', 'mobilePhone', 'phone']),
  otherContacts: labelled(
    'contacts.otherContacts',
    listOf(closedObject({ name: baseText, type: nullable(choice(OTHER_CONTACT_TYPES)), value: baseText })),
  ),
  mobileDevices: labelled(
    'contacts.mobileDevices',
    listOf(
      closedObject({
        identifier: baseText,
        appId: baseText,
        name: baseText,
        type: nullable(choice(MOBILE_DEVICE_TYPES)),
        notificationService: nullable(choice(NOTIFICATION_SERVICES)),
      }),
    ),
  ),
};

const address: SchemaProperties = {
  street: labelled('address.street', nullable(limitedText(STREET_LIMIT))),
  ...labelledTexts('address', ['city', 'country', 'province', 'region', 'zip']),
  geo: labelled('address.geo', nullable(geographicLocationSchema)),
};

/** The vendor's closed `base` object. Served as `base-property/base-properties.json`. */
export const basePropertiesSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({
    pictureUrl: labelled(
      'pictureUrl',
      nullable({ type: 'string', format: 'url', maxLength: PICTURE_URL_LIMIT }),
    ),
    title: labelled('title', baseText),
    prefix: labelled('prefix', baseText),
    firstName: labelled('firstName', baseText),
    lastName: labelled('lastName', baseText),
    middleName: labelled('middleName', baseText),
    gender: labelled('gender', baseText),
    dob: labelled('dob', nullable(calendarDate)),
    locale: labelled(
      'locale',
      nullable({ type: 'string', maxLength: 11, pattern: '^[a-z]{2}(_([a-zA-Z]{2}){1,2})?_[A-Z]{2}$' }),
    ),
    timezone: labelled('timezone', nullable(enumReference('Timezone'))),
    contacts: labelled('contacts', nullable(closedObject(contacts))),
    address: labelled('address', nullable(closedObject(address))),
    credential: labelled(
      'credential',
      nullable(closedObject(labelledTexts('credential', ['username', 'password']))),
    ),
    educations: labelled('educations', listOf(reference('base-property/education.json'))),
    likes: labelled('likes', listOf(reference('base-property/like.json'))),
    socialProfile: labelled(
      'socialProfile',
      nullable(
        closedObject(
          labelledTexts('socialProfile', ['facebook', 'google', 'instagram', 'linkedin', 'qzone', 'twitter']),
        ),
      ),
    ),
    jobs: labelled('jobs', listOf(reference('base-property/job.json'))),
    subscriptions: labelled('subscriptions', listOf(reference('base-property/subscription.json'))),
  }),
};
