import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { TrackerIds } from '../../../../src/dialects/octeth/tracker/tracker-script.ts';
import { useApp } from '../../../helpers/app.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { eventually, person, readEvents, trackerIds } from './browser.ts';

const test = await useApp({ freshWorkspace: true });
let ids: TrackerIds;
beforeEach(async () => {
  ids = await trackerIds(test, test.workspace);
});

function send(parts: Record<string, unknown>, userAgent = person) {
  const message = { v: 1, ...ids, id: randomUUID(), uuid: randomUUID(), event: 'signup', ...parts };
  return inject(test, {
    method: 'POST',
    url: '/hello/message',
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': userAgent },
    body: message,
  });
}

interface Counts {
  readonly refused: number;
  readonly refusedBy: Record<string, number>;
  readonly droppedBy: Record<string, number>;
  readonly received: number;
  readonly stored: number;
  readonly quarantined: number;
}

async function readCounts(): Promise<Counts | undefined> {
  const { body } = await test.native.call('GET', '/accounting');
  return body.hours.find(({ dialect }: { dialect: string }) => dialect === 'octeth');
}

describe('a page’s message', () => {
  it('that is refused is counted for its workspace, by why, and not as received', async () => {
    for (const parts of [{ v: 2 }, { event: ' ' }, { event: 'identify' }, { list: randomUUID() }])
      assert.ok((await send(parts)).status >= 400);
    const counts = await eventually(async () => {
      const found = await readCounts();
      return found?.refused === 4 && found;
    }, 'four counted refusals');
    assert.deepEqual(counts.refusedBy, { 'invalid-request': 3, unauthenticated: 1 });
    assert.equal(counts.received, 0);
  });

  it('over the workspace’s rate is counted so too', async () => {
    const rateLimits = { 'octeth:hello.message': 1 };
    await test.native.call('PATCH', '', { body: { rateLimits } });
    test.time.now = Date.parse('2026-03-01T10:00:30Z');
    assert.equal((await send({})).status, 200);
    const refused = await send({});
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '30']);
    assert.equal(refused.body.Errors[0].Code, 429);
    test.time.now = 0;
    const { body } = await eventually(async () => {
      const query = '/accounting?since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z';
      const found = await test.native.call('GET', query);
      return found.body.hours?.[0]?.refused === 1 && found;
    }, 'a counted refusal');
    assert.deepEqual(body.hours[0].refusedBy, { 'rate-limited': 1 });
  });

  it('whose event goes to quarantine is counted there, and is no refusal', async () => {
    assert.equal((await send({ event: 'conversion' })).status, 422);
    const { apiKey, listId } = test.workspace.credentials.octeth;
    const payload = { APIKey: apiKey, ListID: listId, Event: 'conversion', Email: 'a@b.test' };
    const api = await inject(test, { method: 'POST', url: '/api/v1/event', body: payload });
    assert.equal(api.status, 422);
    await send({ event: ' ' });
    const counts = await eventually(async () => {
      const found = await readCounts();
      return found && found.refused > 0 && found;
    }, 'a counted refusal');
    assert.deepEqual([counts.quarantined, counts.received, counts.refused], [2, 2, 1]);
  });

  it('of a test is answered, not stored, and counted as dropped; a silent one is stored', async () => {
    for (const isTest of [true, 'true', 1, '1'])
      assert.equal((await send({ properties: { isTest } })).status, 200);
    assert.equal((await send({ properties: { ISSILENT: true } })).status, 200);
    assert.equal((await send({ properties: { isTest: false } })).status, 200);
    const counts = await readCounts();
    assert.deepEqual(counts!.droppedBy, { 'test-event': 4 });
    assert.deepEqual([counts!.received, counts!.stored], [6, 2]);
    const events = await readEvents(test, test.workspace);
    assert.deepEqual(
      events.map(({ properties }) => properties.ISSILENT),
      [true, undefined],
    );
  });

  it('of a bot is counted by type and day, beside those of people', async () => {
    await send({}, 'Mozilla/5.0 (compatible; Googlebot/2.1)');
    await send({}, '');
    await send({});
    const rows = await test.store.countedMetrics('signup');
    assert.deepEqual(
      rows.map(({ metric, total }) => [metric, total]),
      [
        ['bot', 2],
        ['event-count', 3],
      ],
    );
  });
});
