import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { begin, History, hour, start, step } from './history.ts';
import { daysBetween, type Seen, SlowCount } from './stats-oracle.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'tl-stats-'));
after(() => rm(dataDir, { recursive: true, force: true }));
const test = await useApp({ environment: { THROUGHLINE_DATA_DIR: dataDir } });

/** All thirteen, as they are asked in one workspace. */
async function checkFigures(
  { client, nodes, customers }: History,
  seen: Seen,
  timezone: string,
): Promise<void> {
  const slow = new SlowCount(seen, timezone);
  const end = new Date(test.time.now).toISOString();
  const start = new Date(begin - 40 * hour).toISOString();
  const dayOf = (text: string) =>
    Temporal.Instant.from(text).toZonedDateTimeISO(timezone).toPlainDate().toString();
  const days = daysBetween(dayOf(start), dayOf(end));
  const ask = async (path: string, parameters: Record<string, string | undefined> = {}) => {
    const given = Object.entries({ start, end, ...parameters }).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(given as [string, string][]);
    const reply = await client.call('GET', `${path}?${query}`);
    assert.equal(reply.status, 200, reply.text);
    return reply.body;
  };
  const figures = (data: { name: string; value: string }[]) =>
    Object.fromEntries(data.map(({ name, value }) => [name, value]));
  assert.equal((await ask('/stats')).customers, seen.customers.length);
  const nodeCounts = (await ask('/stats/nodes')).elements.map(
    (node: { customers: number }) => node.customers,
  );
  assert.deepEqual(
    nodeCounts,
    nodes.map((nodeId) => slow.customers(nodeId).length),
  );
  for (const nodeId of [undefined, ...nodes]) {
    assert.equal(
      (await ask('/stats/customers/count', { nodeId })).data.total,
      String(slow.customers(nodeId).length),
    );
    const channels = await ask('/stats/customers/communication-channels', { nodeId });
    assert.deepEqual(channels.data, slow.channels(nodeId));
    for (const mode of ['DAILY', 'WEEKLY', 'MONTHLY']) {
      const { data } = await ask('/stats/customers/creation-date', { nodeId, mode });
      assert.deepEqual(data, slow.intervals(days, slow.updates('customers', 'ADDED', nodeId), mode));
    }
    for (const entity of ['customers', 'events'] as const) {
      for (const type of ['ADDED', 'UPDATED', 'DELETED']) {
        const { data, parameters } = await ask(`/stats/${entity}/updates`, { nodeId, type });
        const asked = daysBetween(dayOf(parameters.start.replace('+0000', 'Z')), dayOf(end));
        assert.deepEqual(
          data,
          slow.intervals(asked, slow.updates(entity, type, nodeId)),
          `${entity} ${type}`,
        );
      }
    }
    for (const context of ['ALL', 'WEB', 'RETAIL']) {
      const { data } = await ask('/stats/events/type-context-distribution', { nodeId, context });
      const found = data.map((row: Record<string, string>) => [`${row.type} ${row.context}`, row.value]);
      assert.deepEqual(Object.fromEntries(found), slow.typesAndContexts(days, context, nodeId));
    }
    for (const type of ['ALL', 'ECOMMERCE', 'RETAIL']) {
      const { data } = await ask('/stats/events/kpi/purchases', { nodeId, type });
      const { spending, bought, ...expected } = slow.orders(
        days,
        type,
        nodeId === undefined ? {} : { nodeId },
      );
      assert.deepEqual(figures(data), expected);
    }
    assert.deepEqual(
      figures((await ask('/stats/events/kpi/ecommerce', { nodeId })).data),
      slow.ecommerce(days, nodeId),
    );
    assert.deepEqual(figures((await ask('/stats/events/kpi/web', { nodeId })).data), slow.web(days, nodeId));
  }
  for (const id of customers.keys()) {
    const { id: customerId } = (await client.call('GET', `/customers/${id}`)).body;
    for (const mode of ['DAILY', 'WEEKLY']) {
      const { data } = await ask(`/customers/${id}/stats/event-category-distribution`, { mode });
      const found = data.map(({ type, values }: { type: string; values: unknown }) => [type, values]);
      assert.deepEqual(Object.fromEntries(found), slow.categories(days, customerId, mode));
    }
    const { data } = await ask(`/customers/${id}/stats/buying-behaviors`);
    const { spending, revenue, averagePurchase, returned, purchases, returns, products } = slow.orders(
      days,
      'ALL',
      {
        customerId,
      },
    );
    assert.deepEqual(figures(data), {
      totalSpending: spending,
      ...{ averagePurchase, returned, purchases, returns, products },
    });
    assert.deepEqual([data[0].total, data[0].revenue], [spending, revenue]);
  }
}

it('answers what a slow count of all that is shown comes to, after any history, made anew, and in another time zone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const history = await History.begin(test);
      const { client } = history;
      for (const one of [...start, ...steps]) await history.take(one);
      const seen = await history.see();
      await checkFigures(history, seen, 'Europe/Paris');
      const { id } = test.workspace.created;
      const failed = async () =>
        (await verifyWorkspace(test.database, id)).checks.filter(({ ok }) => !ok).map(({ detail }) => detail);
      assert.deepEqual(await failed(), []);
      const rebuilt = await client.native.call('POST', '/rebuild');
      assert.equal(rebuilt.status, 200, rebuilt.text);
      await checkFigures(history, seen, 'Europe/Paris');
      const moved = await client.native.call('PATCH', '', { body: { timezone: 'Pacific/Auckland' } });
      assert.equal(moved.status, 200, moved.text);
      assert.deepEqual(await failed(), []);
      await checkFigures(history, seen, 'Pacific/Auckland');
    }),
    { numRuns: 5 },
  );
});
