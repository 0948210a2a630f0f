import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { useApp } from '../helpers/app.ts';
import { ask } from '../helpers/native-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
let own: string;

before(async () => {
  own = await workspaceKey(test, test.workspace);
});

const rate = { currency: 'USD', day: '2026-01-02', perEuro: '1.25' };
const put = (body: object, key?: string | null) =>
  ask(test, 'PUT', '/exchange-rates', { body, ...(key === undefined ? {} : { key }) });
const read = async (path = '', key?: string) =>
  (await ask(test, 'GET', `/exchange-rates${path}`, key === undefined ? {} : { key })).body;

describe('/exchange-rates', () => {
  it('shows none before the first, to any key', async () => {
    assert.deepEqual(await read('', own), { currencies: [] });
    assert.deepEqual(await read('/USD', own), { rates: [], next: null });
    assert.equal((await ask(test, 'GET', '/exchange-rates', { key: null })).status, 401);
  });

  it('counts at last what came in before its rate, in every workspace', async () => {
    const client = new WebmarketerClient(test);
    await client.defineType('order', [
      field('user', 'email', 'email', { discriminant: true }),
      field('statistic', 'currency', 'amount'),
    ]);
    await client.sendFine({
      eventType: 'order',
      nonce: '1',
      eventDate: '2026-01-02T12:00:00Z',
      data: { email: 'ada@example.com', amount: { amount: 10, currency: 'USD' } },
    });
    const sum = async () => {
      const question = { since: '2026-01-01', until: '2026-01-31', metrics: ['amount'] };
      const body = { ...question, groupBy: 'project', interval: 'month', filter: null };
      const { body: rows } = await client.request(
        'POST',
        `/projects/${client.projectId}/events/insights`,
        body,
      );
      return rows[0]?.values.amount ?? 0;
    };
    assert.equal(await sum(), 0);
    assert.deepEqual((await put({ rates: [rate] })).body, { rates: 1, days: 1 });
    await test.app.services.jobs.settle();
    assert.equal(await sum(), 8);
    const { jobs } = await test.native.read('/jobs');
    assert.ok(jobs.some(({ kind }: { kind: string }) => kind === 'count-amounts'));
  });

  it('takes the bank’s file, replaces what is known of a day, and pages the days of a currency', async () => {
    const csv = 'Date,USD,JPY,\n2026-01-05,1.5,160.25,\n2026-01-02,1.2,N/A,\n';
    const { status, body } = await put({ csv });
    assert.deepEqual([status, body], [200, { rates: 3, days: 2 }]);
    assert.deepEqual((await read()).currencies, [
      { currency: 'JPY', firstDay: '2026-01-05', lastDay: '2026-01-05', days: 1, perEuro: '160.25' },
      { currency: 'USD', firstDay: '2026-01-02', lastDay: '2026-01-05', days: 2, perEuro: '1.5' },
    ]);
    const first = await read('/USD?limit=1');
    assert.deepEqual(first.rates, [{ currency: 'USD', day: '2026-01-05', perEuro: '1.5' }]);
    assert.deepEqual(await read(`/USD?before=${first.next}`), {
      rates: [{ currency: 'USD', day: '2026-01-02', perEuro: '1.2' }],
      next: null,
    });
  });

  it('refuses what is no rate by its place, all of the call, and every key but the administrator’s', async () => {
    const cases: [object, string][] = [
      [{ rates: [rate, { ...rate, currency: 'XXY' }] }, 'body/rates/1/currency'],
      [{ rates: [rate, { ...rate, currency: 'EUR' }] }, 'body/rates/1/currency'],
      [{ rates: [{ ...rate, day: '2026-02-30' }] }, 'body/rates/0/day'],
      [{ rates: [{ ...rate, perEuro: '0' }] }, 'body/rates/0/perEuro'],
      [{ rates: [{ ...rate, perEuro: '-1' }] }, 'body/rates/0/perEuro'],
      [{ rates: [] }, 'body/rates'],
      [{ csv: 'Date,USD\n2026-01-05,much\n' }, 'body/csv'],
      [{ csv: '<img src=x onerror=alert(1)>' }, 'body/csv'],
      [{ rates: [rate], csv: 'Date,USD\n' }, 'body'],
      [{}, 'body'],
    ];
    const before = await read();
    for (const [body, path] of cases) {
      const reply = await put(body);
      assert.deepEqual([reply.status, reply.body.error.path], [400, path], reply.text);
    }
    assert.equal((await ask(test, 'GET', '/exchange-rates/USD?before=2026-02-30')).status, 400);
    assert.equal((await ask(test, 'GET', '/exchange-rates/usd')).status, 400);
    assert.equal((await put({ rates: [rate] }, own)).status, 403);
    assert.equal((await put({ rates: [rate] }, null)).status, 401);
    assert.deepEqual(await read(), before);
  });

  it('takes the file of all days, which is larger than other bodies may be', async () => {
    const days = Array.from({ length: 9000 }, (_, index) =>
      new Date(Date.UTC(2000, 0, 1) + index * 86_400_000).toISOString().slice(0, 10),
    );
    const codes = Intl.supportedValuesOf('currency').filter((code) => code !== 'EUR');
    const [first = '', ...rest] = codes.slice(0, 31);
    const rows = days.map((day) => `${day},1.2345,${rest.map(() => 'N/A').join(',')},`);
    const csv = `Date,${[first, ...rest].join(',')},\n${rows.join('\n')}\n`;
    assert.ok(csv.length > 1024 * 1024);
    assert.deepEqual((await put({ csv })).body, { rates: 9000, days: 9000 });
  });
});
