import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { countAmounts } from '../../src/change/count-amounts.ts';
import { importRates } from '../../src/core/exchange-rate/import-rates.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { ask, at } from '../helpers/native-client.ts';
import { rebuild } from '../native/helpers.ts';

const test = await useApp({ slug: 'shop' });
const client = new WebmarketerClient(test);

before(async () => {
  await client.defineType('order', [
    field('statistic', 'currency', 'turnover', { optional: true }),
    field('state', 'state', 'paid', { ingestionKey: null }),
  ]);
});

let nonces = 0;

function order(amount: number, currency: string, eventDate: string): Promise<string> {
  const data = { turnover: { amount, currency } };
  return client.sendFine({ eventType: 'order', nonce: `n-${++nonces}`, eventDate, data });
}

function count(workspace: TestWorkspace = test.workspace) {
  return countAmounts(test.app.services, workspace.created.id, new Date());
}

async function turnoverByDay(): Promise<Record<string, number>> {
  const reply = await client.request('POST', `/projects/${client.projectId}/events/insights`, {
    since: '2024-01-01T00:00:00Z',
    until: '2024-12-31T00:00:00Z',
    metrics: ['turnover'],
    groupBy: 'project',
    interval: 'day',
  });
  const rows = reply.body as { interval: string; values: { turnover: number } }[];
  return Object.fromEntries(rows.map((row) => [row.interval, row.values.turnover]));
}

async function turnoverOf(id: string) {
  const event = (await client.get(`/events/${id}`)).body as {
    metrics: { key: string; data: Record<string, unknown>; updatedAt: string }[];
  };
  return event.metrics.find(({ key }) => key === 'turnover')!;
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
}

describe('amounts whose rate comes late', () => {
  it('are counted at the rate of their own day, in that day, once', async () => {
    const id = await order(100, 'USD', '2024-05-03T10:00:00Z');
    // In Paris it is the next day.
    await order(10, 'USD', '2024-05-03T22:30:00Z');
    await order(7, 'EUR', '2024-05-03T10:00:00Z');
    await order(900, 'JPY', '2024-05-03T10:00:00Z');
    const paid = `/projects/${client.projectId}/events/${id}/states/paid`;
    assert.equal((await client.request('PATCH', paid, { value: 0 })).status, 200);
    assert.deepEqual(await turnoverByDay(), { '2024-05-03': 7, '2024-05-04': 0 });
    const before = await turnoverOf(id);
    assert.equal(before.data.converted, false);

    await importRates(test.database, [
      { currency: 'USD', day: '2024-05-03', perEuro: '1.25' },
      { currency: 'USD', day: '2024-05-04', perEuro: '2' },
    ]);
    assert.deepEqual(await count(), { counted: 2, left: 1 });
    assert.deepEqual(await turnoverByDay(), { '2024-05-03': 87, '2024-05-04': 5 });
    const { data, updatedAt } = await turnoverOf(id);
    assert.deepEqual(data.current, { amount: 80, currency: 'EUR' });
    assert.deepEqual(data.raw, { amount: 100, currency: 'USD' });
    assert.equal(data.converted, undefined);
    assert.equal(updatedAt, before.updatedAt);
    await assertVerified();

    assert.deepEqual(await count(), { counted: 0, left: 1 });
    assert.deepEqual(await turnoverByDay(), { '2024-05-03': 87, '2024-05-04': 5 });
    await assertVerified();
  });

  it('are not lost or doubled where they are set again meanwhile', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => order(2, 'GBP', '2024-08-01T10:00:00Z')));
    await importRates(test.database, [{ currency: 'GBP', day: '2024-08-01', perEuro: '0.5' }]);
    const resets = ids.slice(0, 20).map(async (id) => {
      const path = `/projects/${client.projectId}/events/${id}/statistics/turnover`;
      const body = { value: 10, date: '2024-08-01T10:00:00Z' };
      assert.equal((await client.request('PATCH', path, body)).status, 200);
    });
    await Promise.all([...resets, count(), count()]);
    await count();
    assert.equal((await turnoverByDay())['2024-08-01'], 20 * 10 + 20 * 4);
    await assertVerified();
  });

  it('are those of one workspace only', async () => {
    assert.deepEqual(await count(await test.addWorkspace()), { counted: 0, left: 0 });
  });
});

describe('amounts of a workspace whose currency is another', () => {
  const change = async (currency: string) => {
    const reply = await ask(test, 'PATCH', at(test.workspace), { body: { currency } });
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
  };

  it('are counted in it when the change is answered, at the rate of their own day', async () => {
    const day = '2024-11-05';
    const [euros, yen] = [
      await order(100, 'EUR', `${day}T10:00:00Z`),
      await order(900, 'JPY', `${day}T10:00:00Z`),
    ];
    await order(10, 'USD', `${day}T10:00:00Z`);
    await importRates(test.database, [{ currency: 'USD', day, perEuro: '1.25' }]);
    await count();
    assert.equal((await turnoverByDay())[day], 108);
    await change('USD');
    assert.equal((await turnoverByDay())[day], 135);
    const { data } = await turnoverOf(euros);
    assert.deepEqual(data.current, { amount: 125, currency: 'USD' });
    assert.deepEqual(data.raw, { amount: 100, currency: 'EUR' });
    assert.equal((await turnoverOf(yen)).data.converted, false);
    await assertVerified();

    await change('CHF');
    assert.equal((await turnoverByDay())[day] ?? 0, 0, 'without a rate nothing is counted');
    await assertVerified();
    const chf = { currency: 'CHF', day, perEuro: '0.5' };
    await importRates(test.database, [chf, { currency: 'JPY', day, perEuro: '180' }]);
    await count();
    assert.equal((await turnoverByDay())[day], 54 + 2.5);
    await change('EUR');
    assert.equal((await turnoverByDay())[day], 108 + 5);
    await rebuild(test, test.workspace);
    assert.equal((await turnoverByDay())[day], 108 + 5);
    await assertVerified();
  });

  it('are counted beside those that come in meanwhile', async () => {
    const day = '2024-12-10';
    await importRates(test.database, [{ currency: 'USD', day, perEuro: '2' }]);
    const send = () => order(10, 'EUR', `${day}T10:00:00Z`);
    await Promise.all(Array.from({ length: 30 }, send));
    await Promise.all([change('USD'), ...Array.from({ length: 30 }, send)]);
    assert.equal((await turnoverByDay())[day], 60 * 20);
    await change('EUR');
    await assertVerified();
  });
});
