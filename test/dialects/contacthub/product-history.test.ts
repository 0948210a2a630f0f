import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { readOpenJob } from '../../../src/core/job/job-store.ts';
import { fillKind, fillProductsJob } from '../../../src/dialects/contacthub/product/fill-products.ts';
import { changeSettings } from '../../../src/dialects/contacthub/settings/change-settings.ts';
import { JobRunner } from '../../../src/jobs/run-jobs.ts';
import { useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { ConfigurationClient } from './configuration-client.ts';

const test = await useApp({ freshWorkspace: true });
const types = ['viewedProduct', 'addedProduct'] as const;
type TypeName = (typeof types)[number];
const policyPath = '/products/update-policy';

async function setUp(): Promise<{ client: ConfigurationClient; customerId: string }> {
  const client = new ConfigurationClient(test, await test.addWorkspace());
  await client.set('/products/properties/extended', {
    grams: { type: 'integer', mergePolicy: 'MATH_SUM' },
    colour: { type: 'string' },
  });
  return { client, customerId: (await client.create('buyer@example.com')).id };
}

async function take(client: ConfigurationClient, customerId: string, type: string, properties: object) {
  const reply = await client.send(customerId, type, properties);
  assert.equal(reply.status, 202, reply.text);
  return reply.body.id as string;
}

async function shownOf(client: ConfigurationClient) {
  const { products } = await client.native.read('/contacthub/products');
  return Object.fromEntries(
    products.map(({ id, properties, extended }: Record<string, unknown>) => [id, { properties, extended }]),
  );
}

describe('the registry of products', () => {
  it('is filled from past events once their type updates it, by a job with its progress', async () => {
    const { client, customerId } = await setUp();
    for (const price of [1, 2]) await take(client, customerId, 'viewedProduct', { id: 'a', price, sku: 's' });
    await take(client, customerId, 'addedProduct', {
      id: 'a',
      price: 3,
      extended: { grams: 1, colour: null },
    });
    const gone = await take(client, customerId, 'viewedProduct', { id: 'gone' });
    await client.call('DELETE', `/events/${gone}`);
    await client.set(policyPath, { eventTypes: ['addedProduct'] });
    await test.app.services.jobs.settle();
    assert.deepEqual(await shownOf(client), {
      a: { properties: { id: 'a', price: 3 }, extended: { grams: 1, colour: null } },
    });
    await take(client, customerId, 'addedProduct', { id: 'a', extended: { grams: 2 } });
    await client.set(policyPath, { eventTypes: ['addedProduct', 'viewedProduct'] });
    await test.app.services.jobs.settle();
    assert.deepEqual(await shownOf(client), {
      a: { properties: { id: 'a', price: 3, sku: 's' }, extended: { grams: 3, colour: null } },
    });
    const { jobs } = await client.native.read('/jobs');
    const [last, first] = jobs.filter(({ kind }: { kind: string }) => kind === fillKind);
    assert.deepEqual([first.state, first.result], ['finished', { events: 1 }]);
    assert.deepEqual([last.state, last.result], ['finished', { events: 2 }]);
    assert.equal(last.progress.done, last.progress.total);
    assert.ok(last.progress.total > 0);
  });

  it('takes once what an event says that is written anew before the job comes to it, or behind that', async () => {
    const { client, customerId } = await setUp();
    const { services } = test.app;
    const product = (id: string, more: object = {}) => ({ id, extended: { grams: 2 }, ...more });
    const events: string[] = [];
    for (const id of ['a', 'b', 'c'])
      events.push(await take(client, customerId, 'addedProduct', product(id, { name: id })));
    const workspaceId = client.workspace.created.id;
    const workspace = await services.workspaces.get(workspaceId);
    await changeSettings(services, workspace, ({ products, ...own }) => ({
      ...own,
      products: { ...products, updatedBy: ['addedProduct'] },
    }));
    const kinds = [fillProductsJob(services, { seqs: 5000, events: 1 })];
    const runner = new JobRunner({ ...services, logger: pino({ level: 'silent' }) }, () => kinds);
    const job = await readOpenJob(services.database, workspaceId, fillKind);
    assert.ok(job);
    await runner.run({ workspaceId, id: job.id }, { slices: 1 });
    for (const event of events) {
      const properties = product('other', { name: event });
      const reply = await client.call('PATCH', `/events/${event}`, { properties });
      assert.equal(reply.status, 202, reply.text);
    }
    await runner.runToEnd({ workspaceId, id: job.id });
    assert.deepEqual(await shownOf(client), {
      a: { properties: { id: 'a', name: 'a' }, extended: { grams: 2 } },
      other: { properties: { id: 'other', name: events.at(-1) }, extended: { grams: 6 } },
    });
  });

  it('needs no job where there are no events of the type, nor by the same policy', async () => {
    const { client, customerId } = await setUp();
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    await take(client, customerId, 'viewedProduct', { id: 'a' });
    await client.set(policyPath, { eventTypes: ['viewedProduct'] });
    const settings = { products: { updatedBy: ['viewedProduct'] } };
    await client.native.call('PATCH', '', { body: { dialects: { contacthub: settings } } });
    await test.app.services.jobs.settle();
    const { jobs } = await client.native.read('/jobs');
    assert.deepEqual(
      jobs.filter(({ kind }: { kind: string }) => kind === fillKind),
      [],
    );
  });

  it('has what was said last of each member, and once, whatever the policy was when', async () => {
    const event = fc.record({
      type: fc.constantFrom(...types),
      id: fc.constantFrom('a', 'b'),
      name: fc.option(fc.constantFrom('n1', 'n2', 'n3'), { nil: undefined }),
      sku: fc.option(fc.constantFrom('s1', 's2', 's3'), { nil: undefined }),
      grams: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      colour: fc.option(fc.constantFrom('red', 'tan'), { nil: undefined }),
    });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ event }) },
      { weight: 2, arbitrary: fc.record({ policy: fc.subarray([...types]) }) },
      { weight: 1, arbitrary: fc.constant({ slice: true as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const { client, customerId } = await setUp();
        const { services } = test.app;
        const workspaceId = client.workspace.created.id;
        const kinds = [fillProductsJob(services, { seqs: 4, events: 2 })];
        const runner = new JobRunner({ ...services, logger: pino({ level: 'silent' }) }, () => kinds);
        const open = () => readOpenJob(services.database, workspaceId, fillKind);
        const oracle = new ProductOracle();
        for (const one of steps) {
          if ('event' in one) {
            const { type, id, name, sku, grams, colour } = one.event;
            const properties = JSON.parse(JSON.stringify({ id, name, sku, extended: { grams, colour } }));
            await take(client, customerId, type, properties);
            oracle.take(type, properties);
          } else if ('policy' in one) {
            // As another process does: nobody here looks for its jobs.
            const workspace = await services.workspaces.get(workspaceId);
            await changeSettings(services, workspace, ({ products, ...own }) => ({
              ...own,
              products: { ...products, updatedBy: one.policy },
            }));
            oracle.policy = new Set(one.policy);
          } else {
            const job = await open();
            if (job) await runner.run({ workspaceId, id: job.id }, { slices: 1 });
          }
        }
        for (let job = await open(); job; job = await open())
          await runner.runToEnd({ workspaceId, id: job.id });
        assert.deepEqual(await shownOf(client), oracle.products());
      }),
      { numRuns: 12 },
    );
  });
});

interface Said {
  readonly id: string;
  readonly extended: Readonly<Record<string, unknown>>;
}

/** Each event of a type that the policy has, or has had since, says what it says. */
class ProductOracle {
  readonly #events: { readonly type: TypeName; readonly said: Said; isTaken: boolean }[] = [];
  #policy: ReadonlySet<TypeName> = new Set();

  take(type: TypeName, said: Said): void {
    this.#events.push({ type, said, isTaken: this.#policy.has(type) });
  }

  set policy(policy: ReadonlySet<TypeName>) {
    const added = new Set([...policy].filter((type) => !this.#policy.has(type)));
    for (const event of this.#events) event.isTaken ||= added.has(event.type);
    this.#policy = policy;
  }

  products(): Record<string, { properties: object; extended: Record<string, unknown> }> {
    const products: Record<string, { properties: object; extended: Record<string, unknown> }> = {};
    for (const { said, isTaken } of this.#events) {
      if (!isTaken) continue;
      const { extended, ...members } = said;
      const known = products[said.id] ?? { properties: {}, extended: {} };
      const sum = Number(known.extended.grams ?? 0) + Number(extended.grams ?? 0);
      products[said.id] = {
        properties: { ...known.properties, ...members },
        extended: { ...known.extended, ...extended, ...(sum > 0 ? { grams: sum } : {}) },
      };
    }
    return products;
  }
}
