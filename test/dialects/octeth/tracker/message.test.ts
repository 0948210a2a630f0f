import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { readQuarantined } from '../../../../src/core/quarantine/quarantine-store.ts';
import { octeth } from '../../../../src/dialects/octeth/index.ts';
import type { TrackerIds } from '../../../../src/dialects/octeth/tracker/tracker-script.ts';
import { useApp } from '../../../helpers/app.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { person, readEvents, trackerIds } from './browser.ts';

const test = await useApp();
let ids: TrackerIds;
before(async () => {
  ids = await trackerIds(test);
});
beforeEach(async () => {
  test.time.now = 0;
  await test.store.forgetEvents();
});

const beacon = {
  'content-type': 'text/plain;charset=UTF-8',
  'user-agent': person,
  origin: 'https://shop.example',
};

function message(parts: Record<string, unknown> = {}) {
  return { v: 1, ...ids, id: randomUUID(), uuid: randomUUID(), event: 'signup', properties: {}, ...parts };
}

function send(body: unknown, headers: Record<string, string> = {}) {
  return inject(test, {
    method: 'POST',
    url: '/hello/message',
    headers: { ...beacon, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function track(body: Record<string, unknown>) {
  const { apiKey, listId } = test.workspace.credentials.octeth;
  return inject(test, {
    method: 'POST',
    url: '/api/v1/event',
    body: { APIKey: apiKey, ListID: listId, ...body },
  });
}

const count = (kind: 'event' | 'quarantine') => test.store.count(kind);

describe('POST /hello/message', () => {
  it('stores a beacon’s event and answers any origin, with nothing of the visitor', async () => {
    await track({ Event: 'bought', Email: 'known@shop.example', ID: 'customer-7' });
    const reply = await send(message({ email: 'Known@shop.example', event: 'identify' }));
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(reply.body, { status: 'success' });
    assert.equal(reply.headers['x-server'], 'oempro_vector');
    assert.equal(reply.headers['access-control-allow-origin'], '*');
    assert.equal(reply.headers['access-control-allow-credentials'], undefined);
    const events = await readEvents(test);
    assert.equal(new Set(events.map((event) => event.recordId)).size, 1);
  });

  it('stores a message once, however often it comes and by whatever clock it was sent', async () => {
    const one = message({ at: 1000, sent: 2000 });
    for (const sent of [2000, 3000, 4000]) assert.equal((await send({ ...one, sent })).status, 200);
    assert.equal(await count('event'), 1);
    await send({ ...one, id: randomUUID() });
    assert.equal(await count('event'), 2);
  });

  it('counts a conversion once for its list, under either names, whatever the message, and apart from the API’s', async () => {
    const dashed = { 'conversion-id': 'o-9', 'conversion-name': 'purchase', 'conversion-value': 10 };
    const camel = { conversionId: 'o-9', conversionName: 'purchase', conversionValue: 10 };
    assert.equal((await send(message({ event: 'conversion', properties: camel }))).status, 200);
    assert.equal((await send(message({ event: 'conversion', properties: dashed }))).status, 200);
    await track({ Event: 'conversion', Email: 'a@b.test', Properties: dashed });
    const events = (await readEvents(test)).filter(({ type }) => type === 'conversion');
    assert.equal(events.length, 2);
    assert.equal(events[0]!.properties['conversion-value'], 10);
  });

  it('keeps a conversion that lacks something in quarantine, once, from where it can be replayed', async () => {
    const bad = message({ event: 'conversion', properties: { 'conversion-id': 'o-1' }, at: 0, sent: 60_000 });
    for (const sent of [60_000, 90_000]) {
      const reply = await send({ ...bad, sent });
      assert.equal(reply.status, 422);
      assert.deepEqual(reply.body.Errors[0].Code, 9);
    }
    const nameless = message({ event: 'conversion', properties: {} });
    for (const _ of [1, 2]) assert.equal((await send(nameless)).body.Errors[0].Code, 8);
    assert.equal(await count('quarantine'), 2);
    const rows = await test.store.quarantined();
    const kept = await Promise.all(
      rows.map(({ id }) => readQuarantined(test.database, test.workspace.created.id, id)),
    );
    const replays = kept.map((row) => octeth.replay(row!));
    assert.deepEqual(
      replays.map((replay) => replay.dedupe?.scope),
      ['octeth-message-conversion', 'octeth-message'],
    );
    const workspace = await test.app.services.workspaces.get(test.workspace.created.id);
    const [again] = replays[0]!.prepare(workspace);
    assert.ok(again?.kind === 'violation');
    assert.equal(kept[0]!.receivedAt.getTime() - again.occurredAt, 60_000);
  });

  it('drops a test, as the API does', async () => {
    assert.equal((await send(message({ properties: { isTest: true } }))).status, 200);
    assert.equal(await count('event'), 0);
  });

  it('takes the time from the span between the browser’s own times, a week at most', async () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    test.time.now = now;
    for (const [at, sent, age] of [
      [5_000, 65_000, 60_000],
      [65_000, 5_000, 0],
      [0, 1e15, 7 * 86_400_000],
      ['x', null, 0],
      [undefined, undefined, 0],
    ]) {
      const uuid = randomUUID();
      assert.equal((await send(message({ at, sent, uuid }))).status, 200);
      const event = (await readEvents(test)).find(({ properties }) => properties.$uuid === uuid)!;
      assert.equal(now - Date.parse(event.occurredAt), age);
    }
  });

  it('takes campaigns and click ids out of the landing, and no address that is none', async () => {
    const url = 'https://shop.example/?UTM_Source=news&utm_medium=&gclid=1&gclid=2&token=secret';
    await send(message({ event: 'pageView', landing: { url, referrer: '' } }));
    const bad = [
      { url: 'javascript:alert(1)?gclid=1' },
      { url: 7 },
      'x',
      null,
      { url: `https://a?gclid=${'1'.repeat(9000)}` },
    ];
    for (const landing of bad) assert.equal((await send(message({ landing }))).status, 200);
    const [view, ...others] = (await readEvents(test)).map(({ properties }) => properties);
    assert.deepEqual(Object.fromEntries(Object.entries(view!).filter(([name]) => !name.startsWith('$'))), {
      utm_source: 'news',
      gclid: '1',
    });
    for (const properties of others) assert.equal('gclid' in properties, false);
  });

  it('marks bots by their user agent, whatever the page says', async () => {
    const cases: [string, boolean][] = [
      [person, false],
      ['Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Mobile Safari/537.36', false],
      ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', true],
      ['Mozilla/5.0 HeadlessChrome/153.0', true],
      ['curl/8.5', true],
      ['', true],
    ];
    for (const [agent, isBot] of cases) {
      const uuid = randomUUID();
      await send(message({ uuid, properties: { $bot: !isBot } }), { 'user-agent': agent });
      const event = (await readEvents(test)).find(({ properties }) => properties.$uuid === uuid)!;
      assert.equal(event.properties.$bot, isBot ? true : undefined, agent);
    }
  });

  it('lets nobody claim an id but by the hash of an address that is known', async () => {
    await track({ Event: 'x', Email: 'hash@shop.example', ID: 'customer-8' });
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update('hash@shop.example').digest('hex');
    await send(message({ id_: 'customer-8', ID: 'customer-8', hash: 'customer-8', event: 'claim' }));
    await send(message({ hash, event: 'identify' }));
    const events = await readEvents(test);
    const known = events.find(({ type }) => type === 'x')!.recordId;
    assert.notEqual(events.find(({ type }) => type === 'claim')!.recordId, known);
    assert.equal(events.findLast(({ type }) => type === 'identify')!.recordId, known);
  });

  it('refuses what is no message, and stores nothing of it', async () => {
    const cases: [unknown, number, number][] = [
      [message({ v: 2 }), 400, 400],
      [message({ id: 'x' }), 400, 400],
      [message({ uuid: undefined }), 400, 400],
      [message({ properties: [1] }), 400, 400],
      [message({ event: ' ' }), 422, 5],
      [message({ event: 'identify' }), 422, 6],
      [message({ email: 'nobody' }), 422, 7],
      ['{"v":1', 400, 100000],
      [message({ properties: { text: 'x'.repeat(70_000) } }), 413, 413],
    ];
    for (const [body, status, code] of cases) {
      const reply = await send(body);
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.body.Errors[0].Code, code);
    }
    assert.equal(await count('event'), 0);
  });

  it('answers no other method', async () => {
    const got = await inject(test, { method: 'GET', url: '/hello/message' });
    assert.deepEqual([got.status, got.body.ErrorCode], [400, 100001]);
    const asked = await inject(test, {
      method: 'OPTIONS',
      url: '/hello/message',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    assert.equal(asked.status, 204);
  });

  it('refuses a list that is not there, is another workspace’s, or no list, alike', async () => {
    const other = await trackerIds(test, await test.addWorkspace());
    const workspace = await test.app.services.workspaces.get(test.workspace.created.id);
    const app = [...workspace.sources.values()].find(({ dialect }) => dialect !== 'octeth')!;
    const cases = [
      {},
      null,
      [],
      'text',
      message({ list: randomUUID() }),
      message({ user: randomUUID() }),
      message({ list: other.list }),
      message({ user: other.user }),
      message({ list: app.publicId }),
      message({ user: workspace.slug }),
      message({ list: test.workspace.credentials.octeth.listId }),
      message({ user: undefined, list: undefined, APIKey: test.workspace.credentials.octeth.apiKey }),
    ];
    const replies = await Promise.all(cases.map((body) => send(JSON.stringify(body))));
    assert.deepEqual([...new Set(replies.map((reply) => reply.status))], [401]);
    assert.equal(new Set(replies.map((reply) => reply.text)).size, 1);
    assert.equal(await count('event'), 0);
  });

  it('keeps to the workspace’s rate, when it has set one', async () => {
    const rateLimits = { 'octeth:hello.message': 2 };
    const limited = await trackerIds(test, await test.addWorkspace({ settings: { rateLimits } }));
    const statuses: number[] = [];
    for (let tries = 0; tries < 3; tries++) statuses.push((await send(message({ ...limited }))).status);
    assert.ok(statuses.includes(429), String(statuses));
  });
});
