import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { messageOf, WebengageClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const webengage = new WebengageClient(test);

const sample = {
  userId: 'johndoe',
  eventName: 'Added to Cart',
  eventTime: '2018-09-15T18:29:00-0800',
  eventData: {
    'Product ID': 1337,
    Price: 39.8,
    Quantity: 1,
    Product: 'Givenchy Pour Homme Cologne',
    Category: 'Fragrance',
    Currency: 'USD',
  },
};

describe('POST /v1/accounts/{licenseCode}/events', () => {
  it('stores the documented sample whole, at its instant, with its offset, and answers queued', async () => {
    const reply = await webengage.call('/events', sample);
    assert.equal(reply.status, 201);
    assert.match(String(reply.headers['content-type']), /^application\/json/);
    assert.equal(reply.text, '{"response":{"status":"queued"}}');
    const [event, ...others] = await test.store.events();
    assert.equal(others.length, 0);
    assert.equal(event!.type, 'Added to Cart');
    assert.deepEqual(event!.properties, sample.eventData);
    assert.equal(event!.occurredAt, '2018-09-16T02:29:00.000Z');
    assert.deepEqual(await test.store.detailOf(event!.id), { eventTime: '2018-09-15T18:29:00-0800' });
    assert.deepEqual(await test.store.accounting('webengage'), { received: 1, stored: 1 });
  });

  it('takes the mixed nested products of a well-known client', async () => {
    const products = { '0': { sku: 'A', price: 1 }, list: [1, 'b'] };
    const body = {
      ...sample,
      eventTime: '2020-04-17T20:12:44.758+05:30',
      anonymousId: 'x',
      eventData: { products },
    };
    assert.equal((await webengage.call('/events', body)).status, 201);
    const [event] = await test.store.events();
    assert.deepEqual(event!.properties, { products });
    assert.equal(event!.occurredAt, '2020-04-17T14:42:44.758Z');
  });

  it('needs one id, taken as text and trimmed, of at most 100 characters', async () => {
    const empty = 'Error: userId and anonymousId cannot be empty.';
    const refused: [object, string][] = [
      [{}, empty],
      [{ userId: '', anonymousId: null }, empty],
      [{ userId: ' \t', anonymousId: ' ' }, empty],
      [{ anonymousID: 'a' }, empty],
      [{ userId: 'u'.repeat(101) }, 'userId must not be longer than 100 characters.'],
      [{ anonymousId: 'a'.repeat(101) }, 'anonymousId must not be longer than 100 characters.'],
      [{ userId: true }, 'userId must be a string.'],
      [{ userId: {} }, 'userId must be a string.'],
      [{ anonymousId: ['a'] }, 'anonymousId must be a string.'],
    ];
    for (const [ids, message] of refused) {
      const reply = await webengage.call('/events', { ...ids, eventName: 'Paid' });
      assert.equal(reply.status, 400, reply.text);
      assert.equal(messageOf(reply), message);
    }
    const kept = [
      { userId: 'u'.repeat(100) },
      { userId: 42 },
      { userId: '42 ' },
      { userId: 'known', anonymousId: 'a'.repeat(101) },
      { userId: 'known', anonymousId: {} },
      { userId: '', anonymousId: 'a'.repeat(100) },
    ];
    for (const ids of kept)
      assert.equal((await webengage.call('/events', { ...ids, eventName: 'Paid' })).status, 201);
    const events = await test.store.events();
    assert.equal(events[1]!.profileId, events[2]!.profileId, 'a number is the text of it');
    assert.equal(events[3]!.profileId, events[4]!.profileId);
    const profiles = await test.store.profiles();
    assert.deepEqual(
      profiles.map(({ anonymous }) => anonymous),
      [false, false, false, true],
    );
  });

  it('refuses a number as an id that is beyond what is kept', async () => {
    const reply = await webengage.call('/events', '{"userId":1e400,"eventName":"Paid"}');
    assert.equal(reply.status, 400);
    assert.equal(messageOf(reply), 'userId must be a string.');
  });

  it('quarantines ids that would become one by what no store takes', async () => {
    for (const userId of ['"a\\ud800"', '"a\\ud801"', '"a\\u0000"']) {
      const reply = await webengage.call('/events', `{"userId":${userId},"eventName":"Paid"}`);
      assert.equal(reply.status, 201);
    }
    assert.deepEqual(await test.store.accounting('webengage'), { received: 3, quarantined: 3 });
    assert.deepEqual(await test.store.profiles(), []);
  });

  it('never merges by both ids of one call', async () => {
    for (const ids of [{ anonymousId: 'a' }, { userId: 'u', anonymousId: 'a' }, { anonymousId: 'a' }])
      await webengage.call('/events', { ...ids, eventName: 'Paid' });
    const [first, second, third] = await test.store.events();
    assert.equal(first!.profileId, third!.profileId);
    assert.notEqual(first!.profileId, second!.profileId);
    const persons = new Set((await test.store.profiles()).map(({ personId }) => personId));
    assert.equal(persons.size, 2);
  });

  it('needs a name of less than 50 characters, whatever is in it', async () => {
    const refused: [unknown, string][] = [
      [undefined, 'eventName cannot be empty.'],
      [null, 'eventName cannot be empty.'],
      ['', 'eventName cannot be empty.'],
      ['  ', 'eventName cannot be empty.'],
      [7, 'eventName must be a string.'],
      [['Paid'], 'eventName must be a string.'],
      ['e'.repeat(50), 'eventName must be less than 50 characters long.'],
      ['we_'.padEnd(50, 'e'), 'eventName must be less than 50 characters long.'],
    ];
    for (const [eventName, message] of refused) {
      const reply = await webengage.call('/events', { userId: 'u', eventName });
      assert.equal(reply.status, 400, reply.text);
      assert.equal(messageOf(reply), message);
    }
    // The names of the vendor's own events are discouraged, not refused (B13).
    const names = ['e'.repeat(49), 'paid', 'Paid', 'Été à 東京', 'user_logged_in'];
    for (const eventName of names)
      assert.equal((await webengage.call('/events', { userId: 'u', eventName })).status, 201);
    assert.deepEqual(
      (await test.store.events()).map(({ type }) => type),
      names,
    );
  });

  it('answers a reserved event as queued, stores nothing of it and counts it as dropped', async () => {
    for (const eventName of ['we_', 'we_paid']) {
      const reply = await webengage.call('/events', { userId: 'new', eventName });
      assert.equal(reply.status, 201);
      assert.deepEqual(reply.body, { response: { status: 'queued' } });
    }
    assert.deepEqual(await test.store.profiles(), []);
    assert.deepEqual(await test.store.accounting('webengage'), { received: 2, 'dropped reserved-event': 2 });
    for (const eventName of ['WE_paid', 'we-paid', 'xwe_'])
      await webengage.call('/events', { userId: 'u', eventName });
    assert.equal((await test.store.events()).length, 3);
  });

  it('takes the forms of ISO times, and the time of receipt for none', async () => {
    const now = Date.parse('2026-03-01T12:00:00.123Z');
    const taken: [unknown, string][] = [
      ['2018-09-15T18:29:00-0800', '2018-09-16T02:29:00.000Z'],
      ['2018-09-15T18:29:00+00:00', '2018-09-15T18:29:00.000Z'],
      ['2018-09-15T18:29:00.5Z', '2018-09-15T18:29:00.500Z'],
      ['2018-09-15T18:29:00.123456+0530', '2018-09-15T12:59:00.123Z'],
      ['1903-01-01T00:00:00Z', '1903-01-01T00:00:00.000Z'],
      ['2903-01-01T00:00:00Z', '2903-01-01T00:00:00.000Z'],
      [undefined, new Date(now).toISOString()],
      [null, new Date(now).toISOString()],
      ['', new Date(now).toISOString()],
    ];
    test.time.now = now;
    for (const [eventTime] of taken) {
      const reply = await webengage.call('/events', { userId: 'u', eventName: 'Paid', eventTime });
      assert.equal(reply.status, 201, reply.text);
    }
    test.time.now = 0;
    assert.deepEqual(
      (await test.store.events()).map(({ occurredAt }) => occurredAt),
      taken.map(([, instant]) => instant),
    );
    const refused = [
      1_536_999_999,
      '1536999999',
      'yesterday',
      '2018-09-15',
      '2018-09-15T18:29:00',
      '2018-09-15 18:29:00Z',
      {},
      true,
    ];
    const none = [
      '2018-02-30T00:00:00Z',
      '2018-13-01T00:00:00Z',
      '2018-09-15T25:00:00Z',
      '2018-09-15T18:29:00+99:00',
      '0001-01-01T00:00:00+0100',
      '9999-12-31T23:59:59-0100',
      '0000-06-01T00:00:00Z',
    ];
    for (const eventTime of refused) {
      const reply = await webengage.call('/events', { userId: 'u', eventName: 'Paid', eventTime });
      assert.equal(reply.status, 400, String(eventTime));
      assert.equal(messageOf(reply), 'eventTime must be in ISO format yyyy-MM-ddTHH:mm:ss±hhmm.');
    }
    for (const eventTime of none) {
      const reply = await webengage.call('/events', { userId: 'u', eventName: 'Paid', eventTime });
      const message = 'eventTime must be a time that there is, in the years 1 to 9999 of UTC.';
      assert.deepEqual([reply.status, messageOf(reply)], [400, message], eventTime);
    }
  });

  it('takes eventData as an object or as the JSON text of one', async () => {
    const taken: [unknown, object][] = [
      [undefined, {}],
      [null, {}],
      ['', {}],
      [{}, {}],
      ['{"a":1}', { a: 1 }],
      [
        { a: null, b: 'b', B: 'B' },
        { b: 'b', B: 'B' },
      ],
    ];
    for (const [eventData] of taken)
      assert.equal(
        (await webengage.call('/events', { userId: 'u', eventName: 'Paid', eventData })).status,
        201,
      );
    assert.deepEqual(
      (await test.store.events()).map(({ properties }) => properties),
      taken.map(([, properties]) => properties),
    );
    const deep = `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`;
    for (const eventData of [[], '[]']) {
      const reply = await webengage.call('/events', { userId: 'php', eventName: 'Paid', eventData });
      assert.equal(reply.status, 201, 'an empty map, as PHP writes one');
    }
    for (const eventData of [7, true, [1], 'text', '[1]', '"{}"', '{"a":', '{"__proto__":{"a":1}}', deep]) {
      const reply = await webengage.call('/events', { userId: 'u', eventName: 'Paid', eventData });
      assert.equal(reply.status, 400, String(eventData));
      assert.equal(messageOf(reply), 'eventData must be a JSON object.');
    }
  });

  it('judges the ids before the name, and the name before the time and the data', async () => {
    const long = 'x'.repeat(101);
    const order: [object, RegExp][] = [
      [{ userId: long, eventName: long, eventTime: 1, eventData: 1 }, /^userId/],
      [{ userId: 'u', eventName: long, eventTime: 1, eventData: 1 }, /^eventName/],
      [{ userId: 'u', eventName: 'e', eventTime: 1, eventData: 1 }, /^eventTime/],
      [{ userId: 'u', eventName: 'e', eventData: 1 }, /^eventData/],
    ];
    for (const [body, message] of order)
      assert.match(messageOf(await webengage.call('/events', body)), message);
  });

  it('keeps a number in quarantine that JSON could not give back, whole', async () => {
    const body = '{"userId":"u","eventName":"Paid","eventData":{"price":1e400}}';
    assert.equal((await webengage.call('/events', body)).status, 201);
    const [kept] = await test.store.quarantined();
    assert.deepEqual([kept!.rule, kept!.path], ['number-not-storable', '/eventData/price']);
    assert.equal(kept!.raw, body);
  });
});
