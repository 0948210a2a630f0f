import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

/** The vendor's sample of a creation, with a possible policy in place of its enumeration of them. */
const contactForm = {
  reference: 'contact-form',
  name: 'Contact Form',
  fields: [
    {
      entity: 'user',
      type: 'string',
      storageKey: 'phone',
      ingestionKey: null,
      optional: false,
      discriminant: true,
      isPii: false,
      isMostProbableLocation: false,
    },
  ],
  metadata: {},
  expirationPolicy: { from: 'event-type', retentionDurationInDays: 365 },
};

const types = (path = '') => `/projects/${client.projectId}/event-types${path}`;

async function list(query: string): Promise<{ references: string[]; count: number; total: number }> {
  const reply = await client.get(`/event-types?${query}`);
  assert.equal(reply.status, 200, reply.text);
  const { data, count, total } = reply.body;
  return { references: data.map((type: { reference: string }) => type.reference), count, total };
}

describe('POST …/event-types', () => {
  it('answers 201 and the type with every key', async () => {
    const reply = await client.request('POST', types(), contactForm);
    assert.equal(reply.status, 201, reply.text);
    const { _id, createdAt, updatedAt, ...type } = reply.body;
    assert.match(_id, /^[0-9a-f]{24}$/);
    assert.equal(createdAt, updatedAt);
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(type, {
      ...contactForm,
      archivedAt: null,
      projectId: client.projectId,
      phoneParsingConfig: [{ order: 1, countryCode: 'FR' }],
      attributable: true,
    });
  });

  it('refuses a reference that exists', async () => {
    const reply = await client.request('POST', types(), contactForm);
    assert.equal(reply.status, 409);
    assert.deepEqual(reply.body, {
      statusCode: 409,
      message: 'An event type with reference contact-form already exists',
      error: 'Conflict',
    });
  });

  it('takes what the vendor’s client sends: shorthand keys, event-type for event, lists for empty objects', async () => {
    const reply = await client.request('POST', types(), {
      reference: 'shorthand',
      name: 'Shorthand',
      fields: [
        { entity: 'event-type', type: 'message', key: 'message' },
        { entity: 'state', storageKey: 'paid' },
      ],
      metadata: [],
      phoneParsingConfig: [{ order: 1, countryCode: 'BE' }],
    });
    assert.equal(reply.status, 201, reply.text);
    const type = reply.body;
    assert.deepEqual(type.metadata, {});
    assert.deepEqual(type.phoneParsingConfig, [{ order: 1, countryCode: 'BE' }]);
    assert.equal(type.expirationPolicy, null);
    const [message, paid] = type.fields;
    assert.deepEqual(
      [message.entity, message.storageKey, message.ingestionKey],
      ['event', 'message', 'message'],
    );
    assert.deepEqual([paid.type, paid.ingestionKey], ['state', null]);
  });

  const many = Array.from({ length: 201 }, (_, index) => field('event', 'string', `field-${index}`));
  const wrong: [why: string, body: unknown][] = [
    ['a body that is no object', 'null'],
    ['no reference', { name: 'x' }],
    ['a reference that no path can hold', { reference: 'a/b', name: 'x' }],
    ['no name', { reference: 'x' }],
    ['a name that is too long', { reference: 'x', name: 'x'.repeat(201) }],
    ['fields that are no list', { reference: 'x', name: 'x', fields: {} }],
    ['too many fields', { reference: 'x', name: 'x', fields: many }],
    ['an unknown field type', { reference: 'x', name: 'x', fields: [field('user', 'colour', 'a')] }],
    ['an unknown entity', { reference: 'x', name: 'x', fields: [field('place', 'string', 'a')] }],
    ['a text as statistic', { reference: 'x', name: 'x', fields: [field('statistic', 'string', 'a')] }],
    [
      'a built-in statistic',
      { reference: 'x', name: 'x', fields: [field('statistic', 'number', 'event-count')] },
    ],
    [
      'a storage key twice',
      { reference: 'x', name: 'x', fields: [field('user', 'string', 'a'), field('user', 'email', 'a')] },
    ],
    ['a storage key that is no key', { reference: 'x', name: 'x', fields: [field('user', 'string', 'a b')] }],
    [
      'a discriminant location',
      { reference: 'x', name: 'x', fields: [field('user', 'location', 'a', { discriminant: true })] },
    ],
    ['a policy of nowhere', { reference: 'x', name: 'x', expirationPolicy: { from: 'moon' } }],
    [
      'an endless policy',
      { reference: 'x', name: 'x', expirationPolicy: { from: 'project', retentionDurationInDays: 0.5 } },
    ],
    [
      'a country that is none',
      { reference: 'x', name: 'x', phoneParsingConfig: [{ order: 1, countryCode: 'fr' }] },
    ],
    [
      'two letters that are no country',
      { reference: 'x', name: 'x', phoneParsingConfig: [{ order: 1, countryCode: 'ZZ' }] },
    ],
  ];
  for (const [why, body] of wrong) {
    it(`refuses ${why}`, async () => {
      const reply = await client.request('POST', types(), body);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error, 'Bad Request');
      assert.equal(typeof reply.body.message, 'string');
    });
  }
});

describe('GET …/event-types/{reference}', () => {
  it('answers the type, also to the trailing question mark of the vendor’s client', async () => {
    const reply = await client.get('/event-types/contact-form?');
    assert.equal(reply.status, 200);
    assert.equal(reply.body.name, 'Contact Form');
  });

  it('answers 404 where there is none', async () => {
    const reply = await client.get('/event-types/nothing');
    assert.deepEqual(reply.body, { statusCode: 404, message: 'Event type not found', error: 'Not Found' });
  });
});

describe('PATCH …/event-types/{reference}', () => {
  it('replaces what is given, keeps the rest, and makes a new version', async () => {
    await client.defineType('changing', [field('user', 'email', 'email')]);
    const reply = await client.request('PATCH', types('/changing'), {
      fields: [field('event', 'string', 'colour')],
      attributable: false,
    });
    assert.equal(reply.status, 200, reply.text);
    const type = reply.body;
    assert.equal(type.name, 'changing');
    assert.equal(type.attributable, false);
    assert.deepEqual(
      type.fields.map((one: { storageKey: string }) => one.storageKey),
      ['colour'],
    );
    assert.deepEqual(await test.store.versionsOf('changing'), [1, 2]);
    assert.deepEqual((await client.get('/event-types/changing')).body, type);
  });

  it('shows an event by the version that it was checked by', async () => {
    await client.defineType('growing', [field('state', 'state', 'seen', { ingestionKey: null })]);
    const id = await client.sendFine({ eventType: 'growing', nonce: 'growing', data: {} });
    await client.request('PATCH', types('/growing'), { fields: [field('statistic', 'number', 'later')] });
    const keys = (await client.get(`/events/${id}`)).body.metrics.map((one: { key: string }) => one.key);
    assert.deepEqual(keys, ['seen', 'event-count', 'state-delay-seen']);
  });

  it('never changes the reference', async () => {
    const body = { reference: 'another' };
    assert.equal((await client.request('PATCH', types('/contact-form'), body)).status, 400);
    const same = await client.request('PATCH', types('/contact-form'), { reference: 'contact-form' });
    assert.equal(same.status, 200);
  });

  it('answers 404 where there is none and 400 to what is wrong', async () => {
    assert.equal((await client.request('PATCH', types('/nothing'), { name: 'x' })).status, 404);
    assert.equal((await client.request('PATCH', types('/contact-form'), { name: '' })).status, 400);
  });
});

describe('DELETE …/event-types/{reference}', () => {
  it('archives with a 200 and the type, once', async () => {
    await client.defineType('leaving', []);
    const reply = await client.request('DELETE', types('/leaving'));
    assert.equal(reply.status, 200);
    const { archivedAt } = reply.body;
    assert.equal(new Date(archivedAt).toISOString(), archivedAt);
    assert.equal((await client.request('DELETE', types('/leaving'))).body.archivedAt, archivedAt);
    assert.equal((await client.request('POST', types(), { reference: 'leaving', name: 'x' })).status, 409);
  });

  it('sends events of the type to the trash from then on', async () => {
    const reply = await client.send({ eventType: 'leaving', nonce: 'left', data: {} }, 'sync');
    assert.equal(reply.status, 400);
    const [trashed] = (await client.get('/trashed-events')).body.data;
    assert.deepEqual(trashed.errors, [{ type: 'archived-event-type' }]);
  });

  it('answers 404 where there is none', async () => {
    assert.equal((await client.request('DELETE', types('/nothing'))).status, 404);
  });
});

describe('GET …/event-types', () => {
  const { workspace } = test;
  before(async () => {
    test.workspace = await test.addWorkspace();
    test.time.now = Date.parse('2030-01-01T00:00:00Z');
    await client.defineType('beta', [field('user', 'email', 'email')], { name: 'First' });
    test.time.now += 1000;
    await client.defineType('alpha', [], { name: 'Second' });
    test.time.now += 1000;
    await client.defineType('gamma', [], { name: 'second' });
    await client.defineType('gone', []);
    await client.request('DELETE', types('/gone'));
  });
  after(() => {
    test.time.now = 0;
    test.workspace = workspace;
  });

  it('pages, newest first, with offset and limit', async () => {
    const reply = await client.get('/event-types?limit=2&offset=0');
    const { data, ...page } = reply.body;
    assert.deepEqual(page, { count: 2, total: 3, offset: 0, limit: 2 });
    assert.deepEqual(
      data.map((type: { reference: string }) => type.reference),
      ['gamma', 'alpha'],
    );
    assert.deepEqual(await list('limit=2&offset=2'), { references: ['beta'], count: 1, total: 3 });
    assert.deepEqual(await list('offset=30'), { references: [], count: 0, total: 3 });
    assert.equal((await list('limit=0')).count, 3);
    assert.equal((await list('limit=100000')).count, 3);
  });

  it('filters', async () => {
    assert.deepEqual((await list('archived=0')).total, 3);
    assert.deepEqual((await list('archived=true')).references, ['gone']);
    assert.deepEqual((await list('archived=1')).references, ['gone']);
    assert.deepEqual((await list('search=SECOND&sort=reference')).references, ['alpha', 'gamma']);
    assert.deepEqual((await list('search=eta')).references, ['beta']);
    assert.deepEqual((await list('storageKey=email')).references, ['beta']);
    assert.deepEqual((await list('reference=alpha')).references, ['alpha']);
  });

  it('sorts', async () => {
    assert.deepEqual((await list('sort=name,-createdAt')).references, ['beta', 'gamma', 'alpha']);
    assert.deepEqual((await list('sort=name,createdAt')).references, ['beta', 'alpha', 'gamma']);
    assert.deepEqual((await list('sort=-reference')).references, ['gamma', 'beta', 'alpha']);
  });

  it('refuses parameters that mean nothing', async () => {
    for (const query of ['sort=colour', 'archived=maybe', 'limit=-1', 'limit=ten', 'offset=1.5']) {
      const reply = await client.get(`/event-types?${query}`);
      assert.equal(reply.status, 400, query);
      assert.equal(reply.body.statusCode, 400);
    }
  });
});

describe('who may see event types', () => {
  it('answers 401 without error to no key, a wrong one and another dialect’s', async () => {
    for (const token of ['', 'wrong', test.workspace.credentials.webengage.apiKey]) {
      for (const [method, path] of [
        ['GET', types()],
        ['POST', types()],
        ['GET', types('/contact-form')],
        ['PATCH', types('/contact-form')],
        ['DELETE', types('/contact-form')],
      ] as const) {
        const reply = await client.request(method, path, method === 'GET' ? undefined : contactForm, token);
        assert.equal(reply.status, 401);
        assert.deepEqual(reply.body, { statusCode: 401, message: 'Unauthorized' });
      }
    }
  });

  it('answers 403 for another workspace’s project and 404 for an unknown one', async () => {
    const stranger = await test.addWorkspace();
    const token = stranger.credentials.webmarketer.accessToken;
    for (const [method, path] of [
      ['GET', types()],
      ['POST', types()],
      ['GET', types('/contact-form')],
      ['PATCH', types('/contact-form')],
      ['DELETE', types('/contact-form')],
    ] as const) {
      const reply = await client.request(method, path, method === 'GET' ? undefined : contactForm, token);
      assert.deepEqual(reply.body, {
        statusCode: 403,
        message: 'Forbidden resource',
        error: 'Forbidden',
      });
    }
    const unknown = await client.request('GET', '/projects/no-such-project/event-types');
    assert.equal(unknown.status, 404);
    assert.equal((await client.get('/event-types/contact-form')).body.archivedAt, null);
  });
});
