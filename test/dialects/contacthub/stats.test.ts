import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { countAmounts } from '../../../src/change/count-amounts.ts';
import { importRates } from '../../../src/core/exchange-rate/import-rates.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { Store } from '../../helpers/store.ts';
import { AggregateClient } from './aggregate-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test, test.workspace);
const now = Date.parse('2026-11-20T12:00:00Z');
const nobody = '11111111-1111-4111-8111-111111111111';

let ada: string;
let other: string;

interface Figure {
  readonly name: string;
  readonly type: string;
  readonly currency?: string;
  readonly value: string;
  readonly previous: string;
}

async function read(path: string, token?: string) {
  const reply = await client.call('GET', path, undefined, token === undefined ? {} : { token });
  assert.equal(reply.status, 200, `${path}: ${reply.text}`);
  return reply.body;
}

async function order(properties: object, more: object = {}): Promise<string> {
  return client.view(
    { customerId: ada },
    { type: 'completedOrder', context: 'ECOMMERCE', properties, ...more },
  );
}

before(async () => {
  test.time.now = now;
  other = await new Store(test, test.workspace).addNode('contacthub');
  await client.matchByExternalId(other);
  ada = (await client.create('ada@stats.example', { base: { contacts: { mobilePhone: '+393331234567' } } }))
    .id;
  const body = { nodeId: other, base: { contacts: { mobilePhone: '+393337654321' } }, externalId: 'bob' };
  const made = await client.call('POST', '/customers', body);
  assert.equal(made.status, 201, made.text);
  await order({
    type: 'sale',
    amount: { total: 120.5, revenue: 100 },
    products: [{ quantity: 2 }, {}, { type: 'return' }],
  });
  await order({ type: 'return', amount: { total: 20.5 } });
  await order({ amount: { total: 10 } }, { date: '2026-10-15T10:00:00Z', context: 'RETAIL' });
  for (const session of ['s1', 's1', 's2']) await client.view({ session });
});

/** Path, query that is wrong, what is wrong. */
const refused: readonly (readonly [path: string, query: string, status: number, pointer: string])[] = [
  ['/stats/customers/creation-date', 'start=yesterday', 400, '/start'],
  ['/stats/customers/creation-date', 'end=2026-02-30T00:00:00Z', 400, '/end'],
  ['/stats/customers/creation-date', 'start=2026-11-20T00:00:00Z&end=2026-11-19T00:00:00Z', 400, '/start'],
  ['/stats/customers/creation-date', 'mode=YEARLY', 400, '/mode'],
  ['/stats/customers/updates', 'type=CHANGED', 400, '/type'],
  ['/stats/events/updates', 'type=added', 400, '/type'],
  ['/stats/events/type-context-distribution', 'context=PAPER', 400, '/context'],
  ['/stats/events/kpi/purchases', 'type=WEB', 400, '/type'],
  ['/stats/events/kpi/web', `start=${'9'.repeat(5000)}`, 400, '/start'],
  ...[
    '/stats/customers/count',
    '/stats/customers/creation-date',
    '/stats/customers/communication-channels',
    '/stats/customers/updates',
    '/stats/events/updates',
    '/stats/events/type-context-distribution',
    '/stats/events/kpi/purchases',
    '/stats/events/kpi/ecommerce',
    '/stats/events/kpi/web',
  ].map((path) => [path, `nodeId=${nobody}`, 404, ''] as const),
  [`/customers/${nobody}/stats/event-category-distribution`, '', 404, ''],
  ['/customers/123/stats/buying-behaviors', '', 404, ''],
];

describe('analytics', () => {
  it('tells of the workspace, its nodes and how many customers they have', async () => {
    const { workspaceId } = client.credentials.contacthub;
    assert.deepEqual(await read('/stats'), {
      ...{ id: workspaceId, name: 'test-1', status: 'ENABLED', customers: 2 },
    });
    const { elements, page } = await read('/stats/nodes');
    const shown = elements.map(({ id, type, customers }: Record<string, unknown>) => [id, type, customers]);
    assert.deepEqual(shown, [
      [client.nodeId, 'ENTRY', 1],
      [other, 'ENTRY', 1],
    ]);
    assert.deepEqual([page.totalElements, page.totalUnfilteredElements, page.number], [2, 2, 0]);
    assert.deepEqual(await read(`/stats/customers/count?nodeId=${other}`), {
      parameters: { nodeId: other },
      data: { total: '1' },
    });
    assert.deepEqual((await read('/stats/customers/communication-channels')).data, {
      ...{ emailAndMobile: '1', emailOnly: '0', mobileOnly: '1', notReachable: '0' },
    });
  });

  it('counts the last year or month where no range is given, and has every interval of it', async () => {
    const { parameters, data } = await read('/stats/customers/creation-date');
    assert.deepEqual(parameters, {
      start: '2025-11-20T12:00:00.000+0000',
      end: '2026-11-20T12:00:00.000+0000',
      ...{ mode: 'MONTHLY', nodeId: null },
    });
    assert.equal(data.length, 13);
    assert.deepEqual(
      [data[0], data[12]],
      [
        { datetime: '2025-11-01', value: '0' },
        { datetime: '2026-11-01', value: '2' },
      ],
    );
    const updates = await read('/stats/events/updates');
    assert.deepEqual(updates.parameters, {
      // The same hour of Paris, before its clocks went back.
      start: '2026-10-20T11:00:00.000+0000',
      end: '2026-11-20T12:00:00.000+0000',
      ...{ type: 'ADDED', nodeId: null },
    });
    assert.deepEqual([updates.data.length, updates.data[31]], [32, { datetime: '2026-11-20', value: '6' }]);
  });

  it('moves a start that lies further back than is answered at once, and says so', async () => {
    const starts = {
      '/stats/customers/creation-date?mode=DAILY': '2025-11-20',
      '/stats/customers/creation-date?mode=WEEKLY': '2021-11-20',
      '/stats/customers/creation-date?mode=MONTHLY': '2016-11-20',
      '/stats/customers/updates?type=UPDATED': '2025-11-20',
      '/stats/customers/updates?type=DELETED': '2026-10-20',
      '/stats/events/updates?type=DELETED': '2026-10-20',
      '/stats/events/type-context-distribution?context=WEB': '2025-11-20',
      '/stats/events/kpi/purchases?type=ALL': '2025-11-20',
      [`/customers/${ada}/stats/event-category-distribution?mode=WEEKLY`]: '2021-11-20',
      [`/customers/${ada}/stats/buying-behaviors?end=2026-11-20T12:00:00Z`]: '2025-11-20',
    };
    for (const [path, start] of Object.entries(starts)) {
      const { parameters } = await read(`${path}&start=2001-01-01T00:00:00Z`);
      const hour = start === '2026-10-20' ? 11 : 12;
      assert.equal(parameters.start, `${start}T${hour}:00:00.000+0000`, path);
    }
    const { data } = await read('/stats/customers/creation-date?end=0001-01-01T00:00:00Z');
    assert.deepEqual(data, [{ datetime: '0001-01-01', value: '0' }]);
  });

  it('counts at both ends of time', async () => {
    for (const end of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
      for (const path of [
        '/stats/customers/creation-date?mode=WEEKLY',
        '/stats/customers/updates?type=DELETED',
        '/stats/events/updates?type=UPDATED',
        '/stats/events/type-context-distribution?context=ALL',
        '/stats/events/kpi/web?type=x',
        `/customers/${ada}/stats/event-category-distribution?mode=DAILY`,
        `/customers/${ada}/stats/buying-behaviors?mode=DAILY`,
      ])
        assert.equal(
          (await read(`${path}&end=${end}`)).parameters.end,
          end.replace(/(\.999)?Z$/, end.includes('.') ? '.999+0000' : '.000+0000'),
          path,
        );
    }
  });

  it('has key figures beside those of as many days before', async () => {
    const { parameters, data } = await read(
      '/stats/events/kpi/purchases?start=2026-10-20T00:00:00%2B0200&end=2026-11-20T23:00:00Z',
    );
    assert.deepEqual(Object.keys(parameters), ['start', 'end', 'type', 'nodeId']);
    assert.deepEqual(
      data.map(({ name, type, currency = '', value, previous }: Figure) => [
        name,
        type,
        currency,
        value,
        previous,
      ]),
      [
        ['purchases', 'number', '', '1', '1'],
        ['turnover', 'currency', 'EUR', '120.50', '10.00'],
        ['averagePurchase', 'currency', 'EUR', '120.50', '10.00'],
        ['returns', 'number', '', '1', '0'],
        ['returned', 'currency', 'EUR', '20.50', '0.00'],
        ['revenue', 'currency', 'EUR', '79.50', '10.00'],
        ['products', 'number', '', '3', '0'],
        ['returnRate', 'percentage', '', '100.00', '0.00'],
      ],
    );
    const retail = await read('/stats/events/kpi/purchases?type=RETAIL');
    assert.deepEqual([retail.data[0].value, retail.data[0].previous], ['0', '1']);
    const web = await read('/stats/events/kpi/web');
    const figures = Object.fromEntries(web.data.map(({ name, value }: Figure) => [name, value]));
    assert.deepEqual(
      [figures.pageViews, figures.visits, figures.bounces, figures.bounceRate, figures.pagesPerVisit],
      ['3', '2', '1', '50.00', '1.50'],
    );
  });

  it('tells of one customer by category and by what was bought', async () => {
    const { data } = await read(`/customers/${ada}/stats/event-category-distribution?mode=MONTHLY`);
    assert.deepEqual(
      data.map(({ category, type }: Record<string, string>) => [category, type]),
      [['ORDER', 'completedOrder']],
    );
    assert.deepEqual(data[0].values.slice(-2), [
      { datetime: '2026-10-01', value: '1' },
      { datetime: '2026-11-01', value: '2' },
    ]);
    const behaviors = await read(`/customers/${ada}/stats/buying-behaviors`);
    assert.deepEqual(behaviors.data[0], {
      ...{ name: 'totalSpending', type: 'currency', currency: 'EUR', value: '110.00' },
      ...{ total: '110.00', revenue: '89.50' },
    });
  });

  it('counts an amount that nobody has converted once there is a rate', async () => {
    const eventId = await order(
      { amount: { total: 20, local: { currency: 'USD' } } },
      { context: 'MOBILE', date: '2026-06-01T10:00:00Z' },
    );
    const range = 'start=2026-06-01T00:00:00Z&end=2026-06-01T12:00:00Z';
    const turnover = async () => (await read(`/stats/events/kpi/purchases?${range}`)).data[1].value;
    assert.equal(await turnover(), '0.00');
    await importRates(test.database, [{ currency: 'USD', day: '2026-06-01', perEuro: '2' }]);
    const { id } = test.workspace.created;
    await countAmounts(test.app.services, id, new Date(now));
    assert.equal(await turnover(), '10.00');
    await client.call('PATCH', `/events/${eventId}`, { properties: { amount: { total: 30 } } });
    assert.equal(await turnover(), '15.00');
    const { checks } = await verifyWorkspace(test.database, id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
    await client.call('DELETE', `/events/${eventId}`);
    assert.equal(await turnover(), '0.00');
  });

  it('gives campaigns and arrivals their touchpoint, which follows the event', async () => {
    const store = new Store(test, test.workspace);
    const told = async (eventId: string) =>
      (await store.touchpoints())
        .filter((touchpoint) => touchpoint.eventId === eventId)
        .map(({ at, channel, detail }) => [at, channel, detail?.interaction ?? detail?.utm]);
    const date = '2026-05-05T10:00:00.000Z';
    const properties = { url: 'https://shop.example/?utm_source=news&utm_medium=email', title: 'Home' };
    const arrival = await client.view({ session: 's3' }, { properties, date });
    assert.deepEqual(await told(arrival), [[date, 'email', { source: 'news', medium: 'email' }]]);
    const tracking = { ga: { utm_source: 'google', utm_medium: 'cpc' } };
    const tracked = await client.view({ session: 's3' }, { properties: {}, tracking, date });
    assert.deepEqual(await told(tracked), [[date, 'paid-search', { source: 'google', medium: 'cpc' }]]);
    const inside = await client.view(
      { session: 's3' },
      { properties: { url: 'https://shop.example/cart' }, tracking, date },
    );
    assert.deepEqual(await told(inside), []);
    const opened = {
      type: 'campaignOpened',
      context: 'DIGITAL_CAMPAIGN',
      properties: { channel: 'SMS' },
      date,
    };
    const message = await client.view({ customerId: ada }, opened);
    assert.deepEqual(await told(message), [[date, 'sms', 'opened']]);
    const later = '2026-05-06T10:00:00.000Z';
    await client.call('PATCH', `/events/${message}`, { date: later, properties: { channel: 'EMAIL' } });
    assert.deepEqual(await told(message), [[later, 'email', 'opened']]);
    await client.call('PATCH', `/events/${arrival}`, { properties: { url: 'https://shop.example/' } });
    assert.deepEqual(await told(arrival), []);
    for (const id of [arrival, tracked, inside, message]) await client.call('DELETE', `/events/${id}`);
    assert.deepEqual(await told(message), []);
  });

  it('tells what verify finds when counts are off, and makes them anew', async () => {
    const { id } = test.workspace.created;
    const names = async () =>
      (await verifyWorkspace(test.database, id)).checks.filter(({ ok }) => !ok).map(({ name }) => name);
    const store = new Store(test, test.workspace);
    for (const table of ['analytics_day', 'visit', 'rollup_day_metric_origin'] as const)
      await store.loseCounts(table);
    assert.deepEqual((await names()).toSorted(), ['activity-equal', 'customer-index-equal', 'rollups-equal']);
    assert.equal((await client.native.call('POST', '/rebuild')).status, 200);
    assert.deepEqual(await names(), []);
    const { data } = await read('/stats/events/kpi/web');
    assert.equal(data[1].value, '2');
  });

  for (const [path, query, status, pointer] of refused) {
    it(`answers ${status} to ${path}?${query.slice(0, 60)}`, async () => {
      const reply = await client.call('GET', `${path}?${query}`);
      assert.equal(reply.status, status, reply.text);
      assert.deepEqual(Object.keys(reply.body), ['message', 'logref', 'data', 'errors']);
      if (pointer !== '') assert.equal(reply.body.errors[0].path, pointer);
    });
  }

  it('counts the customers of an aggregate, and what each of them did; what happens counts where it came in', async () => {
    const shops = await new AggregateClient(test, await test.addWorkspace()).setUp();
    const read = async (path: string) => (await shops.call('GET', path)).body;
    for (const [index, nodeId] of [shops.nodeId, shops.second].entries()) {
      const body = { nodeId, externalId: `e${index}`, base: { contacts: { email: 'eve@x.example' } } };
      const { id: customerId } = (await shops.call('POST', '/customers', body)).body;
      const properties = { amount: { total: 10 } };
      await shops.view({ customerId }, { type: 'completedOrder', context: 'RETAIL', properties });
    }
    const nodeId = await shops.active();
    assert.deepEqual(
      (await read('/stats/nodes')).elements.map(({ type, customers }: Record<string, unknown>) => [
        type,
        customers,
      ]),
      [
        ['ENTRY', 1],
        ['ENTRY', 1],
        ['AGGREGATE', 1],
      ],
    );
    assert.equal((await read('/stats')).customers, 2);
    assert.deepEqual((await read(`/stats/customers/count?nodeId=${nodeId}`)).data, { total: '1' });
    const channels = (await read(`/stats/customers/communication-channels?nodeId=${nodeId}`)).data;
    assert.equal(channels.emailOnly, '1');
    const created = (await read(`/stats/customers/creation-date?nodeId=${nodeId}`)).data;
    assert.equal(created.at(-1).value, '1');
    const [eve] = await shops.customersOf(nodeId);
    const { data } = await read(`/customers/${eve.id}/stats/buying-behaviors`);
    assert.deepEqual([data[0].value, data[3].value], ['20.00', '2']);
    for (const path of ['events/updates', 'events/kpi/purchases', 'customers/updates?type=DELETED']) {
      const query = `${path.includes('?') ? '&' : '?'}nodeId=${nodeId}`;
      const reply = await shops.call('GET', `/stats/${path}${query}`);
      assert.deepEqual([reply.status, reply.body.errors?.[0]?.path], [400, '/nodeId'], path);
    }
    const { checks } = await verifyWorkspace(test.database, shops.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });

  it('counts nothing of another workspace, and tells nobody else', async () => {
    const stranger = new ContacthubClient(test, await test.addWorkspace());
    assert.equal((await stranger.call('GET', '/stats')).body.customers, 0);
    const { token } = stranger.credentials.contacthub;
    for (const path of ['/stats', '/stats/events/kpi/web', `/customers/${ada}/stats/buying-behaviors`]) {
      assert.equal((await client.call('GET', path, undefined, { token })).status, 403);
      assert.equal((await client.call('GET', path, undefined, { token: '' })).status, 401);
    }
    const foreign = await stranger.call('GET', `/stats/customers/count?nodeId=${client.nodeId}`);
    assert.equal(foreign.status, 404);
    assert.equal((await stranger.call('GET', `/customers/${ada}/stats/buying-behaviors`)).status, 404);
  });
});
