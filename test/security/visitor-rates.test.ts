import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { AddressLimiter } from '../../src/core/rate-limit/address-limiter.ts';
import type { TrackerIds } from '../../src/dialects/octeth/tracker/tracker-script.ts';
import { person, trackerIds } from '../dialects/octeth/tracker/browser.ts';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

const messages = 5;
const bytes = 20_000;

const test = await useApp({
  environment: { THROUGHLINE_ADDRESS_MESSAGES: String(messages), THROUGHLINE_ADDRESS_BYTES: String(bytes) },
});
let ids: TrackerIds;
before(async () => {
  ids = await trackerIds(test);
});

let minute = Date.parse('2026-03-01T10:00:00Z');
beforeEach(() => {
  minute += 60_000;
  test.time.now = minute + 20_000;
});

const message = (parts: Record<string, unknown> = {}) =>
  JSON.stringify({ v: 1, ...ids, id: randomUUID(), uuid: randomUUID(), event: 'signup', ...parts });

function send(remoteAddress: string, payload = message()) {
  return inject(test, {
    method: 'POST',
    url: '/hello/message',
    remoteAddress,
    headers: { 'content-type': 'text/plain', 'user-agent': person, origin: 'https://shop.example' },
    body: payload,
  });
}

async function statuses(count: number, address: (index: number) => string, payload?: () => string) {
  const all: number[] = [];
  for (let index = 0; index < count; index++) all.push((await send(address(index), payload?.())).status);
  return all;
}

describe('messages without a key', () => {
  it('of one address are taken up to its number in a minute, in words and with the time to wait beyond', async () => {
    assert.deepEqual(await statuses(messages, () => '203.0.113.1'), Array(messages).fill(200));
    const refused = await send('203.0.113.1');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '40');
    assert.equal(refused.headers['access-control-allow-origin'], '*');
    const text = 'Too many requests.';
    assert.deepEqual(refused.body, {
      Success: false,
      ErrorCode: 429,
      ErrorText: text,
      Errors: [{ Code: 429, Message: text }],
    });
    assert.equal((await send('203.0.113.2')).status, 200);
    test.time.now = minute + 60_000;
    assert.equal((await send('203.0.113.1')).status, 200);
    minute += 60_000;
  });

  it('of a network of IPv6 count as those of one address', async () => {
    const all = await statuses(messages + 1, (index) => `2001:db8:1:2::${index}`);
    assert.deepEqual(all, [...Array(messages).fill(200), 429]);
  });

  it('count whatever is wrong with them', async () => {
    const wrong = [() => '{', () => message({ list: randomUUID() }), () => message({ v: 2 })];
    for (const [index, payload] of wrong.entries()) {
      const all = await statuses(messages + 1, () => `203.0.113.1${index}`, payload);
      assert.ok(all.slice(0, messages).every((status) => status === 400 || status === 401));
      assert.equal(all.at(-1), 429);
    }
  });

  it('of one address are taken up to its bytes, too', async () => {
    const large = () => message({ properties: { text: 'x'.repeat(bytes / 2) } });
    assert.deepEqual(await statuses(3, () => '203.0.113.3', large), [200, 200, 429]);
  });

  it('take nothing from the keyed calls of the same address', async () => {
    await statuses(messages + 1, () => '203.0.113.4');
    const { apiKey, listId } = test.workspace.credentials.octeth;
    const reply = await inject(test, {
      method: 'POST',
      url: '/api/v1/event',
      remoteAddress: '203.0.113.4',
      body: { APIKey: apiKey, ListID: listId, Event: 'x', Email: 'ada@example.com' },
    });
    assert.equal(reply.status, 200, reply.text);
  });

  it('of one workspace are bounded in number and bytes by its settings, and another’s are not', async () => {
    const set = (rateLimits: Record<string, number>) =>
      test.native.call('PATCH', '', { body: { rateLimits } });
    const address = (index: number) => `198.51.100.${index}`;
    assert.equal((await set({ 'octeth:hello.message': 3 })).status, 200);
    assert.deepEqual(await statuses(4, address), [200, 200, 200, 429]);
    minute += 60_000;
    test.time.now = minute + 20_000;
    await set({ 'octeth:hello.message': 0, 'octeth:hello.message.bytes': 10_000 });
    const large = () => message({ properties: { text: 'x'.repeat(4000) } });
    assert.deepEqual(await statuses(3, address, large), [200, 200, 429]);
    const other = await trackerIds(test, await test.addWorkspace());
    assert.equal((await send('198.51.100.9', message({ ...other }))).status, 200);
    await set({ 'octeth:hello.message.bytes': 0 });
    assert.deepEqual(await statuses(3, (index) => address(100 + index), large), [200, 200, 200]);
  });
});

describe('the limits', () => {
  it('are on unless they are set off, and far from what people send', () => {
    assert.deepEqual(loadConfig({}, []).visitorAllowance, { messages: 1200, bytes: 8 * 1024 * 1024 });
    const off = { THROUGHLINE_ADDRESS_MESSAGES: '0', THROUGHLINE_ADDRESS_BYTES: '0' };
    const limiter = new AddressLimiter(loadConfig(off, []).visitorAllowance, () => minute);
    limiter.addBytes('192.0.2.1', 1e12);
    for (let index = 0; index < 10_000; index++) assert.equal(limiter.begin('192.0.2.1'), 0);
  });

  it('of a workspace are on without a setting', async () => {
    const added = await test.addWorkspace();
    const workspace = await test.app.services.workspaces.get(added.created.id);
    const own = await trackerIds(test, added);
    const sent = { amount: 29_999, usual: 30_000 };
    test.app.services.rateLimiter.take(workspace, 'octeth:hello.message', sent);
    const payload = () => message({ ...own });
    assert.deepEqual(await statuses(2, (index) => `192.0.2.${index}`, payload), [200, 429]);
  });

  it('keep a bounded number of addresses, of which those that send again outlast a flood of others', () => {
    const limiter = new AddressLimiter({ messages: 2, bytes: 0 }, () => minute);
    const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    for (let message = 0; message < 3; message++) limiter.begin('192.0.2.1');
    for (let index = 0; index < 120_000; index++) limiter.begin(address(index));
    assert.ok(limiter.begin('192.0.2.1') > 0, 'of who sends again');
    assert.equal(limiter.begin(address(119_999)), 0);
    assert.ok(limiter.begin(address(119_999)) > 0, 'of the last of the others');
    for (let message = 0; message < 2; message++) assert.equal(limiter.begin(address(0)), 0, 'forgotten');
  });
});
