import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { eventTypeId } from '../../../src/dialects/signals/conversation/event-type-id.ts';
import { type TestWorkspace, useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;
const ad = '23852030589290425';
const span = { date_from: '2025-03-04', date_to: '2025-03-06' };
const columns = [
  'id',
  'app_id',
  'ad_id',
  'campaign_id',
  'phone',
  'type',
  'type_id',
  'type_value',
  'date',
  'conversation_id',
  'conversation_expire_time',
  'source_id',
];

const test = await useApp();
const client = new SignalsClient(test);
let stranger: TestWorkspace;

/** A lead by an ad with two messages and a button; one by a post; one by nothing, with two messages on the next day. */
before(async () => {
  stranger = await test.addWorkspace();
  const reply = await client.deliver(
    delivery(
      textMessage('ad-1', '33600000001', noon, { referral: referralTo(ad) }),
      textMessage('ad-2', '33600000001', noon + 60),
      textMessage('ad-3', '33600000001', noon + 120, {
        type: 'button',
        button: { text: '=1+1', payload: 'p' },
      }),
      textMessage('post-1', '33600000002', noon + 180, { referral: referralTo('77', 'post') }),
      textMessage('none-1', '33600000003', noon + 86_400),
      textMessage('none-2', '33600000003', noon + 86_460),
    ),
  );
  assert.equal(reply.status, 200);
  const other = new SignalsClient(test, stranger);
  await other.deliver(delivery(textMessage('strange', '33600000001', noon)));
});

const ids = (events: readonly Record<string, string | null>[]) =>
  events.map(({ id, type }) => `${id} ${type}`);

describe('GET /v1/clients/{clientId}/apps/{appId}/events', () => {
  it('gives a page of the app’s events, newest first, in the sample’s form', async () => {
    const reply = await client.get('/events', span);
    assert.equal(reply.status, 200);
    const page = reply.body;
    assert.deepEqual(Object.keys(page), ['data', 'total_count', 'offset', 'limit']);
    assert.deepEqual([page.total_count, page.offset, page.limit], [6, 0, 100]);
    assert.deepEqual(ids(page.data), [
      'none-2 engagement',
      'none-1 conversation',
      'post-1 conversation',
      'ad-3 button',
      'ad-2 engagement',
      'ad-1 conversation',
    ]);
    const { appId } = client.keys;
    const button = page.data[3];
    assert.deepEqual(Object.keys(button), columns);
    assert.deepEqual(button, {
      id: 'ad-3',
      app_id: appId,
      ad_id: ad,
      campaign_id: null,
      phone: '33600000001',
      type: 'button',
      type_id: eventTypeId(appId, 'button', '=1+1'),
      type_value: '=1+1',
      date: '2025-03-04T12:02:00',
      conversation_id: page.data[5].conversation_id,
      conversation_expire_time: '2025-03-05T12:00:00+00:00',
      source_id: ad,
    });
    assert.deepEqual([page.data[2].ad_id, page.data[2].source_id], [null, '77']);
    assert.deepEqual([page.data[0].ad_id, page.data[0].source_id], [null, null]);
  });

  it('takes days, whose ends are in them, and dates with times and offsets', async () => {
    const count = async (date_from: string, date_to: string) =>
      (await client.events({ date_from, date_to })).total_count;
    assert.equal(await count('2025-03-04', '2025-03-04'), 4);
    assert.equal(await count('2025-03-05', '2025-03-05'), 2);
    assert.equal(await count('2025-03-04T12:00:00', '2025-03-04T12:01:00'), 2);
    assert.equal(await count('2025-03-04T12:00:01', '2025-03-04T12:00:59'), 0);
    assert.equal(await count('2025-03-04T13:00:00+01:00', '2025-03-04T13:00:00 01:00'), 1);
    assert.equal(await count('0001-01-01', '9999-12-31'), 6);
  });

  it('filters by ad, by type and by the id of a type', async () => {
    const { appId } = client.keys;
    const found = async (query: Record<string, string>) => ids((await client.events(query)).data);
    assert.deepEqual(await found({ ad_id: ad }), ['ad-3 button', 'ad-2 engagement', 'ad-1 conversation']);
    assert.deepEqual(await found({ ad_id: ad, event_type: 'engagement' }), ['ad-2 engagement']);
    assert.deepEqual(await found({ event_type: 'keyword' }), []);
    assert.deepEqual(await found({ event_type_id: eventTypeId(appId, 'engagement', null) }), [
      'none-2 engagement',
      'ad-2 engagement',
    ]);
    assert.deepEqual(await found({ event_type_id: 'engagement#1', ad_id: ad }), ['ad-2 engagement']);
    assert.deepEqual(await found({ event_type_id: 'button#1' }), ['ad-3 button']);
    assert.deepEqual(await found({ event_type_id: 'button#2' }), []);
    assert.deepEqual(await found({ event_type_id: 'button#=1+1' }), ['ad-3 button']);
    assert.deepEqual(await found({ event_type_id: `button#${eventTypeId(appId, 'button', '=1+1')}` }), [
      'ad-3 button',
    ]);
    assert.deepEqual(await found({ event_type_id: 'keyword#1' }), []);
    assert.deepEqual(await found({ event_type_id: 'button#=1+1', event_type: 'engagement' }), []);
  });

  it('pages by limit and offset, and counts all', async () => {
    const reply = await client.get('/events', { ...span, limit: '2', offset: '3' });
    const page = reply.body;
    assert.deepEqual(ids(page.data), ['ad-3 button', 'ad-2 engagement']);
    assert.deepEqual([page.total_count, page.offset, page.limit], [6, 3, 2]);
    const beyond = await client.events({ offset: '600000000000' });
    assert.deepEqual([beyond.data.length, beyond.total_count], [0, 6]);
  });

  it('names everything that is wrong with the parameters, and clamps nothing', async () => {
    const reply = await client.get('/events', {
      limit: '0',
      offset: '-1',
      event_type: 'sale',
      event_type_id: 'x',
      date_to: 'soon',
    });
    assert.equal(reply.status, 422);
    const faults = reply.body.detail.map(({ loc, type }: { loc: string[]; type: string }) =>
      [...loc, type].join(' '),
    );
    assert.deepEqual(faults.sort(), [
      'query date_from value_error.missing',
      'query date_to value_error.datetime',
      'query event_type type_error.enum',
      'query event_type_id value_error',
      'query limit value_error.number.not_ge',
      'query offset value_error.number.not_ge',
    ]);
    for (const bad of [
      { limit: '1001' },
      { limit: '1e2' },
      { limit: 'all' },
      { offset: '9'.repeat(30) },
      { date_from: '2025-03-07' },
      { date_from: '2025-02-30' },
      { ad_id: 'a\u0000' },
    ]) {
      assert.equal((await client.get('/events', { ...span, ...bad })).status, 422, JSON.stringify(bad));
    }
  });
});

describe('GET …/events/export', () => {
  it('gives everything in the span as CSV, with cells that no spreadsheet runs', async () => {
    const reply = await client.get('/events/export', span);
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['content-type'], 'text/csv; charset=utf-8');
    assert.equal(reply.headers['content-disposition'], 'attachment; filename=events.csv');
    const rows = parse(reply.text, { record_delimiter: '\r\n' });
    assert.deepEqual(rows[0], columns);
    assert.equal(rows.length, 7);
    const button = rows.find((row) => row[0] === 'ad-3');
    assert.equal(button?.[columns.indexOf('type_value')], "'=1+1");
    assert.equal(button?.[columns.indexOf('ad_id')], ad);
  });

  it('takes limit and offset like the list, and gives the header alone when there is nothing', async () => {
    const some = parse((await client.get('/events/export', { ...span, limit: '2', offset: '1' })).text);
    assert.deepEqual(
      some.slice(1).map((row) => row[0]),
      ['none-1', 'post-1'],
    );
    const none = await client.get('/events/export', { date_from: '2001-01-01', date_to: '2001-01-02' });
    assert.equal(none.text, `${columns.join(',')}\r\n`);
    assert.equal((await client.get('/events/export', { ...span, limit: '1001' })).status, 422);
  });

  it('goes on over slices without losing or repeating an event, also of one and the same second', async () => {
    const crowd = new SignalsClient(test, await test.addWorkspace());
    const total = 2100;
    for (let sent = 0; sent < total; sent += 700) {
      const messages = Array.from({ length: 700 }, (_, index) =>
        textMessage(`m-${sent + index}`, `336${String(sent + index).padStart(8, '0')}`, noon),
      );
      assert.equal((await crowd.deliver(delivery(...messages))).status, 200);
    }
    const reply = await crowd.get('/events/export', span);
    const exported = parse(reply.text)
      .slice(1)
      .map((row) => row[0]);
    assert.equal(exported.length, total);
    assert.equal(new Set(exported).size, total);
    const listed = (await crowd.events({ limit: '1000', offset: '1000' })).data.map(({ id }) => id);
    assert.deepEqual(exported.slice(1000, 2000), listed);
  });
});

describe('GET …/event_types', () => {
  const values = async (query: Record<string, string>) =>
    (await client.get('/event_types', { ...span, ...query })).body.map(
      ({ value }: { value: string }) => value,
    );

  it('gives all there are, and with a filter those that it leaves', async () => {
    assert.equal((await values({})).length, 9);
    assert.deepEqual(await values({ event_type: 'keyword' }), ['keyword']);
    assert.deepEqual(await values({ event_type_id: 'keyword#1' }), ['keyword']);
    assert.deepEqual(await values({ ad_id: ad }), ['button', 'conversation', 'engagement']);
    assert.deepEqual(await values({ limit: '2' }), ['button', 'button_reply']);
    assert.equal((await client.get('/event_types')).status, 422);
  });
});

describe('GET …/standalone-events-stats', () => {
  it('counts conversations that no click began, and their events', async () => {
    const reply = await client.get('/standalone-events-stats');
    assert.deepEqual(reply.body, { sessions_num: 1, events_num: 2 });
    const empty = new SignalsClient(test, await test.addWorkspace());
    assert.deepEqual((await empty.get('/standalone-events-stats')).body, {
      sessions_num: 0,
      events_num: 0,
    });
  });
});

describe('who may read an app’s events', () => {
  const paths = ['/events', '/events/export', '/event_types', '/standalone-events-stats'];

  it('takes the token, and the API key under both names', async () => {
    const { apiKey } = client.keys;
    for (const headers of [client.authorized, { 'x-api-key': apiKey }, { 'd360-api-key': apiKey }]) {
      for (const path of paths) assert.equal((await client.get(path, span, headers)).status, 200);
    }
  });

  it('refuses no key, a wrong key and another dialect’s key', async () => {
    const { webengage } = test.workspace.credentials;
    for (const headers of [
      {},
      { authorization: 'Bearer x' },
      { authorization: `Bearer ${webengage.apiKey}` },
    ]) {
      for (const path of paths) {
        const reply = await client.get(path, span, headers as Record<string, string>);
        assert.equal(reply.status, 401);
        assert.deepEqual(reply.body, { detail: 'Not authenticated' });
        assert.equal(reply.headers['www-authenticate'], 'Bearer');
      }
    }
  });

  it('does not know another workspace’s client or app', async () => {
    const mine = client.keys;
    const theirs = stranger.credentials.signals;
    for (const path of paths) {
      for (const app of [
        theirs,
        { clientId: mine.clientId, appId: theirs.appId },
        { clientId: theirs.clientId, appId: mine.appId },
        { clientId: mine.clientId, appId: '1' },
      ]) {
        const reply = await client.get(path, span, client.authorized, app);
        assert.equal(reply.status, 404);
        assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
      }
    }
  });

  it('says in the vendor’s form that a path is not there', async () => {
    const reply = await client.get('/nothing');
    assert.equal(reply.status, 404);
    assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
  });
});

describe('POST /api/v2/token', () => {
  const signIn = (body: unknown) =>
    inject(test, {
      method: 'POST',
      url: '/api/v2/token',
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('gives a token that works for a day and no longer', async () => {
    const { username, password } = client.keys;
    const reply = await signIn({ username, password });
    assert.equal(reply.status, 200);
    const { access_token: token, ...rest } = reply.body;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 86_400 });
    const headers = { authorization: `Bearer ${token}` };
    const started = Date.now();
    assert.equal((await client.get('/events', span, headers)).status, 200);
    try {
      test.time.now = started + 86_390_000;
      assert.equal((await client.get('/events', span, headers)).status, 200);
      test.time.now = started + 86_460_000;
      assert.equal((await client.get('/events', span, headers)).status, 401);
    } finally {
      test.time.now = 0;
    }
  });

  it('refuses a wrong password, an unknown name and another dialect’s account alike', async () => {
    const { username } = client.keys;
    const { octeth } = test.workspace.credentials;
    for (const body of [
      { username, password: 'wrong' },
      { username, password: '' },
      { username: 'nobody', password: '' },
      { username: octeth.username, password: octeth.password },
    ]) {
      const reply = await signIn(body);
      assert.equal(reply.status, 401);
      assert.deepEqual(reply.body, { detail: 'Incorrect username or password' });
    }
  });

  it('names what is missing', async () => {
    const reply = await signIn({ username: 7 });
    assert.equal(reply.status, 422);
    assert.deepEqual(reply.body, {
      detail: [
        { loc: ['body', 'username'], msg: 'str type expected', type: 'type_error.str' },
        { loc: ['body', 'password'], msg: 'field required', type: 'value_error.missing' },
      ],
    });
  });
});
