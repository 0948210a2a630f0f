import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

const keys = ['data', 'errors', 'logref', 'message'];

/** `{a: {b: value}}` of `a.b`; a number stands for a list whose first item is meant. */
function at(path: string, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.');
  const inner =
    rest.length === 0 ? value : rest[0] === '0' ? [restOf(rest, value)] : at(rest.join('.'), value);
  return { [name]: inner };
}

function restOf([, ...rest]: readonly string[], value: unknown): unknown {
  return rest.length === 0 ? value : at(rest.join('.'), value);
}

let customers = 0;
const customer = await client.create('fields@example.com');

function patch(path: string, value: unknown) {
  return client.call('PATCH', `/customers/${customer.id}`, at(path, value));
}

const limited = (path: string, limit: number) => ({
  path,
  taken: ['x'.repeat(limit), '\u{1f600}'.repeat(limit), '', null],
  refused: ['x'.repeat(limit + 1), 1, true, {}, []],
});

const texts = (prefix: string, names: string) =>
  names.split(' ').map((name) => limited(`${prefix}${name}`, 255));

const dateTimes = [
  '2020-02-29T10:20:30.456Z',
  '2020-02-29T10:20:30Z',
  '2020-02-29T10:20:30+00:00',
  '2020-02-29T10:20:30.456+0000',
  '2020-02-29T10:20:30.456-05:30',
  null,
];
const noDateTimes = ['2020-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2020-02-29', '', 1, {}];
const dates = { taken: ['1980-02-29', '0001-01-01', null], refused: ['1981-02-29', '0000-01-01', '', 1] };
const choices = (path: string, values: string) => ({
  path,
  taken: [...values.split(' '), null],
  refused: [values.split(' ')[0]!.toLowerCase(), 'X', '', 1],
});
const flags = (path: string) => ({ path, taken: [true, false, null], refused: ['true', 0] });
const years = (path: string) => ({ path, taken: [1999, -1, null], refused: [1.5, '1999'] });

/** docs/spec/contacthub.md B, each member of a customer with what it takes, its limit, and what it refuses. */
const fields: readonly { path: string; taken: readonly unknown[]; refused: readonly unknown[] }[] = [
  limited('externalId', 255),
  { path: 'extra', taken: ['x'.repeat(10_000), '', null], refused: [1, {}] },
  { path: 'enabled', taken: [true, false], refused: [null, 'true', 1] },
  ...texts('base.', 'title prefix firstName lastName middleName gender'),
  {
    path: 'base.pictureUrl',
    taken: [`https://example.com/${'x'.repeat(980)}`, null],
    refused: [`https://example.com/${'x'.repeat(981)}`, 'picture', '', 'javascript:alert(1)', 1],
  },
  { path: 'base.dob', ...dates },
  {
    path: 'base.locale',
    taken: ['it_IT', 'zh_Hans_CN', 'sr_ab_RS', null],
    refused: ['it', 'it-IT', 'IT_it', 'it_ITA', '', 1],
  },
  {
    path: 'base.timezone',
    taken: ['Europe/Rome', 'America/Argentina/Buenos_Aires', null],
    refused: ['Europe/rome', 'UTC', '', 1],
  },
  {
    path: 'base.contacts.email',
    taken: ['a@example.com', `${'x'.repeat(64)}@${'y'.repeat(50)}.example.com`],
    refused: ['a@example', 'a b@example.com', '', 1, `${'x'.repeat(64)}@${'y.'.repeat(95)}com`],
  },
  ...texts('base.contacts.', 'fax mobilePhone phone'),
  ...texts('base.contacts.otherContacts.0.', 'name value'),
  choices('base.contacts.otherContacts.0.type', 'MOBILE PHONE EMAIL FAX OTHER'),
  ...texts('base.contacts.mobileDevices.0.', 'identifier appId name'),
  choices('base.contacts.mobileDevices.0.type', 'IOS ANDROID WINDOWS_PHONE FIREOS'),
  choices('base.contacts.mobileDevices.0.notificationService', 'APN GCM WNS ADM SNS'),
  limited('base.address.street', 500),
  ...texts('base.address.', 'city country province region zip'),
  { path: 'base.address.geo', taken: [{ lat: -90, lon: 180 }, null], refused: [1, 'x'] },
  ...texts('base.credential.', 'username password'),
  ...texts('base.socialProfile.', 'facebook google instagram linkedin qzone twitter'),
  ...texts('base.educations.0.', 'schoolName schoolConcentration'),
  choices('base.educations.0.schoolType', 'PRIMARY_SCHOOL SECONDARY_SCHOOL HIGH_SCHOOL COLLEGE OTHER'),
  years('base.educations.0.startYear'),
  years('base.educations.0.endYear'),
  flags('base.educations.0.isCurrent'),
  ...texts('base.likes.0.', 'category name'),
  { path: 'base.likes.0.createdTime', taken: dateTimes, refused: noDateTimes },
  ...texts('base.jobs.0.', 'companyIndustry companyName jobTitle'),
  { path: 'base.jobs.0.startDate', ...dates },
  { path: 'base.jobs.0.endDate', ...dates },
  flags('base.jobs.0.isCurrent'),
  ...texts('consents.disclaimer.', 'version'),
  { path: 'consents.disclaimer.date', taken: dateTimes, refused: noDateTimes },
  ...[
    'marketing.traditional.telephonic',
    'marketing.traditional.papery',
    'marketing.automatic.sms',
    'marketing.automatic.email',
    'marketing.automatic.push',
    'marketing.automatic.im',
    'marketing.automatic.telephonic',
    'profiling.classic',
    'profiling.online',
    'softSpam.email',
    'softSpam.papery',
    'thirdPartyTransfer.profiling',
    'thirdPartyTransfer.marketing',
  ].flatMap((path) => ['status', 'limitation', 'objection'].map((leaf) => flags(`consents.${path}.${leaf}`))),
  {
    path: 'tags.auto',
    taken: [['x'.repeat(500), 'y'.repeat(500)], ['\u{1f600}'.repeat(1000)], []],
    refused: [['x'.repeat(500), 'y'.repeat(501)], 'x'],
  },
  { path: 'tags.manual', taken: [['x'.repeat(1000)]], refused: [['x'.repeat(1001)], {}] },
];

const subscription = [
  ...texts('', 'name type subscriberId'),
  choices('kind', 'DIGITAL_MESSAGE SERVICE OTHER'),
  { path: 'subscribed', taken: [true, false], refused: [null, 'true', 1] },
  ...['startDate', 'endDate', 'registeredAt', 'updatedAt'].map((path) => ({
    path,
    taken: dateTimes,
    refused: noDateTimes,
  })),
  { path: 'subscribeContext', taken: [{ any: ['thing'] }, {}, null], refused: [1, 'x'] },
  { path: 'unsubscribeContext', taken: [{ any: 1 }, null], refused: [[1], true] },
];

/** Each part of a customer that is an object; all are closed, and all but `base` of the whole may be null. */
const parts = [
  'base.contacts',
  'base.address',
  'base.credential',
  'base.socialProfile',
  'consents',
  'consents.disclaimer',
  'consents.marketing',
  'consents.marketing.traditional',
  'consents.marketing.automatic',
  'consents.profiling',
  'consents.softSpam',
  'consents.softSpam.email',
  'consents.thirdPartyTransfer',
  'tags',
];

const lists = ['educations', 'likes', 'jobs', 'subscriptions'].map((list) => `base.${list}`);

function assertRefused(
  { status, body }: { status: number; body: Record<string, unknown> },
  message: string,
  path: string,
  what: string,
): void {
  assert.equal(status, 400, what);
  assert.deepEqual(Object.keys(body).sort(), keys, what);
  assert.equal(body.message, message, what);
  assert.equal(body.data, null, what);
  const [first] = body.errors as Record<string, unknown>[];
  assert.deepEqual(Object.keys(first ?? {}).sort(), ['code', 'data', 'message', 'path'], what);
  assert.deepEqual([first?.code, first?.data], [null, null], what);
  assert.equal(typeof first?.message, 'string', what);
  assert.equal(first?.path, path, what);
}

const pointer = (path: string) => `/${path.replaceAll('.', '/')}`;

describe('each field of a customer', () => {
  for (const { path, taken, refused } of fields) {
    it(`takes what the vendor lists and refuses the rest: ${path}`, async () => {
      for (const value of taken) {
        const { status, body } = await patch(path, value);
        assert.equal(status, 200, `${path} ${JSON.stringify(value)} ${JSON.stringify(body.errors)}`);
        assert.equal(JSON.stringify(body).includes('error'), false, 'one client looks for that text');
      }
      for (const value of refused) {
        const reply = await patch(path, value);
        assertRefused(
          reply,
          'source customer is not valid',
          pointer(path),
          `${path} ${JSON.stringify(value)}`,
        );
      }
    });
  }

  it('is none that nobody lists, in whichever part', async () => {
    const items = ['educations', 'likes', 'jobs'].map((list) => `base.${list}.0`);
    for (const path of ['', 'base', ...parts, ...items, 'base.contacts.otherContacts.0']) {
      const unknown = path === '' ? 'colour' : `${path}.colour`;
      assertRefused(await patch(unknown, 1), 'source customer is not valid', pointer(unknown), unknown);
    }
  });

  it('may be null as a whole part, but for lists and what the node matches by', async () => {
    for (const path of parts.filter((part) => part !== 'base.contacts'))
      assert.equal((await patch(path, null)).status, 200, path);
    for (const path of [...lists, 'tags.auto', 'base.contacts.otherContacts'])
      assertRefused(await patch(path, null), 'source customer is not valid', pointer(path), path);
    for (const path of ['base', 'base.contacts', 'base.contacts.email'])
      assertRefused(await patch(path, null), 'source customer is not valid', '/base/contacts/email', path);
  });

  it('is a place on the earth or none', async () => {
    const geo = 'base.address.geo';
    for (const [value, culprit] of [
      [{ lat: 90.1, lon: 0 }, 'lat'],
      [{ lat: 0, lon: -180.1 }, 'lon'],
      [{ lat: 0 }, 'lon'],
      [{ lat: '0', lon: 0 }, 'lat'],
    ] as const)
      assertRefused(
        await patch(geo, value),
        'source customer is not valid',
        pointer(`${geo}.${culprit}`),
        geo,
      );
  });
});

describe('each field of a subscription', () => {
  for (const { path, taken, refused } of subscription) {
    it(`takes what the vendor lists and refuses the rest: ${path}`, async () => {
      const call = (value: unknown) =>
        client.call('POST', `/customers/${customer.id}/subscriptions`, {
          id: 'field',
          subscribed: true,
          ...at(path, value),
        });
      for (const value of taken) assert.equal((await call(value)).status, 201, `${path} ${value}`);
      for (const value of refused)
        assertRefused(
          await call(value),
          'source subscription is not valid',
          pointer(path),
          `${path} ${value}`,
        );
    });
  }
});

describe('the size of a customer', () => {
  it('is 65,535 bytes at most, whichever write it is', async () => {
    const email = `size-${++customers}@example.com`;
    const made = await client.create(email);
    const sized = (bytes: number) => {
      const body = { nodeId: client.nodeId, base: { contacts: { email } }, extra: '' };
      return { ...body, extra: 'x'.repeat(bytes - JSON.stringify(body).length) };
    };
    for (const [method, path, taken] of [
      ['POST', '/customers', 201],
      ['PUT', `/customers/${made.id}`, 200],
      ['PATCH', `/customers/${made.id}`, 200],
    ] as const) {
      assert.equal((await client.call(method, path, sized(65_535))).status, taken, method);
      const { status, body } = await client.call(method, path, sized(65_536));
      assert.equal(status, 413, method);
      assert.deepEqual(Object.keys(body).sort(), keys);
    }
  });
});

describe('an id of another form', () => {
  it('is that of nobody, however long it is', async () => {
    const long = 'x'.repeat(300);
    const view = { type: 'viewedPage', context: 'WEB', properties: {} };
    for (const [method, path, body] of [
      ['GET', `/customers/${long}`],
      ['PATCH', `/customers/${long}`, {}],
      ['GET', `/customers/${customer.id}/sessions/${long}`],
      ['GET', `/customers/${customer.id}/likes/${long}`],
      ['PUT', `/customers/${customer.id}/subscriptions/${'x'.repeat(255)}`, { subscribed: true }],
      ['GET', `/customers/${customer.id}/sources/${long}`],
      ['GET', `/events/${long}`],
      ['POST', '/events', { ...view, customerId: '00000000-0000-4000-8000-000000000000' }],
      ['GET', `/customers?nodeId=${long}`],
      ['POST', '/customers', { nodeId: '00000000-0000-4000-8000-000000000000' }],
    ] as const) {
      const reply = await client.call(method, path, body);
      assert.equal(reply.status, 404, `${method} ${path}`);
      assert.deepEqual(Object.keys(reply.body).sort(), keys, path);
    }
  });
});

describe('a parameter that is wrong', () => {
  it('is told by its name, as a pointer', async () => {
    for (const [query, path, message] of [
      ['', '/nodeId', 'nodeId is missing.'],
      [`nodeId=${client.nodeId}&size=0`, '/size', 'size must be from 1 to 1000.'],
      [`nodeId=${client.nodeId}&page=-1`, '/page', 'page must be from 0 to 1000000.'],
      [`nodeId=${client.nodeId}&query=x`, '/query', null],
      [`nodeId=${client.nodeId}&query={}`, '/query', null],
      [`nodeId=${client.nodeId}&sort=a,b,c`, '/sort', null],
    ] as const) {
      const { status, body } = await client.call('GET', `/customers?${query}`);
      assert.deepEqual([status, body.errors[0]?.path], [400, path], query);
      if (message) assert.equal(body.message, message);
    }
  });
});
