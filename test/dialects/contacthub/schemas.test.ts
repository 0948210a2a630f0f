import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BASE_PROPERTY_NAMES,
  baseProperties,
} from '../../../src/dialects/contacthub/documents/base-property-names.ts';
import { eventContexts } from '../../../src/dialects/contacthub/documents/contexts.ts';
import { customerBodySchemas } from '../../../src/dialects/contacthub/documents/customer.ts';
import { formatVendorDate, parseVendorDate } from '../../../src/dialects/contacthub/documents/dates.ts';
import { schemaDocuments } from '../../../src/dialects/contacthub/documents/documents.ts';
import {
  EVENT_TYPE_NAMES,
  isEventContextName,
  isEventTypeName,
} from '../../../src/dialects/contacthub/documents/enums.ts';
import {
  CONFIRMED_EVENT_MODES,
  INFERRED_EVENT_MODES,
} from '../../../src/dialects/contacthub/documents/event-modes.ts';
import { eventTypes } from '../../../src/dialects/contacthub/documents/event-types.ts';
import type { JsonSchema } from '../../../src/dialects/contacthub/documents/json-schema.ts';
import {
  presentSchemaDocument,
  resolveReferences,
  withAbsoluteReferences,
} from '../../../src/dialects/contacthub/documents/references.ts';
import {
  type SchemaError,
  validateContextInfo,
  validateCustomer,
  validateEducation,
  validateEventBody,
  validateEventProperties,
  validateExtended,
  validateJob,
  validateLike,
  validateNewEvent,
  validateSession,
  validateSubscription,
  validateTracking,
} from '../../../src/dialects/contacthub/documents/validate.ts';
import { fastest } from '../../helpers/fastest.ts';

const NODE_ID = '959356e3-6168-4a92-b4a5-b9d462be6177';

const SAMPLE_TEXTS: Readonly<Record<string, string>> = {
  date: '1980-02-29',
  'date-time': '2017-03-10T00:00:00.000Z',
  email: 'donald.duck@example.com',
  ipv4: '192.0.2.1',
  uri: 'app://shop/1',
  url: 'https://example.com/a?b=c#d',
  uuid: NODE_ID,
};

/** A value with every key that the resolved schema knows. */
function buildSample(schema: JsonSchema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'object') {
    const entries = Object.entries(schema.properties ?? {});
    if (entries.length === 0) return { anything: [1, { goes: true }] };
    return Object.fromEntries(entries.map(([name, nested]) => [name, buildSample(nested)]));
  }
  if (type === 'array') return schema.items === undefined ? [] : [buildSample(schema.items)];
  if (type === 'boolean') return true;
  if (type === 'number') return 1.5;
  if (type === 'integer') return 2;
  if (schema.pattern?.startsWith('^[a-z]{2}')) return 'it_IT';
  return SAMPLE_TEXTS[schema.format ?? ''] ?? 'text';
}

function sampleRecord(schema: JsonSchema): Record<string, unknown> {
  return buildSample(resolveReferences(schema)) as Record<string, unknown>;
}

function paths(errors: readonly SchemaError[]): string[] {
  return errors.map((error) => error.path);
}

function validateBase(base: unknown): readonly SchemaError[] {
  return validateCustomer('patch', { base });
}

function nest(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = { nested: value };
  return value;
}

test('there are 48 event types, each with a label, a sentence and a mode', () => {
  assert.equal(eventTypes.size, 48);
  assert.deepEqual([...eventTypes.keys()], [...EVENT_TYPE_NAMES]);
  assert.equal(eventTypes.get('viewedProductCategory')?.label, 'Viewed product category');
  assert.equal(eventTypes.get('campaignSent')?.mode, 'PASSIVE');
  assert.equal(eventTypes.get('campaignBounced')?.mode, 'PASSIVE');
  assert.equal(eventTypes.get('openedTicket')?.mode, 'ACTIVE');
  for (const { description, mode } of eventTypes.values()) {
    assert.match(description, /^[A-Z].*\.$/);
    assert.match(mode, /^(ACTIVE|PASSIVE)$/);
  }
});

test('the modes that are inferred stand apart from the 20 confirmed ones', () => {
  assert.equal(Object.keys(CONFIRMED_EVENT_MODES).length, 20);
  assert.equal(Object.keys(INFERRED_EVENT_MODES).length, 28);
});

for (const { type, propertiesSchema } of eventTypes.values()) {
  test(`${type} accepts every property of its schema and refuses an unknown one`, () => {
    const sample = sampleRecord(propertiesSchema);
    assert.deepEqual(validateEventProperties(type, sample), []);
    assert.deepEqual(validateEventProperties(type, { ...sample, extended: null }), []);
    assert.deepEqual(validateEventProperties(type, { ...sample, 'un/known': 1 }), [
      { path: '/properties/un~1known', message: 'is not a known property', data: null },
    ]);
    assert.deepEqual(paths(validateEventProperties(type, { ...sample, extraProperties: 'text' })), [
      '/properties/extraProperties',
    ]);
  });
}

test('nothing is required of properties but what the vendor stars', () => {
  const requiredByType = EVENT_TYPE_NAMES.filter((type) => validateEventProperties(type, {}).length > 0);
  assert.deepEqual(requiredByType, ['addedReward', 'grantedCoupon', 'removedReward']);
  assert.deepEqual(paths(validateEventProperties('addedReward', { rewardAmount: 1 })), [
    '/properties/rewardTypeId',
  ]);
  assert.deepEqual(paths(validateEventProperties('grantedCoupon', { totalAmount: 1 })), [
    '/properties/startValidityDate',
  ]);
  const contents = [{ type: 'IMG', products: [{ sku: 'a' }] }];
  assert.deepEqual(paths(validateEventProperties('campaignSent', { contents })), [
    '/properties/contents/0/products/0/id',
  ]);
});

test('surveyCompiled is as formCompiled', () => {
  const properties = (type: 'formCompiled' | 'surveyCompiled') =>
    eventTypes.get(type)?.propertiesSchema.properties;
  assert.deepEqual(properties('surveyCompiled'), properties('formCompiled'));
});

test('properties keep their types: a review is rated by a text, a category is a list or a text', () => {
  assert.deepEqual(paths(validateEventProperties('reviewedProduct', { rating: 5 })), ['/properties/rating']);
  assert.deepEqual(paths(validateEventProperties('viewedProduct', { category: 'shoes' })), [
    '/properties/category',
  ]);
  assert.deepEqual(validateEventProperties('viewedProductCategory', { category: 'shoes' }), []);
  assert.deepEqual(paths(validateEventProperties('viewedProduct', { imageUrl: '/images/1.png' })), [
    '/properties/imageUrl',
  ]);
  assert.deepEqual(paths(validateEventProperties('campaignOpened', { channel: 'IM' })), [
    '/properties/channel',
  ]);
  assert.deepEqual(validateEventProperties('campaignSent', { channel: 'IM' }), []);
});

test('the amount of an order takes known currencies, withdrawn ones too', () => {
  const order = (currency: string) => ({ amount: { local: { currency, exchangeRate: 1.1 } } });
  assert.deepEqual(validateEventProperties('completedOrder', order('EUR')), []);
  assert.deepEqual(validateEventProperties('completedOrder', order('ZWD')), []);
  assert.deepEqual(paths(validateEventProperties('completedOrder', order('XXY'))), [
    '/properties/amount/local/currency',
  ]);
});

test('a choice is spelt out in the refusal', () => {
  const [error] = validateEventProperties('completedOrder', { type: 'gift' });
  assert.deepEqual(error, {
    path: '/properties/type',
    message: 'must be one of sale, return, sale-return',
    data: null,
  });
});

test('every context accepts its full contextInfo and refuses what belongs to another', () => {
  assert.equal(eventContexts.size, 9);
  for (const { id, contextInfoSchema } of eventContexts.values()) {
    assert.deepEqual(validateContextInfo(id, sampleRecord(contextInfoSchema)), [], id);
    assert.deepEqual(validateContextInfo(id, {}), [], id);
    const withDevice = validateContextInfo(id, { device: { model: 'X' } });
    assert.deepEqual(paths(withDevice), id === 'MOBILE' ? [] : ['/contextInfo/device'], id);
    const withStore = validateContextInfo(id, { store: { type: 'ECOMMERCE' } });
    const hasStore = id === 'ECOMMERCE' || id === 'RETAIL';
    assert.deepEqual(paths(withStore), hasStore ? [] : ['/contextInfo/store'], id);
  }
  assert.deepEqual(paths(validateContextInfo('WEB', { client: { ip: '::1' } })), ['/contextInfo/client/ip']);
  assert.deepEqual(paths(validateContextInfo('RETAIL', { salesAssistant: {} })), [
    '/contextInfo/salesAssistant/id',
  ]);
  assert.deepEqual(paths(validateContextInfo('WEB', { user: {} })), ['/contextInfo/user/id']);
});

test('tracking is closed', () => {
  assert.deepEqual(validateTracking({ ga: { utm_source: 'newsletter' } }), []);
  assert.deepEqual(paths(validateTracking({ ga: { utm_id: '1' } })), ['/tracking/ga/utm_id']);
});

test('an event names its customer in exactly one way', () => {
  const event = { type: 'viewedPage', context: 'WEB', properties: {} };
  const bringBackProperties = { type: 'SESSION_ID', value: 'abc', nodeId: NODE_ID };
  assert.deepEqual(validateNewEvent({ ...event, customerId: NODE_ID }), []);
  assert.deepEqual(validateNewEvent({ ...event, bringBackProperties, tracking: null }), []);
  assert.deepEqual(validateNewEvent({ ...event, customerId: NODE_ID, bringBackProperties: null }), []);
  assert.deepEqual(paths(validateNewEvent(event)), ['/customerId']);
  assert.deepEqual(paths(validateNewEvent({ ...event, customerId: NODE_ID, bringBackProperties })), [
    '/customerId',
  ]);
  const empty = { ...bringBackProperties, value: '' };
  assert.deepEqual(paths(validateNewEvent({ ...event, bringBackProperties: empty })), [
    '/bringBackProperties/value',
  ]);
});

test('a new event is checked down to its properties, its contextInfo and its tracking', () => {
  const event = {
    customerId: NODE_ID,
    type: 'viewedPage',
    context: 'WEB',
    date: '2017-03-10T00:00:00Z',
    properties: {},
  };
  const check = (change: object) => paths(validateNewEvent({ ...event, ...change }));
  assert.deepEqual(check({ properties: { title: 1 } }), ['/properties/title']);
  assert.deepEqual(check({ contextInfo: { store: {} } }), ['/contextInfo/store']);
  assert.deepEqual(check({ tracking: { ga: { x: 1 } } }), ['/tracking/ga/x']);
  assert.deepEqual(check({ type: 'toString' }), ['/type']);
  assert.deepEqual(check({ context: 'web' }), ['/context']);
  assert.deepEqual(check({ date: 'yesterday' }), ['/date']);
  assert.deepEqual(check({ properties: undefined }), ['/properties']);
  assert.deepEqual(check({ id: NODE_ID }), ['/id']);
  assert.deepEqual(validateEventBody('replace', { ...event, id: NODE_ID, version: 1, origin: 'NATIVE' }), []);
  assert.deepEqual(validateEventBody('patch', { properties: {} }), []);
});

test('names of types and contexts are told from keys that every object inherits', () => {
  assert.equal(isEventTypeName('viewedPage'), true);
  assert.equal(isEventTypeName('constructor'), false);
  assert.equal(isEventTypeName(['viewedPage']), false);
  assert.equal(isEventContextName('WEB'), true);
  assert.equal(isEventContextName('__proto__'), false);
});

test('a date-time is read in every form that clients send', () => {
  const instant = Date.UTC(2017, 2, 10, 12, 30, 5);
  const forms: readonly [text: string, milliseconds: number][] = [
    ['2017-03-10T12:30:05Z', 0],
    ['2017-03-10T12:30:05.123Z', 123],
    ['2017-03-10T12:30:05.1239999Z', 123],
    ['2017-03-10T12:30:05.5Z', 500],
    ['2017-03-10T12:30:05+00:00', 0],
    ['2017-03-10T12:30:05.123+0000', 123],
    ['2017-03-10T14:30:05.123+02:00', 123],
    ['2017-03-10T13:30:05.123+01', 123],
    ['2017-03-10T07:00:05.000-0530', 0],
  ];
  for (const [text, milliseconds] of forms) {
    assert.equal(parseVendorDate(text)?.getTime(), instant + milliseconds, text);
    assert.deepEqual(validateSubscription({ id: 'a', subscribed: true, startDate: text }), [], text);
  }
});

test('a date-time that is no instant is refused', () => {
  const refused = [
    '',
    '2017-03-10',
    '2017-03-10 12:30:05Z',
    '2017-03-10T12:30:05',
    '2017-02-29T12:30:05Z',
    '2017-13-01T12:30:05Z',
    '2017-03-10T24:00:00Z',
    '2017-03-10T12:60:00Z',
    '2017-03-10T12:30:60Z',
    '2017-03-10T12:30:05.1234567890Z',
    '2017-03-10T12:30:05+24:00',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+12017-03-10T12:30:05Z',
    `2017-03-10T12:30:05Z${' '.repeat(50_000)}`,
  ];
  for (const text of refused) assert.equal(parseVendorDate(text), undefined, text.slice(0, 40));
  assert.equal(parseVendorDate('2016-02-29T00:00:00Z')?.getTime(), Date.UTC(2016, 1, 29));
  assert.equal(parseVendorDate('0001-01-01T00:00:00Z')?.toISOString(), '0001-01-01T00:00:00.000Z');
});

test('a date is written with three digits of milliseconds and +0000, and reads back', () => {
  const date = new Date(Date.UTC(2017, 2, 10, 12, 30, 5, 7));
  assert.equal(formatVendorDate(date), '2017-03-10T12:30:05.007+0000');
  assert.deepEqual(parseVendorDate(formatVendorDate(date)), date);
  assert.throws(() => formatVendorDate(new Date(Number.NaN)), RangeError);
});

test('a full customer is accepted by POST, PATCH and PUT, its immutable keys too', () => {
  const customer = sampleRecord(customerBodySchemas.create);
  for (const kind of ['create', 'patch', 'replace'] as const) {
    assert.deepEqual(validateCustomer(kind, customer), [], kind);
    assert.deepEqual(paths(validateCustomer(kind, { ...customer, name: 'x' })), ['/name'], kind);
  }
});

test('a customer as replies show it, every value absent, can be sent back', () => {
  const nulls = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));
  const texts = ['title', 'prefix', 'firstName', 'lastName', 'middleName', 'gender'];
  const base = {
    ...nulls([...texts, 'pictureUrl', 'dob', 'locale', 'timezone', 'address', 'credential', 'socialProfile']),
    contacts: { ...nulls(['email', 'fax', 'mobilePhone', 'phone']), otherContacts: [], mobileDevices: [] },
    educations: [],
    likes: [],
    jobs: [],
    subscriptions: [],
  };
  const customer = {
    nodeId: NODE_ID,
    base,
    ...nulls(['externalId', 'consents', 'extended', 'extra', 'tags']),
  };
  assert.deepEqual(validateCustomer('replace', customer), []);
  assert.deepEqual(validateCustomer('create', { nodeId: NODE_ID, base: null }), []);
});

test('POST and PUT of a customer need the node, PATCH does not', () => {
  const base = { firstName: 'Donald' };
  assert.deepEqual(validateCustomer('create', { base }), [
    { path: '/nodeId', message: 'is required', data: null },
  ]);
  assert.deepEqual(paths(validateCustomer('replace', { base })), ['/nodeId']);
  assert.deepEqual(validateCustomer('patch', { base }), []);
  assert.deepEqual(paths(validateCustomer('create', { nodeId: 'not-a-uuid' })), ['/nodeId']);
});

test('base texts have at most 255 characters, a street 500, a picture address 1000', () => {
  assert.deepEqual(validateBase({ firstName: 'x'.repeat(255) }), []);
  assert.deepEqual(validateBase({ firstName: '😀'.repeat(255) }), []);
  assert.deepEqual(validateBase({ firstName: 'x'.repeat(256) }), [
    { path: '/base/firstName', message: 'must not be longer than 255 characters', data: null },
  ]);
  assert.deepEqual(validateBase({ address: { street: 'x'.repeat(500) } }), []);
  assert.deepEqual(paths(validateBase({ address: { street: 'x'.repeat(501) } })), ['/base/address/street']);
  assert.deepEqual(paths(validateBase({ address: { city: 'x'.repeat(256) } })), ['/base/address/city']);
  const picture = (length: number) => `https://example.com/${'x'.repeat(length - 20)}`;
  assert.deepEqual(validateBase({ pictureUrl: picture(1000) }), []);
  assert.deepEqual(paths(validateBase({ pictureUrl: picture(1001) })), ['/base/pictureUrl']);
});

test('base values keep the forms that the vendor gives them', () => {
  const accepted = [
    { locale: 'it_IT' },
    { locale: 'zh_Hant_TW' },
    { timezone: 'Europe/Rome' },
    { timezone: 'Asia/Kolkata' },
    { timezone: 'America/Argentina/Buenos_Aires' },
    { dob: '2000-02-29' },
    { contacts: { email: 'o.hara+list@sub.example.co.uk' } },
    { contacts: { email: 'josé@bücher.example' } },
    { address: { geo: { lat: -90, lon: 180 } } },
    { contacts: { otherContacts: [{ name: 'office', type: null, value: null }] } },
  ];
  for (const base of accepted) assert.deepEqual(validateBase(base), [], JSON.stringify(base));
  const refused: readonly [base: object, path: string][] = [
    [{ locale: 'italian' }, '/base/locale'],
    [{ timezone: 'Mars/Olympus' }, '/base/timezone'],
    [{ dob: '2001-02-29' }, '/base/dob'],
    [{ dob: '1980-03-17T16:48:07Z' }, '/base/dob'],
    [{ contacts: { email: 'example.com' } }, '/base/contacts/email'],
    [{ contacts: { email: 'a..b@example.com' } }, '/base/contacts/email'],
    [{ contacts: { email: 'a@example' } }, '/base/contacts/email'],
    [{ contacts: { email: '' } }, '/base/contacts/email'],
    [{ contacts: { mobileDevices: [{ type: 'NOKIA' }] } }, '/base/contacts/mobileDevices/0/type'],
    [{ address: { geo: { lat: 1 } } }, '/base/address/geo/lon'],
    [{ address: { geo: { lat: 91, lon: 0 } } }, '/base/address/geo/lat'],
    [{ pictureUrl: 'not a url' }, '/base/pictureUrl'],
    [{ pictureUrl: 'https://' }, '/base/pictureUrl'],
    [{ nickname: 'Don' }, '/base/nickname'],
    [{ educations: [{ startYear: '1990' }] }, '/base/educations/0/startYear'],
    [{ jobs: [{ startDate: '2017-03-10T00:00:00Z' }] }, '/base/jobs/0/startDate'],
  ];
  for (const [base, path] of refused)
    assert.deepEqual(paths(validateBase(base)), [path], JSON.stringify(base));
});

test('tags of one kind have 1000 characters together', () => {
  const check = (tags: unknown) => paths(validateCustomer('patch', { tags }));
  assert.deepEqual(check({ auto: ['x'.repeat(500), 'y'.repeat(500)], manual: ['z'.repeat(1000)] }), []);
  assert.deepEqual(check({ auto: ['x'.repeat(500), 'y'.repeat(501)] }), ['/tags/auto']);
  assert.deepEqual(check({ manual: [1] }), ['/tags/manual/0']);
  assert.deepEqual(check({ other: [] }), ['/tags/other']);
});

test('the id of a subscription follows the rules of the vendor', () => {
  const check = (id: unknown) => paths(validateSubscription({ id, subscribed: true }));
  const accepted = ['a', '1', 'news_letter-2 weekly', 'a-', 'a_', 'città', 'x'.repeat(255)];
  for (const id of accepted) assert.deepEqual(check(id), [], id);
  const refused = ['', ' a', 'a ', '-a', '_a', 'a.b', 'a/b', 'a\n', 'x'.repeat(256), null, 7];
  for (const id of refused) assert.deepEqual(check(id), ['/id'], JSON.stringify(id));
  assert.deepEqual(paths(validateSubscription({ id: 'a' })), ['/subscribed']);
  assert.deepEqual(paths(validateBase({ subscriptions: [{ id: ' ', subscribed: true }] })), [
    '/base/subscriptions/0/id',
  ]);
  const older = { id: 'a', subscribed: true, preferences: [{ key: 'k', value: 'v' }], enable: true };
  assert.deepEqual(validateSubscription(older), []);
});

test('the other parts of a customer and a session are checked on their own', () => {
  assert.deepEqual(validateEducation({ id: '1', schoolType: 'COLLEGE', isCurrent: false }), []);
  assert.deepEqual(paths(validateEducation({ schoolType: 'KINDERGARTEN' })), ['/schoolType']);
  assert.deepEqual(validateLike({ id: '1', createdTime: '2017-03-10T00:00:00+0000' }), []);
  assert.deepEqual(paths(validateLike({ createdTime: '2017' })), ['/createdTime']);
  assert.deepEqual(validateJob({ id: '1', startDate: '2017-03-10' }), []);
  assert.deepEqual(paths(validateJob({ salary: 1 })), ['/salary']);
  assert.deepEqual(validateSession({ value: 'x'.repeat(255) }), []);
  assert.deepEqual(paths(validateSession({ value: 'x'.repeat(256) })), ['/value']);
  assert.deepEqual(paths(validateSession({ value: '' })), ['/value']);
  assert.deepEqual(paths(validateSession({})), ['/value']);
});

test('consents may be null on every level and hold nothing but booleans', () => {
  const consent = { status: true, limitation: null, objection: false };
  const accepted = [
    null,
    { marketing: null },
    { marketing: { automatic: null, traditional: { papery: null } } },
    { softSpam: { email: consent }, disclaimer: { date: '2018-05-25T00:00:00Z', version: 'v1' } },
    { thirdPartyTransfer: { profiling: consent, marketing: consent }, profiling: { online: consent } },
  ];
  for (const consents of accepted) assert.deepEqual(validateCustomer('patch', { consents }), []);
  const refused: readonly [consents: object, path: string][] = [
    [{ softSpam: { email: { status: 'yes' } } }, '/consents/softSpam/email/status'],
    [{ softSpam: { email: true } }, '/consents/softSpam/email'],
    [{ marketing: { automatic: { fax: consent } } }, '/consents/marketing/automatic/fax'],
    [{ disclaimer: { date: '2018' } }, '/consents/disclaimer/date'],
  ];
  for (const [consents, path] of refused) {
    assert.deepEqual(paths(validateCustomer('patch', { consents })), [path]);
  }
});

test('extended properties are open until a workspace has a schema, then closed', () => {
  assert.deepEqual(validateCustomer('patch', { extended: { membership_card_nr: 'ABC123' } }), []);
  const definitions = {
    membership_card_nr: { type: 'string', maxLength: 6, label: 'Card', mergePolicy: 'OBJ_PRIORITY' },
    nickname: { type: 'string' },
    points: { type: 'integer', indexed: true },
    colours: { type: 'array', items: { type: 'string' }, maxLength: 7 },
    pet: { type: 'object', properties: { name: { type: 'string' } } },
    constructor: { type: 'boolean' },
  };
  const check = (extended: unknown) => paths(validateExtended(definitions, extended, '/extended'));
  assert.deepEqual(check({}), []);
  assert.deepEqual(check(null), []);
  const full = { membership_card_nr: 'ABC123', points: 3, colours: ['red', 'tan'], pet: { name: 'Bo' } };
  assert.deepEqual(check(full), []);
  assert.deepEqual(check({ membership_card_nr: 'ABC1234' }), ['/extended/membership_card_nr']);
  assert.deepEqual(check({ nickname: 'x'.repeat(256) }), ['/extended/nickname']);
  assert.deepEqual(check({ points: 1.5 }), ['/extended/points']);
  assert.deepEqual(check({ points: null }), []);
  assert.deepEqual(check({ colours: ['red', 'blue'] }), ['/extended/colours']);
  assert.deepEqual(check({ pet: { age: 3 } }), ['/extended/pet/age']);
  assert.deepEqual(check({ constructor: 1 }), ['/extended/constructor']);
  assert.deepEqual(check({ other: 1 }), ['/extended/other']);
});

test('a stored extended schema never reaches the compiler as it is', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"type":"string"},"a\\"];throw 1;//":{"type":"string","pattern":"(a+)+$","$ref":"http://x"},"b":7,"c":{"type":["x"]}}',
  );
  assert.deepEqual(
    validateExtended(hostile, { b: 1, c: 'x', 'a"];throw 1;//': 'a'.repeat(40) }, '/extended'),
    [],
  );
  assert.deepEqual(paths(validateExtended(hostile, { z: 1 }, '/extended')), ['/extended/z']);
});

test('the 41 base properties that can be switched off have a label and a description', () => {
  assert.equal(BASE_PROPERTY_NAMES.length, 41);
  assert.equal(baseProperties.get('contacts.email')?.label, 'Email');
  const email = resolveReferences(customerBodySchemas.patch).properties?.base?.properties?.contacts
    ?.properties?.email;
  assert.deepEqual(email?.contactlabProperties, { label: 'Email', enabled: true });
});

test('every schema is served with absolute references that lead to a served schema', () => {
  const baseUrl = 'https://hub.example.com/hub/v1';
  let found = 0;
  const follow = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key !== '$ref') follow(value);
      else {
        found += 1;
        assert.ok(String(value).startsWith(`${baseUrl}/docs/schema/`), value);
        const [path = '', fragment] = String(value).slice(`${baseUrl}/docs/schema/`.length).split('#');
        const target = presentSchemaDocument(path, baseUrl);
        assert.ok(target, value);
        if (fragment !== undefined) assert.ok(target.definitions?.[fragment.split('/')[2] ?? ''], value);
      }
    }
  };
  for (const path of schemaDocuments.keys()) follow(presentSchemaDocument(path, baseUrl));
  assert.ok(found > 200);
});

test('the served schemas have the vendor’s paths', () => {
  const served = [
    'enums.json',
    'empty-extended-properties.json',
    'base-property/job.json',
    'base-property/subscription.json',
    'base-property/base-properties.json',
    'consents/consent.json',
    'event/tracking.json',
    'event/user.json',
    'event/context/contact-center.json',
    'event/viewedPage.json',
    'event/viewedPage.post.json',
  ];
  for (const path of served) {
    const schema = presentSchemaDocument(path, '');
    assert.equal(schema?.$schema, 'http://json-schema.org/draft-07/schema#', path);
  }
  assert.equal(presentSchemaDocument('event/unknown.json', ''), undefined);
  assert.equal(presentSchemaDocument('__proto__', ''), undefined);
  const types = schemaDocuments.get('enums.json')?.definitions?.EventType?.enum;
  assert.deepEqual(types, EVENT_TYPE_NAMES);
});

test('a resolved schema has no reference left', () => {
  for (const [path, schema] of schemaDocuments) {
    assert.ok(!JSON.stringify(resolveReferences(schema)).includes('$ref'), path);
    assert.ok(!JSON.stringify(withAbsoluteReferences(schema, '')).includes('"$ref":"enums'), path);
  }
});

test('hostile bodies are refused fast and never throw', () => {
  const manyKeys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index]));
  const ownPrototype = JSON.parse('{"__proto__":{"polluted":true}}');
  const longKey = { ['k'.repeat(60_000)]: 1 };
  const bodies: unknown[] = [
    manyKeys,
    ownPrototype,
    longKey,
    nest(10_000),
    null,
    7,
    'text',
    [],
    true,
    Object.create(null),
  ];
  const started = performance.now();
  for (const body of bodies) {
    const results = [
      validateEventProperties('addedReward', body),
      validateContextInfo('RETAIL', { client: body, store: body, salesAssistant: body }),
      validateTracking({ ga: body, other: 1 }),
      validateNewEvent(body),
      validateCustomer('create', body),
      validateCustomer('patch', { base: { contacts: body }, unknown: body }),
      validateSession(body),
      validateSubscription(body),
      validateExtended({ a: { type: 'string' } }, { b: body }, '/extended'),
    ];
    for (const errors of results) {
      assert.equal(errors.length, 1);
      assert.ok((errors[0]?.path.length ?? 0) <= 512);
    }
  }
  assert.deepEqual(paths(validateEventProperties('viewedPage', undefined)), ['/properties']);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  const elapsed = performance.now() - started;
  assert.ok(elapsed < 2000, `took ${elapsed} ms`);
});

test('what is free stays cheap, however large or deep', async () => {
  const free = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index]));
  validateEventProperties('viewedPage', {});
  const elapsed = await fastest(() =>
    assert.deepEqual(
      validateEventProperties('viewedPage', { extraProperties: free, extended: nest(10_000) }),
      [],
    ),
  );
  assert.ok(elapsed < 100, `took ${elapsed} ms`);
});

test('texts made to make an expression backtrack are refused fast', () => {
  const long = 'a'.repeat(60_000);
  const started = performance.now();
  const refused = [
    validateBase({ locale: `it_${'ab'.repeat(30_000)}!` }),
    validateBase({ contacts: { email: `${long}@${long}.${long}` } }),
    validateBase({ contacts: { email: `a@${'a-'.repeat(150)}!.com` } }),
    validateBase({ contacts: { email: `a@${'a.'.repeat(30_000)}!` } }),
    validateBase({ pictureUrl: `https://${long}` }),
    validateBase({ dob: `1980-01-01${long}` }),
    validateSubscription({ id: `${'a '.repeat(30_000)}!`, subscribed: true }),
    validateEventProperties('viewedPage', { url: `${long}:` }),
    validateEventProperties('eventInvited', { eventDate: `2017-03-10T00:00:00.${'1'.repeat(60_000)}Z` }),
    validateContextInfo('WEB', { client: { ip: '1.'.repeat(30_000) } }),
  ];
  for (const errors of refused) assert.equal(errors.length, 1);
  const elapsed = performance.now() - started;
  assert.ok(elapsed < 1000, `took ${elapsed} ms`);
});
