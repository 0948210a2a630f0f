import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { findFaults, retain } from '../../jobs/retention/retention.ts';
import { AggregateClient } from './aggregate-client.ts';
import { ConfigurationClient, faultOf } from './configuration-client.ts';

const test = await useApp({ freshWorkspace: true, timezone: 'Europe/Rome' });
const client = new ConfigurationClient(test);
const policy = '/retention-policy';
const nodePath = (nodeId: string) => `/nodes/${nodeId}${policy}`;
const entryPath = (nodeId: string) => `/nodes/entries/${nodeId}${policy}`;

/** Half past midnight of the first of June in Rome: still the last of May in UTC. */
const now = Date.parse('2026-05-31T22:30:00Z');

async function send(customerId: string, type: string, date: string): Promise<string> {
  const reply = await client.send(customerId, type, {}, { date });
  assert.equal(reply.status, 202, reply.text);
  return reply.body.id;
}

async function idsOf(customerId: string): Promise<string[]> {
  const reply = await client.call('GET', `/events?customerId=${customerId}&size=1000`);
  return reply.body.elements.map(({ id }: { id: string }) => id);
}

async function addNode(): Promise<string> {
  const nodeId = await new Store(test, client.workspace).addNode('contacthub');
  await test.app.services.workspaces.reload(client.workspace.created.id);
  return nodeId;
}

describe('retention of Contacthub’s events', () => {
  it('is shown as it was set, and keeps everything where nothing is set', async () => {
    test.time.now = now;
    assert.deepEqual((await client.read(policy)).body, {});
    assert.deepEqual((await client.read(nodePath(client.nodeId))).body, { enabled: true, events: {} });
    const own = { loggedIn: { months: 6 }, searched: { months: 0 } };
    assert.deepEqual(await client.set(policy, own), own);
    assert.deepEqual((await client.read(policy)).body, own);
    assert.deepEqual(await client.set(nodePath(client.nodeId), { events: own }), {
      enabled: true,
      events: own,
    });
    assert.deepEqual((await client.read(entryPath(client.nodeId))).body, own);
    const other = { viewedPage: { months: 1 } };
    assert.deepEqual(await client.set(entryPath(client.nodeId), other), other);
    assert.deepEqual(await client.set(`${entryPath(client.nodeId)}/state`, { enabled: false }), {
      enabled: false,
    });
    assert.deepEqual((await client.read(`${entryPath(client.nodeId)}/state`)).body, { enabled: false });
    assert.deepEqual((await client.read(nodePath(client.nodeId))).body, { enabled: false, events: other });
    const { dialects } = (await ask(test, 'GET', at(client.workspace))).body;
    assert.deepEqual(dialects.contacthub.retention, own);
  });

  it('deletes what happened longer ago than so many months of the workspace’s calendar, and tells of it', async () => {
    test.time.now = now;
    const { id } = await client.create('ann@example.com');
    const [due, kept, other] = [
      await send(id, 'loggedIn', '2026-04-30T22:29:59.999Z'),
      await send(id, 'loggedIn', '2026-04-30T22:30:00Z'),
      await send(id, 'searched', '2020-01-01T00:00:00Z'),
    ];
    await client.set(policy, { loggedIn: { months: 1 } });
    const { lastOffset } = (await client.call('GET', '/updates/last-offset', undefined, admin())).body;
    const status = async () => (await client.read(`${policy}/status`)).body;
    assert.deepEqual((await status()).loggedIn, { months: 1, due: 1, deleted: 0, lastRunAt: null });
    const dry = await ask(test, 'POST', at(client.workspace, '/retention'), { body: { dryRun: true } });
    assert.deepEqual(dry.body.contacthub, { deletedCustomerEvents: 1 });
    assert.equal((await idsOf(id)).length, 3);
    assert.equal((await retain(test)).deletedCustomerEvents, 1);
    assert.deepEqual((await idsOf(id)).sort(), [kept, other].sort());
    const { updates } = (await client.call('GET', `/updates?offset=${lastOffset}`, undefined, admin())).body;
    assert.deepEqual(updates, [
      { operation: 'DELETE', entity: { type: 'EVENT', data: { id: due, customerId: id, type: 'loggedIn' } } },
    ]);
    const after = await status();
    assert.deepEqual(after.loggedIn, {
      months: 1,
      due: 0,
      deleted: 1,
      lastRunAt: '2026-05-31T22:30:00.000+0000',
    });
    assert.deepEqual([after.searched.months, after.searched.deleted, Object.keys(after).length], [0, 0, 48]);
    assert.deepEqual(await findFaults(test), []);
  });

  it('goes by what a node says of a type while that is enabled, else by the workspace', async () => {
    const types = ['loggedIn', 'searched', 'viewedPage'] as const;
    const policies = fc.dictionary(
      fc.constantFrom(...types),
      fc.record({ months: fc.constantFrom(0, 1, 3, 12) }),
    );
    const nodes = fc.array(fc.record({ enabled: fc.boolean(), events: policies }), {
      minLength: 2,
      maxLength: 2,
    });
    const events = fc.array(
      fc.record({ node: fc.nat(1), type: fc.constantFrom(...types), months: fc.nat(14), minutes: fc.nat(1) }),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(policies, nodes, events, async (own, ofNodes, history) => {
        test.workspace = await test.addWorkspace({ timezone: 'Europe/Rome' });
        test.time.now = now;
        const nodeIds = [client.nodeId, await addNode()];
        const people: string[] = [];
        for (const [index, nodeId] of nodeIds.entries())
          people.push((await client.create(`p${index}@example.com`, { nodeId })).id);
        const kept: string[] = [];
        const rome = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Rome');
        for (const { node, type, months, minutes } of history) {
          const date = rome.subtract({ months }).add({ minutes }).toInstant();
          const id = await send(people[node] ?? '', type, date.toString());
          const policy = ofNodes[node];
          const limit = ((policy?.enabled && policy.events[type]) || own[type])?.months ?? 0;
          const oldest = rome.subtract({ months: limit }).epochMilliseconds;
          if (limit === 0 || date.epochMilliseconds >= oldest) kept.push(id);
        }
        await client.set(policy, own);
        for (const [index, nodeId] of nodeIds.entries()) await client.set(nodePath(nodeId), ofNodes[index]);
        await retain(test);
        const left = (await Promise.all(people.map(idsOf))).flat();
        assert.deepEqual(left.sort(), kept.sort());
        assert.deepEqual(await findFaults(test), []);
        assert.equal((await retain(test)).deletedCustomerEvents ?? 0, 0);
      }),
      { numRuns: 8 },
    );
  });

  it('goes on where it was cut short, past the many events of a node that keeps them', async () => {
    test.time.now = now;
    const other = await addNode();
    const ann = await client.create('ann@example.com');
    const ben = await client.create('ben@example.com', { nodeId: other });
    const rows = (customerId: string, count: number) =>
      Array.from({ length: count }, () => send(customerId, 'loggedIn', '2026-01-01T00:00:00Z'));
    await Promise.all([...rows(ann.id, 300), ...rows(ben.id, 20)]);
    await client.set(nodePath(other), { events: { loggedIn: { months: 1 } } });
    assert.equal((await retain(test)).deletedCustomerEvents, 20);
    assert.equal((await idsOf(ann.id)).length, 300);
    await client.set(policy, { loggedIn: { months: 2 } });
    const first = await retain(test, test.workspace, { slices: 1 });
    assert.deepEqual([first.deletedCustomerEvents, first.more], [250, true]);
    assert.equal((await retain(test)).deletedCustomerEvents, 300);
    assert.deepEqual(await idsOf(ann.id), []);
    assert.deepEqual(await findFaults(test), []);
  });

  it('of an aggregate leaves it out of what its customers did, by condition and by counts', async () => {
    test.time.now = now;
    const aggregates = await new AggregateClient(test, client.workspace).setUp();
    const { id } = await client.create('did@example.com', { externalId: 'did' });
    const order = async (date: string, total: number) =>
      client.send(id, 'completedOrder', { orderId: date, amount: { total } }, { date });
    for (const date of ['2026-01-10T00:00:00Z', '2026-02-10T00:00:00Z']) await order(date, 100);
    await order('2026-05-20T00:00:00Z', 30);
    await send(id, 'searched', '2026-01-11T00:00:00Z');
    const aggregateId = await aggregates.active();
    const [customer] = await aggregates.customersOf(aggregateId, '&externalId=did');
    const doers = async (nodeId: string, name: string, timeframe?: object) => {
      const query = JSON.stringify({ query: { type: 'simple', did: { event: { name }, timeframe } } });
      const { body } = await client.call('GET', `/customers?${new URLSearchParams({ nodeId, query })}`);
      return body.elements.map((element: { externalId: string }) => element.externalId);
    };
    const early = { type: 'atomic', attribute: 'date', operator: 'LT', value: '2026-05-01' };
    const read = async (customerId: string) => {
      const path = `/customers/${customerId}/stats`;
      const counted = await client.call('GET', `${path}/event-category-distribution?mode=MONTHLY`);
      const bought = await client.call('GET', `${path}/buying-behaviors`);
      const totals = counted.body.data.map((row: { type: string; values: { value: string }[] }) => [
        row.type,
        row.values.reduce((sum, { value }) => sum + Number(value), 0),
      ]);
      const orders = bought.body.data.find(({ name }: { name: string }) => name === 'purchases');
      return [Object.fromEntries(totals), orders.value, bought.body.data[0].total];
    };
    const whole = [{ completedOrder: 3, searched: 1 }, '3', '230.00'];
    assert.deepEqual(await read(customer.id), whole);
    assert.deepEqual(await doers(aggregateId, 'searched'), ['did']);
    const events = { completedOrder: { months: 1 }, searched: { months: 3 } };
    await client.set(nodePath(aggregateId), { enabled: true, events });
    assert.deepEqual(await read(customer.id), [{ completedOrder: 1 }, '1', '30.00']);
    assert.deepEqual(await read(id), whole);
    assert.deepEqual(await doers(aggregateId, 'searched'), []);
    assert.deepEqual(await doers(aggregateId, 'completedOrder'), ['did']);
    assert.deepEqual(await doers(aggregateId, 'completedOrder', early), []);
    assert.deepEqual(await doers(client.nodeId, 'completedOrder', early), ['did']);
    await client.set(nodePath(aggregateId), { enabled: false });
    assert.deepEqual(await read(customer.id), whole);
    assert.deepEqual(await doers(aggregateId, 'completedOrder', early), ['did']);
  });

  it('of an aggregate leaves out of what is read of it what happened before, and deletes nothing', async () => {
    test.time.now = now;
    const aggregates = await new AggregateClient(test, client.workspace).setUp();
    const { id } = await client.create('ann@example.com', { externalId: 'ann' });
    const [hidden, shown] = [
      await send(id, 'loggedIn', '2026-02-28T00:00:00Z'),
      await send(id, 'loggedIn', '2026-05-28T00:00:00Z'),
    ];
    const aggregateId = await aggregates.active();
    const policy = { enabled: true, events: { loggedIn: { months: 1 } } };
    assert.deepEqual(await client.set(nodePath(aggregateId), policy), policy);
    const [customer] = await aggregates.customersOf(aggregateId);
    const found = async (query: string) => {
      const { body } = await client.call('GET', `/events?${query}`);
      return [body.page.totalElements, body.elements.map((event: { id: string }) => event.id)];
    };
    assert.deepEqual(await found(`nodeId=${aggregateId}`), [1, [shown]]);
    assert.deepEqual(await found(`customerId=${customer.id}`), [1, [shown]]);
    assert.deepEqual(await found(`customerId=${id}`), [2, [shown, hidden]]);
    assert.equal((await retain(test)).deletedCustomerEvents ?? 0, 0);
    await client.set(nodePath(aggregateId), { enabled: false });
    assert.deepEqual(await found(`nodeId=${aggregateId}`), [2, [shown, hidden]]);
    assert.equal((await client.write(entryPath(aggregateId), {})).status, 400);
  });

  it('refuses what is no policy, an unknown node and who may not', async () => {
    const path = nodePath(client.nodeId);
    const refused = async (where: string, body: unknown) =>
      faultOf(await client.write(where, body)).slice(0, 2);
    assert.deepEqual(await refused(policy, { nothing: { months: 1 } }), [400, '/nothing']);
    assert.deepEqual(await refused(policy, { loggedIn: { months: -1 } }), [400, '/loggedIn/months']);
    assert.deepEqual(await refused(policy, { loggedIn: {} }), [400, '/loggedIn/months']);
    assert.deepEqual(await refused(path, { events: { loggedIn: { months: 1.5 } } }), [
      400,
      '/events/loggedIn/months',
    ]);
    assert.deepEqual(await refused(`${entryPath(client.nodeId)}/state`, {}), [400, '/enabled']);
    const stranger = new ConfigurationClient(test, await test.addWorkspace());
    for (const foreign of [stranger.nodeId, 'nowhere']) {
      assert.equal((await client.read(nodePath(foreign))).status, 404);
      assert.equal((await client.write(entryPath(foreign), {})).status, 404);
    }
    assert.equal((await client.write(policy, {}, await client.tokenOf('USER'))).status, 403);
    assert.equal((await client.read(policy, await client.tokenOf('USER'))).status, 200);
    assert.equal((await client.read(policy, client.credentials.contacthub.dpoToken)).status, 403);
    assert.equal((await client.read(policy, '')).status, 401);
  });
});

function admin() {
  return { token: client.credentials.contacthub.adminToken };
}
