import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

const order = { name: 'Orders', event: 'webmarketer:order', metric: 'turnover' };

before(async () => {
  await client.defineType('order', [field('user', 'email', 'email', { discriminant: true })]);
  await sendWebengage(test, test.workspace, { userId: 'ada', eventName: 'Paid: in full' });
});

const post = (body: unknown) => test.native.call('POST', '/conversions', { body });

describe('conversions of a workspace', () => {
  it('are kept with every rule that holds for them', async () => {
    const { status, body } = await post(order);
    assert.equal(status, 201, JSON.stringify(body));
    const { id, createdAt, updatedAt, excludedReferrers, status: state, ...rest } = body;
    assert.deepEqual(rest, {
      name: 'Orders',
      event: 'webmarketer:order',
      state: null,
      metric: 'turnover',
      lookbackDays: 30,
      excludeOwnSite: true,
      sameCampaignMinutes: 30,
      directOnlyAlone: true,
      position: { first: 40, last: 40 },
      halfLifeDays: 7,
    });
    assert.ok(excludedReferrers.includes('paypal.com'));
    assert.equal(createdAt, updatedAt);
    assert.ok(['counting', 'kept'].includes(state));
    const { conversions, defaults } = await test.native.read('/conversions');
    assert.deepEqual(defaults, {
      lookbackDays: 30,
      excludedReferrers,
      excludeOwnSite: true,
      sameCampaignMinutes: 30,
      directOnlyAlone: true,
      position: { first: 40, last: 40 },
      halfLifeDays: 7,
    });
    assert.deepEqual(
      conversions.map((one: { id: string }) => one.id),
      [id],
    );
    assert.equal((await test.native.read(`/conversions/${id}`)).name, 'Orders');
  });

  it('may go by the states and statistics that events of their type have', async () => {
    await client.defineType('sale', [
      field('user', 'email', 'email', { discriminant: true }),
      field('statistic', 'currency', 'turnover', { optional: true }),
      field('statistic', 'number', 'items', { optional: true }),
      field('state', 'state', 'converted', { ingestionKey: null }),
    ]);
    const { eventTypes } = await test.native.read('/event-types?limit=1000');
    const { id } = eventTypes.find(({ name }: { name: string }) => name === 'sale');
    const read = async () => (await test.native.read(`/event-types/${id}/metrics`)).metrics;
    assert.deepEqual(await read(), []);
    const event = await client.sendFine({
      eventType: 'sale',
      nonce: 'sale-1',
      data: { email: 'ada@example.com', turnover: 12.5, items: 2 },
    });
    const path = `/projects/${client.projectId}/events/${event}/states/converted`;
    assert.ok((await client.request('PATCH', path, { value: 1 })).status < 300);
    assert.deepEqual(await read(), [
      { key: 'converted', kind: 'state', isMoney: false },
      { key: 'items', kind: 'statistic', isMoney: false },
      { key: 'state-delay-converted', kind: 'statistic', isMoney: false },
      { key: 'turnover', kind: 'statistic', isMoney: true },
    ]);
    const unknown = await test.native.call('GET', `/event-types/${event}/metrics`);
    assert.deepEqual([unknown.status, unknown.body.error.path], [404, 'params/eventTypeId']);
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    const ofOther = await ask(test, 'GET', at(other, `/event-types/${id}/metrics`), { key });
    assert.equal(ofOther.status, 404);
  });

  it('are of any API’s event type, whose name may have colons, too', async () => {
    const { status, body } = await post({ name: 'Payments', event: 'webengage:Paid: in full' });
    assert.deepEqual([status, body.event], [201, 'webengage:Paid: in full']);
    assert.equal((await test.native.call('DELETE', `/conversions/${body.id}`)).status, 204);
  });

  it('are put in the place of what was, with the defaults for what is left out', async () => {
    const made = await post({
      ...order,
      name: 'Fast orders',
      lookbackDays: 1,
      excludedReferrers: ['Pay.Example'],
      position: { first: 10, last: 90 },
      state: 'converted',
    });
    assert.deepEqual(made.body.excludedReferrers, ['pay.example'], made.text);
    const path = `/conversions/${made.body.id}`;
    const put = await test.native.call('PUT', path, {
      body: { ...order, name: 'Slow orders', lookbackDays: 90 },
    });
    assert.equal(put.status, 200, JSON.stringify(put.body));
    const { name, lookbackDays, state, position } = await test.native.read(path);
    assert.deepEqual(
      { name, lookbackDays, state, position },
      { name: 'Slow orders', lookbackDays: 90, state: null, position: { first: 40, last: 40 } },
    );
    const renamed = await test.native.call('PUT', path, { body: order });
    assert.deepEqual([renamed.status, renamed.body.error.path], [409, 'body/name']);
    assert.equal((await test.native.call('DELETE', path)).status, 204);
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const gone = await test.native.call(method, path, method === 'PUT' ? { body: order } : {});
      assert.deepEqual([gone.status, gone.body.error.path], [404, 'params/conversionId'], method);
    }
  });

  it('have names of their own, and there are no more than twenty', async () => {
    const again = await post(order);
    assert.deepEqual([again.status, again.body.error.path], [409, 'body/name']);
    const answers = await Promise.all(
      Array.from({ length: 22 }, (_, number) => post({ ...order, name: `Orders ${number}` })),
    );
    const made = answers.filter(({ status }) => status === 201);
    assert.equal(made.length, 19);
    const refused = answers.find(({ status }) => status !== 201);
    assert.deepEqual([refused?.status, /delete one first/.test(refused?.body.error.message)], [409, true]);
    const twins = await Promise.all(
      made.map(({ body }) => test.native.call('DELETE', `/conversions/${body.id}`)),
    );
    assert.ok(twins.every(({ status }) => status === 204));
  });

  it('can be of a type that its API has before the first event of it', async () => {
    const kept = await post({ name: 'Purchases', event: 'contacthub:completedOrder' });
    assert.deepEqual([kept.status, kept.body.event], [201, 'contacthub:completedOrder'], kept.text);
    const report = await test.native.read('/attribution?conversion=contacthub:abandonedCart&model=last');
    assert.deepEqual([report.rows, report.total.conversions], [[], 0]);
    assert.equal((await test.native.call('DELETE', `/conversions/${kept.body.id}`)).status, 204);
  });

  it('are refused in words that say what is wrong', async () => {
    const cases: [body: object, path: string, message: RegExp][] = [
      [{ ...order, name: 'a:b' }, 'body/name', /neither colons/],
      [{ ...order, name: ' ' }, 'body/name', /neither colons/],
      [{ ...order, event: 'webmarketer:bill' }, 'body/event', /no event type "webmarketer:bill"/],
      [{ ...order, event: 'contacthub:bill' }, 'body/event', /no event type/],
      [{ ...order, event: 'order' }, 'body/event', /webmarketer:order/],
      [{ name: 'No event' }, 'body/event', /is missing/],
      [{ ...order, lookbackDays: 0 }, 'body/lookbackDays', /from 1 to 365/],
      [{ ...order, lookbackDays: 366 }, 'body/lookbackDays', /from 1 to 365/],
      [{ ...order, lookbackDays: '30' }, 'body/lookbackDays', /whole number/],
      [{ ...order, halfLifeDays: 0 }, 'body/halfLifeDays', /from 0.01 to 365/],
      [{ ...order, position: { first: 60, last: 50 } }, 'body/position', /more than 100 percent/],
      [{ ...order, position: { first: 60 } }, 'body/position/last', /is missing/],
      [{ ...order, excludedReferrers: ['https://pay.example/'] }, 'body/excludedReferrers/0', /form/],
      [{ ...order, excludedReferrers: ['a.b', 'a.b'] }, 'body/excludedReferrers', /twice/],
      [{ ...order, metric: '' }, 'body/metric', /1 to 80 characters/],
      [{ ...order, lookBackDays: 3 }, 'body/lookBackDays', /known are name, event/],
    ];
    for (const [body, path, message] of cases) {
      const reply = await post({ name: 'Wrong', ...body });
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.equal(reply.body.error.path, path, reply.text);
      assert.match(reply.body.error.message, message);
    }
    assert.equal((await test.native.read('/conversions')).conversions.length, 1);
  });

  it('are shown to nobody without the workspace’s key, and changed by nobody else', async () => {
    const [{ id }] = (await test.native.read('/conversions')).conversions;
    const other = await test.addWorkspace();
    const stranger = await workspaceKey(test, other);
    const { accessToken } = test.workspace.credentials.webmarketer;
    const calls = [
      ['GET', '/conversions'],
      ['POST', '/conversions'],
      ['GET', `/conversions/${id}`],
      ['PUT', `/conversions/${id}`],
      ['DELETE', `/conversions/${id}`],
    ] as const;
    for (const [method, path] of calls) {
      const body = method === 'POST' || method === 'PUT' ? { ...order, name: 'Stolen' } : undefined;
      for (const [key, status] of [
        [null, 401],
        [accessToken, 401],
        [stranger, 404],
      ] as const) {
        const reply = await test.native.call(method, path, { key, body });
        assert.equal(reply.status, status, `${method} ${path}`);
      }
    }
    const elsewhere = await ask(test, 'GET', at(other, `/conversions/${id}`), { key: stranger });
    assert.equal(elsewhere.status, 404);
    const own = await workspaceKey(test, test.workspace);
    const shown = await test.native.call('GET', `/conversions/${id}`, { key: own });
    assert.deepEqual([shown.status, shown.body.name], [200, 'Orders']);
  });
});
