import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
let eventId: string;

before(async () => {
  const client = new WebmarketerClient(test);
  await client.defineType('lead', [
    field('statistic', 'currency', 'turnover', { ingestionKey: null }),
    field('state', 'state', 'paid', { ingestionKey: null }),
  ]);
  eventId = await client.sendFine({ eventType: 'lead', nonce: '1', data: {} });
  const set = async (place: string, body: object) => {
    const path = `/projects/${client.projectId}/events/${eventId}/${place}`;
    assert.equal((await client.request('PATCH', path, body)).status, 200);
  };
  for (const [value, day] of [
    [1, 1],
    [0, 2],
    [1, 3],
    [1, 4],
  ])
    await set('states/paid', { value, date: `2026-01-0${day}T00:00:00Z` });
  await set('statistics/turnover', { value: { amount: 5, currency: 'JPY' }, date: '2026-01-01T00:00:00Z' });
  await set('statistics/turnover', { value: 7, date: '2026-01-01T00:00:00Z' });
});

const pathOf = (of: TestWorkspace, event: string, key: string, query = '') =>
  at(of, `/events/${event}/metrics/${key}/history?${query}`);

async function read(key: string, query = '') {
  const { status, body } = await ask(test, 'GET', pathOf(test.workspace, eventId, key, query));
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

describe('GET /workspaces/{workspace}/events/{eventId}/metrics/{key}/history', () => {
  it('shows what a state is and was, the last one first', async () => {
    const { current, past, ...rest } = await read('paid');
    assert.deepEqual(rest, { eventId, key: 'paid', kind: 'state' });
    assert.deepEqual([current.value, current.at], [1, '2026-01-04T00:00:00.000Z']);
    assert.deepEqual(
      past.map((one: { value: number; at: string }) => [one.value, one.at.slice(0, 10)]),
      [
        [1, '2026-01-03'],
        [0, '2026-01-02'],
        [1, '2026-01-01'],
      ],
    );
  });

  it('keeps an amount as it was sent, and whether it counted', async () => {
    const { current, past } = await read('turnover');
    assert.deepEqual([current.value, current.currency, current.counted], [7, 'EUR', true]);
    const [{ value, currency, counted, raw }] = past;
    assert.deepEqual(
      { value, currency, counted, raw },
      {
        value: 5,
        currency: 'JPY',
        counted: false,
        raw: { amount: 5, currency: 'JPY' },
      },
    );
  });

  it('comes in pages', async () => {
    const { past } = await read('paid', 'limit=2');
    assert.equal(past.length, 2);
    const rest = (await read('paid', `limit=2&beforeSeq=${past[1].replacedBySeq}`)).past;
    assert.deepEqual(
      rest.map((one: { at: string }) => one.at.slice(0, 10)),
      ['2026-01-01'],
    );
  });

  it('is refused for what was never set or is no event, and for wrong pages', async () => {
    const get = async (event: string, key: string, query = '') =>
      (await ask(test, 'GET', pathOf(test.workspace, event, key, query))).status;
    assert.equal(await get(eventId, 'no-such-key'), 404);
    assert.equal(await get(randomUUID(), 'paid'), 404);
    assert.equal(await get('x', 'paid'), 400);
    assert.equal(await get(eventId, 'k'.repeat(81)), 400);
    assert.equal(await get(eventId, 'paid%00'), 404);
    assert.equal(await get(eventId, 'paid', 'limit=501'), 400);
    assert.equal(await get(eventId, 'paid', 'beforeSeq=0'), 400);
  });

  it('is shown to no key of another workspace or of a vendor', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    const path = pathOf(test.workspace, eventId, 'paid');
    assert.equal((await ask(test, 'GET', path, { key })).status, 404);
    assert.equal((await ask(test, 'GET', pathOf(other, eventId, 'paid'), { key })).status, 404);
    assert.equal((await ask(test, 'GET', path, { key: null })).status, 401);
    const vendorKey = test.workspace.credentials.webmarketer.accessToken;
    assert.equal((await ask(test, 'GET', path, { key: vendorKey })).status, 401);
  });
});
