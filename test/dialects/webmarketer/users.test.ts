import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

before(async () => {
  await client.defineType('lead', [
    field('user', 'string', 'lastname', { optional: true }),
    field('user', 'email', 'email', { discriminant: true, optional: true }),
    field('user', 'phone', 'phone', { discriminant: true, optional: true }),
    field('user', 'number', 'age', { optional: true }),
    field('user', 'boolean', 'vip', { optional: true }),
    field('event', 'string', 'note', { optional: true }),
    field('statistic', 'number', 'budget', { optional: true }),
  ]);
  await addPeople();
});

let nonce = 0;

function lead(data: object, eventDate: string, more: object = {}): Promise<string> {
  return client.sendFine({ eventType: 'lead', nonce: `n-${++nonce}`, eventDate, data, ...more });
}

/** Ada with three events, Bob and Dora by one each, and two visitors, of whom one has told an age. */
async function addPeople(): Promise<void> {
  const at = (second: number) => Date.parse('2026-05-01T10:00:00Z') + second * 1000;
  test.time.now = at(0);
  const ada = { email: 'Ada@Example.com', lastname: 'Lovelace', age: 36 };
  await lead({ ...ada, note: 'second' }, '2026-04-02T00:00:00Z');
  test.time.now = at(1);
  await lead({ ...ada, note: 'first', budget: 5 }, '2026-04-01T00:00:00Z');
  await lead(
    { email: 'ada@example.com', phone: '0639980011', vip: true, note: 'third' },
    '2026-04-03T00:00:00Z',
  );
  test.time.now = at(2);
  await lead({ email: 'bob@example.com', lastname: 'Babbage', age: 7 }, '2026-03-01T00:00:00Z');
  test.time.now = at(3);
  await lead({ email: 'dora@example.com', lastname: 'de Vries', age: 100 }, '2026-02-01T00:00:00Z');
  test.time.now = at(4);
  await lead({ age: 50 }, '2026-01-01T00:00:00Z', { trackerId: 'visitor-1' });
  await lead({ note: 'who?' }, '2026-01-01T00:00:00Z', { trackerId: 'visitor-0' });
  test.time.now = 0;
}

interface ShownUser {
  readonly _id: string;
  readonly fields: { readonly field: string; readonly values: unknown[] }[];
}

async function search(body: unknown = {}) {
  const reply = await client.request('POST', `/projects/${client.projectId}/users/search`, body);
  assert.equal(reply.status, 200, reply.text);
  const page = reply.body as {
    data: ShownUser[];
    count: number;
    total: number;
    offset: number;
    limit: number;
  };
  assert.equal(page.count, page.data.length);
  return page;
}

function valuesOf(user: ShownUser, key: string): unknown[] {
  return user.fields.find(({ field: name }) => name === key)?.values ?? [];
}

async function namesFor(body: object): Promise<unknown[]> {
  const { data } = await search(body);
  return data.map((user) => valuesOf(user, 'lastname')[0] ?? null);
}

async function findAda(): Promise<ShownUser> {
  const { data } = await search({ filters: { email: 'ada@example.com' } });
  assert.equal(data.length, 1);
  return data[0]!;
}

describe('POST …/users/search', () => {
  it('answers a page of users, each with its values and dates', async () => {
    const page = await search({
      fields: [],
      order: 'ASC',
      sort: 'lastname',
      filters: null,
      limit: 2,
      offset: 1,
    });
    assert.deepEqual(
      { ...page, data: page.data.map((user) => valuesOf(user, 'lastname')) },
      { data: [['de Vries'], ['Lovelace']], count: 2, total: 4, offset: 1, limit: 2 },
    );
    const ada = page.data[1]!;
    assert.match(ada._id, /^[0-9a-f]{24}$/);
    assert.deepEqual(
      { ...ada, _id: '' },
      {
        _id: '',
        projectId: client.projectId,
        fields: [
          { field: 'age', values: [36] },
          { field: 'email', values: ['ada@example.com'] },
          { field: 'lastname', values: ['Lovelace'] },
          { field: 'phone', values: ['+33 6 39 98 00 11'] },
          { field: 'vip', values: [true] },
        ],
        lastInteractionDate: null,
        firstInteractionDate: null,
        lastEventDate: '2026-04-03T00:00:00.000Z',
        firstEventDate: '2026-04-01T00:00:00.000Z',
        createdAt: '2026-05-01T10:00:00.000Z',
        updatedAt: '2026-05-01T10:00:01.000Z',
      },
    );
  });

  it('shows all of whom anything is known, by creation unless asked otherwise', async () => {
    const everybody = ['Lovelace', 'Babbage', 'de Vries', null];
    assert.deepEqual(await namesFor({}), everybody);
    assert.deepEqual(await namesFor({ sort: null, order: null, fields: null, limit: 0 }), everybody);
    assert.deepEqual(await namesFor({ order: 'DESC' }), everybody.toReversed());
  });

  it('sorts by a field, numbers by size and texts whatever their case, who has none last', async () => {
    assert.deepEqual(await namesFor({ sort: 'lastname' }), ['Babbage', 'de Vries', 'Lovelace', null]);
    const descending = { sort: 'lastname', order: 'DESC' };
    assert.deepEqual(await namesFor(descending), ['Lovelace', 'de Vries', 'Babbage', null]);
    assert.deepEqual(await namesFor({ sort: 'age' }), ['Babbage', 'Lovelace', null, 'de Vries']);
    assert.deepEqual(await namesFor({ sort: 'updatedAt' }), ['Lovelace', 'Babbage', 'de Vries', null]);
    assert.equal((await search({ sort: 'no-such-field' })).total, 4);
  });

  it('shows only the fields that are asked for, in their order', async () => {
    const { data } = await search({ fields: ['lastname', 'age', 'none'], limit: 1 });
    assert.deepEqual(data[0]!.fields, [
      { field: 'lastname', values: ['Lovelace'] },
      { field: 'age', values: [36] },
    ]);
  });

  it('filters by equal values, in whichever form of their type', async () => {
    assert.deepEqual(await namesFor({ filters: { lastname: 'Babbage' } }), ['Babbage']);
    assert.deepEqual(await namesFor({ filters: { lastname: 'babbage' } }), []);
    assert.deepEqual(await namesFor({ filters: { email: 'BOB@example.com' } }), ['Babbage']);
    assert.deepEqual(await namesFor({ filters: { phone: '+33639980011' } }), ['Lovelace']);
    assert.deepEqual(await namesFor({ filters: { age: 7 } }), ['Babbage']);
    assert.deepEqual(await namesFor({ filters: { vip: 1 } }), ['Lovelace']);
    assert.deepEqual(await namesFor({ filters: { vip: false } }), []);
    assert.deepEqual(await namesFor({ filters: [] }), await namesFor({}), 'PHP’s empty object');
  });

  it('filters by parts of texts, and by several fields at once', async () => {
    assert.deepEqual(await namesFor({ filters: { lastname: { contains: 'B' } } }), ['Babbage']);
    assert.deepEqual(await namesFor({ filters: { email: { contains: '@EXAMPLE' } } }), [
      'Lovelace',
      'Babbage',
      'de Vries',
    ]);
    const both = { lastname: { contains: 'e' }, age: 36, email: { contains: 'ada' } };
    assert.deepEqual(await namesFor({ filters: both, sort: 'lastname' }), ['Lovelace']);
    assert.deepEqual(await namesFor({ filters: { ...both, age: 37 } }), []);
    assert.deepEqual(await namesFor({ filters: { email: { contains: '%' } } }), []);
    assert.equal((await search({ filters: { email: { contains: '@' } }, limit: 1, offset: 1 })).total, 3);
  });

  it('shows when the first and the last interaction was, whichever of the user’s profiles had it', async () => {
    const address = { email: 'frank@example.com' };
    await lead(address, '2026-08-01T00:00:00Z', { trackerId: 'visitor-2' });
    for (const day of [1, 2, 3]) {
      const at = `2026-07-0${day}T00:00:00Z`;
      const body = { url: 'https://shop.example/', trackerId: 'visitor-2', at };
      assert.equal((await test.native.call('POST', '/visits', { body })).status, 201);
    }
    const { data } = await search({ filters: address });
    assert.partialDeepStrictEqual(data, [
      {
        firstInteractionDate: '2026-07-01T00:00:00.000Z',
        lastInteractionDate: '2026-07-03T00:00:00.000Z',
        firstEventDate: '2026-08-01T00:00:00.000Z',
        lastEventDate: '2026-08-01T00:00:00.000Z',
      },
    ]);
  });

  it('answers an empty page beyond the last user', async () => {
    const { data, total, offset } = await search({ offset: 40 });
    assert.deepEqual({ data, total, offset }, { data: [], total: 5, offset: 40 });
    assert.equal((await search({ offset: Number.MAX_SAFE_INTEGER })).total, 5);
  });

  it('refuses with a message what is no search', async () => {
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`f${index}`, 1]));
    const cases: [unknown, RegExp][] = [
      [[1], /body must be an object/],
      [{ fields: 'email' }, /fields must be an array/],
      [{ fields: [7] }, /fields\.0 must be a string/],
      [{ fields: Array(201).fill('a') }, /at most 200/],
      [{ sort: 7 }, /sort must be a string/],
      [{ sort: 'x'.repeat(65) }, /sort must be shorter/],
      [{ order: 'UP' }, /order must be one of/],
      [{ limit: '10' }, /limit must be an integer/],
      [{ offset: -1 }, /offset must be an integer/],
      [{ filters: 'email' }, /filters must be an object/],
      [{ filters: many }, /at most 5 fields/],
      [{ filters: { email: { like: 'a' } } }, /filters\.email must be a string, a number/],
      [{ filters: { email: { contains: 7 } } }, /filters\.email\.contains must be a string/],
      [{ filters: { email: ['a', 'b'] } }, /filters\.email must be an object/],
      [{ filters: { email: '\u0000' } }, /well-formed/],
      ['{', /not valid JSON/],
    ];
    for (const [body, message] of cases) {
      const reply = await client.request('POST', `/projects/${client.projectId}/users/search`, body);
      assert.equal(reply.status, 400, reply.text);
      assert.match(reply.body.message, message);
      assert.equal(reply.body.error, 'Bad Request');
    }
  });

  it('shows users who turn out to be one as one, with the values of both', async () => {
    const both = { fields: ['email', 'phone'], filters: { email: { contains: 'grace' } } };
    await lead({ email: 'grace@work.example' }, '2026-06-01T00:00:00Z');
    await lead({ phone: '+33639980099', lastname: 'Hopper' }, '2026-06-02T00:00:00Z');
    assert.equal((await search()).total, 7);
    await lead({ email: 'grace@home.example', phone: '+33639980099' }, '2026-06-03T00:00:00Z');
    await lead({ email: 'grace@work.example', phone: '+33639980099' }, '2026-06-04T00:00:00Z');
    const { data, total } = await search(both);
    assert.equal(total, 1);
    assert.deepEqual(
      new Set(valuesOf(data[0]!, 'email')),
      new Set(['grace@work.example', 'grace@home.example']),
    );
    assert.deepEqual(valuesOf(data[0]!, 'phone'), ['+33 6 39 98 00 99']);
    assert.equal((await search()).total, 6);
    for (const email of ['grace@work.example', 'grace@home.example'])
      assert.deepEqual(await namesFor({ filters: { email } }), ['Hopper'], email);
  });
});

describe('GET …/users/{userId}/events', () => {
  it('answers the computed events of the user, newest first', async () => {
    const { _id } = await findAda();
    const reply = await client.get(`/users/${_id}/events?`);
    assert.equal(reply.status, 200, reply.text);
    const { data, ...page } = reply.body;
    assert.deepEqual(page, { count: 3, total: 3, offset: 0, limit: 10 });
    const notes = data.map((event: { event: { note: { current: string } } }) => event.event.note.current);
    assert.deepEqual(notes, ['third', 'second', 'first']);
    for (const event of data) {
      assert.equal(event.userId, _id);
      assert.deepEqual((await client.get(`/events/${event._id}`)).body, event);
    }
  });

  it('pages through them', async () => {
    const { _id } = await findAda();
    const all = (await client.get(`/users/${_id}/events`)).body.data;
    for (const offset of [0, 1, 2, 3, 400, Number.MAX_SAFE_INTEGER]) {
      const page = (await client.get(`/users/${_id}/events?limit=1&offset=${offset}`)).body;
      assert.deepEqual(page.data, all.slice(offset, offset + 1));
      assert.equal(page.total, 3);
      assert.equal(page.offset, offset);
    }
    assert.equal((await client.get(`/users/${_id}/events?limit=0`)).body.count, 3);
  });

  it('has those of everybody that the user consists of, under each of their ids', async () => {
    const [visitor] = (await search({ filters: { age: 50 } })).data;
    await lead({ email: 'erin@example.com' }, '2026-07-01T00:00:00Z', { trackerId: 'visitor-1' });
    const { data } = await search({ filters: { email: 'erin@example.com' } });
    const read = async (id: string) => (await client.get(`/users/${id}/events`)).body;
    const events = await read(data[0]!._id);
    assert.equal(events.total, 2);
    assert.deepEqual(
      events.data.map((event: { eventDate: string }) => event.eventDate),
      ['2026-07-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    );
    assert.deepEqual(await read(visitor!._id), events);
  });

  it('is 404 for a user that there is not, and 400 for a page that there can’t be', async () => {
    for (const id of ['0123456789abcdef01234567', 'none', '__proto__']) {
      const reply = await client.get(`/users/${id}/events`);
      assert.equal(reply.status, 404);
      assert.deepEqual(reply.body, { statusCode: 404, message: 'User not found', error: 'Not Found' });
    }
    const { _id } = await findAda();
    for (const query of ['limit=-1', 'offset=x', 'offset=1.5'])
      assert.equal((await client.get(`/users/${_id}/events?${query}`)).status, 400, query);
  });

  it('knows no users of other APIs', async () => {
    const { credentials } = test.workspace;
    const { licenseCode, apiKey } = credentials.webengage;
    const reply = await inject(test, {
      method: 'POST',
      url: `/v1/accounts/${licenseCode}/users`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: { userId: 'we-1', email: 'we@example.com' },
    });
    assert.ok(reply.status < 300, reply.text);
    assert.deepEqual(await namesFor({ filters: { email: 'we@example.com' } }), []);
  });
});

it('users are shown to who has a key of the project', async () => {
  const foreign = new WebmarketerClient(test, await test.addWorkspace());
  const { apiKey } = test.workspace.credentials.webengage;
  const { _id } = await findAda();
  for (const [method, path, body] of [
    ['POST', `/projects/${client.projectId}/users/search`, {}],
    ['GET', `/projects/${client.projectId}/users/${_id}/events`, undefined],
  ] as const) {
    assert.equal((await client.request(method, path, body, '')).status, 401);
    assert.equal((await client.request(method, path, body, 'wrong')).status, 401);
    assert.equal((await client.request(method, path, body, apiKey)).status, 401);
    assert.equal((await foreign.request(method, path, body)).status, 403);
  }
  assert.equal((await foreign.get(`/users/${_id}/events`)).status, 404);
  const own = await foreign.request('POST', `/projects/${foreign.projectId}/users/search`, {});
  assert.deepEqual(own.body, { data: [], count: 0, total: 0, offset: 0, limit: 10 });
});
