import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { importRates } from '../../../src/core/exchange-rate/import-rates.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp({ slug: 'shop' });
const client = new WebmarketerClient(test);

before(async () => {
  await client.defineType('order', [
    field('user', 'email', 'email', { discriminant: true, optional: true }),
    field('statistic', 'currency', 'turnover', { optional: true }),
    field('statistic', 'number', 'pieces', { ingestionKey: null }),
    field('state', 'state', 'paid', { ingestionKey: null }),
    field('state', 'state', 'refund', { ingestionKey: null }),
  ]);
});

const eventDate = '2024-04-16T20:37:02.000Z';
let nonces = 0;

function send(data: object = {}, at = eventDate): Promise<string> {
  return client.sendFine({ eventType: 'order', nonce: `n-${++nonces}`, eventDate: at, data });
}

function patch(id: string, place: string, body: unknown, by = client) {
  return by.request('PATCH', `/projects/${by.projectId}/events/${id}/${place}`, body);
}

async function set(id: string, place: string, body: object): Promise<Record<string, unknown>> {
  const reply = await patch(id, place, body);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

interface Metric {
  readonly key: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

async function metricOf(id: string, key: string): Promise<Metric> {
  const { metrics } = (await client.get(`/events/${id}`)).body as { metrics: Metric[] };
  return metrics.find((metric) => metric.key === key)!;
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
}

describe('setting a state', () => {
  it('gives it its date, and its delay the seconds since the event', async () => {
    const id = await send();
    assert.deepEqual(await set(id, 'states/paid', { value: 1, date: '2024-04-16T20:37:17Z' }), {
      modifiedCount: 1,
    });
    await set(id, 'states/refund', { value: 1, date: '2024-04-19T20:50:17.000Z' });
    assert.equal((await metricOf(id, 'paid')).data.current, 1);
    assert.equal((await metricOf(id, 'paid')).data.date, '2024-04-16T20:37:17.000Z');
    assert.equal((await metricOf(id, 'state-delay-paid')).data.current, 15);
    assert.equal((await metricOf(id, 'state-delay-refund')).data.current, 259995);
  });

  it('is clearing its delay where the value is 0, and may be undone again', async () => {
    const id = await send();
    await set(id, 'states/paid', { value: 1, date: '2024-04-16T20:38:02Z' });
    await set(id, 'states/paid', { value: 0, date: '2024-04-17T00:00:00Z' });
    assert.equal((await metricOf(id, 'paid')).data.current, 0);
    assert.equal((await metricOf(id, 'state-delay-paid')).data.current, null);
    await set(id, 'states/paid', { value: 1, date: '2024-04-16T20:36:02Z' });
    assert.equal((await metricOf(id, 'state-delay-paid')).data.current, -60);
  });

  it('holds since now without a date, and takes the date of a PHP client', async () => {
    const id = await send();
    const before = Date.now();
    await set(id, 'states/paid', { value: 1, date: '' });
    const { data, updatedAt } = await metricOf(id, 'paid');
    assert.ok(Date.parse(String(data.date)) >= before && Date.parse(updatedAt) >= before);
    const date = { date: '2024-01-01 02:00:00.000000', timezone_type: 1, timezone: '+02:00' };
    await set(id, 'states/paid', { value: 1, date });
    assert.equal((await metricOf(id, 'paid')).data.date, '2024-01-01T00:00:00.000Z');
  });

  it('moves the metric’s updatedAt, never its createdAt nor the event’s updatedAt', async () => {
    test.time.now = Date.parse('2026-05-01T10:00:00Z');
    const id = await send();
    test.time.now += 60_000;
    await set(id, 'states/paid', { value: 1 });
    test.time.now = 0;
    const event = (await client.get(`/events/${id}`)).body;
    assert.equal(event.updatedAt, '2026-05-01T10:00:00.000Z');
    const paid = event.metrics.find((metric: Metric) => metric.key === 'paid');
    assert.equal(paid.createdAt, '2026-05-01T10:00:00.000Z');
    assert.equal(paid.updatedAt, '2026-05-01T10:01:00.000Z');
  });

  it('is as old as its event where it came with it', async () => {
    const id = await send({ turnover: 5 });
    const { createdAt } = (await client.get(`/events/${id}`)).body;
    const turnover = await metricOf(id, 'turnover');
    assert.deepEqual([turnover.createdAt, turnover.updatedAt], [createdAt, createdAt]);
  });

  it('keeps every state that it had', async () => {
    const id = await send();
    for (const [value, day] of [
      [1, 1],
      [0, 2],
      [1, 3],
    ])
      await set(id, 'states/paid', { value, date: `2024-05-0${day}T00:00:00Z` });
    assert.deepEqual(
      (await test.store.metricHistory(id)).map(({ value, at }) => [value, at.toISOString().slice(0, 10)]),
      [
        [1, '2024-05-01'],
        [0, '2024-05-02'],
      ],
    );
  });

  it('is once for each of many at the same time, the last of which wins', async () => {
    const id = await send();
    const values = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(values.map((value) => set(id, 'statistics/pieces', { value })));
    assert.equal((await test.store.metricHistory(id)).length, 19);
    assert.equal(await test.store.countChangesOf(id), 20);
    await assertVerified();
  });
});

describe('setting a statistic', () => {
  it('takes a number, in the project’s currency where it is money', async () => {
    const id = await send({ turnover: { amount: 70.23, currency: 'EUR' } });
    await set(id, 'statistics/turnover', { value: 4000, date: '2024-05-04T12:00:00Z' });
    const { data } = await metricOf(id, 'turnover');
    assert.deepEqual(data.current, { amount: 4000, currency: 'EUR' });
    assert.equal(data.raw, 4000);
    assert.equal(data.date, '2024-05-04T12:00:00.000Z');
  });

  it('converts an amount of another currency at the rate of its date, keeping what was sent', async () => {
    const rates = [
      { currency: 'USD', day: '2024-05-03', perEuro: '1.25' },
      { currency: 'USD', day: '2024-05-06', perEuro: '2' },
    ];
    await importRates(test.database, rates);
    const id = await send({ turnover: { amount: 10, currency: 'USD' } }, '2024-05-07T00:00:00Z');
    assert.deepEqual((await metricOf(id, 'turnover')).data.current, { amount: 5, currency: 'EUR' });
    const value = { amount: 100, currency: 'USD' };
    // A Sunday: Friday's rate holds.
    assert.deepEqual(await set(id, 'statistics/turnover', { value, date: '2024-05-05T12:00:00Z' }), {
      modifiedCount: 1,
    });
    const { data } = await metricOf(id, 'turnover');
    assert.deepEqual(data.current, { amount: 80, currency: 'EUR' });
    assert.deepEqual(data.raw, value);
  });

  it('keeps an amount without a rate, leaves it out of sums, and says so', async () => {
    const id = await send({ turnover: { amount: 10, currency: 'JPY' } }, '2023-01-05T12:00:00Z');
    assert.equal((await metricOf(id, 'turnover')).data.converted, false);
    const value = { amount: 900, currency: 'JPY' };
    const reply = await set(id, 'statistics/turnover', { value, date: '2023-01-06T12:00:00Z' });
    assert.match(String(reply.warning), /no exchange rate/);
    const { data } = await metricOf(id, 'turnover');
    assert.deepEqual([data.current, data.raw, data.converted], [value, value, false]);
    const sums = await client.request('POST', `/projects/${client.projectId}/events/insights`, {
      since: '2023-01-01T00:00:00Z',
      until: '2023-01-31T00:00:00Z',
      metrics: ['turnover'],
      groupBy: 'project',
      interval: 'year',
    });
    assert.deepEqual(sums.body, [
      { identifier: client.projectId, interval: '2023', values: { turnover: 0 } },
    ]);
    await set(id, 'statistics/turnover', { value: 7, date: '2023-01-06T12:00:00Z' });
    assert.equal((await metricOf(id, 'turnover')).data.converted, undefined);
    await assertVerified();
  });
});

describe('a call that sets a metric', () => {
  it('is refused where there is no such event, state or statistic', async () => {
    const id = await send();
    for (const [event, place, message] of [
      [randomUUID(), 'states/paid', /Event not found/],
      ['nonsense', 'states/paid', /Event not found/],
      [id, 'states/won', /No storageKey matching field in this eventType/],
      [id, 'states/turnover', /No storageKey matching field in this eventType/],
      [id, 'statistics/paid', /No storageKey matching field in this eventType/],
      [id, 'statistics/event-count', /No storageKey matching field in this eventType/],
    ] as const) {
      const reply = await patch(event, place, { value: 1 });
      assert.equal(reply.status, 404, place);
      assert.match(reply.body.message, message);
    }
  });

  it('is refused for a state that the event’s version of its type did not have', async () => {
    const fields = [field('state', 'state', 'a', { ingestionKey: null })];
    await client.defineType('lead', fields);
    const id = await client.sendFine({ eventType: 'lead', nonce: 'lead-1', data: {} });
    const path = `/projects/${client.projectId}/event-types/lead`;
    const more = [...fields, field('state', 'state', 'b', { ingestionKey: null })];
    assert.equal((await client.request('PATCH', path, { fields: more })).status, 200);
    assert.equal((await patch(id, 'states/b', { value: 1 })).status, 404);
    assert.equal((await patch(id, 'states/a', { value: 1 })).status, 200);
  });

  it('is refused where the value or the date is wrong, and changes nothing', async () => {
    const id = await send();
    const nul = { amount: 1, currency: 'E\u0000R' };
    for (const [place, body] of [
      ['states/paid', {}],
      ['states/paid', { value: 2 }],
      ['states/paid', { value: 'yes' }],
      ['states/paid', { value: 1, date: 'yesterday' }],
      ['statistics/turnover', { value: 'much' }],
      ['statistics/turnover', { value: { amount: 1 } }],
      ['statistics/turnover', { value: nul }],
      ['statistics/turnover', { value: null }],
      ['statistics/pieces', { value: { amount: 1, currency: 'EUR' } }],
      ['statistics/pieces', []],
      ['states/paid', 'not json'],
    ] as const) {
      const reply = await patch(id, place, body);
      assert.equal(reply.status, 400, `${place} ${JSON.stringify(body)}: ${reply.text}`);
      assert.equal(reply.body.error, 'Bad Request');
    }
    assert.equal((await metricOf(id, 'paid')).data.current, 0);
    assert.equal((await metricOf(id, 'pieces')).data.current, null);
  });

  it('is refused without a token, with a wrong one, and for another project', async () => {
    const id = await send();
    const other = new WebmarketerClient(test, await test.addWorkspace());
    for (const place of ['states/paid', 'statistics/pieces']) {
      const path = `/projects/${client.projectId}/events/${id}/${place}`;
      assert.equal((await client.request('PATCH', path, { value: 1 }, '')).status, 401);
      assert.equal((await client.request('PATCH', path, { value: 1 }, 'wrong')).status, 401);
      assert.equal((await other.request('PATCH', path, { value: 1 })).status, 403);
      assert.equal((await patch(id, place, { value: 1 }, other)).status, 404);
      const { contacthub } = test.workspace.credentials;
      assert.equal((await client.request('PATCH', path, { value: 1 }, contacthub.token)).status, 401);
    }
    assert.equal((await metricOf(id, 'paid')).data.current, 0);
  });
});

describe('the metrics of an event', () => {
  async function keysOf(id: string, query: string): Promise<string[]> {
    const reply = await client.get(`/events/${id}/metrics?${query}`);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.body._id, id);
    return reply.body.metrics.map((metric: Metric) => metric.key);
  }

  it('are filtered, sorted and paged within the event', async () => {
    const id = await send();
    await set(id, 'states/paid', { value: 1, date: '2024-05-02T00:00:00Z' });
    await set(id, 'states/refund', { value: 1, date: '2024-05-01T00:00:00Z' });
    assert.deepEqual(await keysOf(id, 'type=state'), ['paid', 'refund']);
    assert.deepEqual(await keysOf(id, 'type=state&sort=metricDate&order=ASC'), ['refund', 'paid']);
    assert.deepEqual(await keysOf(id, 'type=state&sort=metricDate&order=DESC&limit=1'), ['paid']);
    assert.deepEqual(await keysOf(id, 'type=state&since=2024-05-02T00:00:00Z&until=2024-05-02T00:00:00Z'), [
      'paid',
    ]);
    assert.equal((await keysOf(id, '')).length, 7);
    assert.deepEqual(await keysOf(id, 'offset=100'), []);
  });

  it('are refused for wrong queries, unknown events and other projects', async () => {
    const id = await send();
    assert.equal((await client.get(`/events/${id}/metrics?type=other`)).status, 400);
    assert.equal((await client.get(`/events/${id}/metrics?since=x`)).status, 400);
    assert.equal((await client.get(`/events/${randomUUID()}/metrics`)).status, 404);
    const path = `/projects/${client.projectId}/events/${id}/metrics`;
    assert.equal((await client.request('GET', path, undefined, '')).status, 401);
    const other = new WebmarketerClient(test, await test.addWorkspace());
    assert.equal((await other.request('GET', path)).status, 403);
    assert.equal((await other.get(`/events/${id}/metrics`)).status, 404);
  });
});
