import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { AggregateClient } from './aggregate-client.ts';
import { attributes, customers, events, mergedAttributes, queriesOf, sorts } from './search-arbitraries.ts';
import { finds, inOrder, type Person, type Shown } from './search-oracle.ts';

const test = await useApp();
const client = new AggregateClient(test);

let aggregateId: string;
let people: Person[];

before(async () => {
  await client.setUp();
  const extended = {
    points: { type: 'number', mergePolicy: 'MATH_SUM' },
    tier: { type: 'string' },
    vip: { type: 'boolean' },
    labels: { type: 'array', items: { type: 'string' }, mergePolicy: 'ARRAY_UNION' },
    shared: { type: 'array', items: { type: 'string' }, mergePolicy: 'ARRAY_INTERSECTION' },
    note: { type: 'string', mergePolicy: 'OBJ_CONCATENATE' },
    old: { type: 'string' },
    missing: { type: 'string' },
  };
  const dialects = { contacthub: { extendedProperties: extended } };
  assert.equal((await client.native.call('PATCH', '', { body: { dialects } })).status, 200);
  aggregateId = await client.active();
  const [made] = fc.sample(fc.array(customers, { minLength: 50, maxLength: 50 }), 1);
  const [done] = fc.sample(fc.array(events, { minLength: 80, maxLength: 80 }), 1);
  assert.ok(made && done);
  const ids: string[] = [];
  for (const [index, { externalId: _, base, ...rest }] of made.entries()) {
    test.time.now = Date.UTC(2026, 2, 1) + Math.floor(index / 3) * 60_000;
    // Most addresses are of two, of both nodes or of one; some have none.
    const email = index % 7 === 0 ? null : `p${index % 25}@x.example`;
    const reply = await client.call('POST', '/customers', {
      nodeId: index % 3 === 0 ? client.nodeId : client.second,
      externalId: `e${index}`,
      ...rest,
      base: { ...base, contacts: { email } },
    });
    assert.equal(reply.status, 201, reply.text);
    ids.push(reply.body.id);
  }
  for (const [index, { event, ...rest }] of done.entries())
    await client.view({ customerId: ids[(index * 7) % ids.length] ?? '' }, { ...event, ...rest });
  people = [];
  for (const customer of await client.customersOf(aggregateId)) {
    const reply = await client.call('GET', `/events?customerId=${customer.id}&size=1000`);
    assert.deepEqual((await client.call('GET', `/customers/${customer.id}`)).body, customer);
    people.push({ customer, events: reply.body.elements as Shown[] });
  }
  assert.ok(people.length > 25 && people.length < 45, `${people.length} customers`);
});

async function search(nodeId: string, query: unknown, keys: readonly string[] = []) {
  const parameters = new URLSearchParams({ nodeId, size: '100', query: JSON.stringify({ query }) });
  for (const key of keys) parameters.append('sort', key);
  const reply = await client.call('GET', `/customers?${parameters}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

describe('a search for customers of an aggregate node', () => {
  it('finds those whom the query fits by what they show, in the asked order', async () => {
    const property = fc.asyncProperty(queriesOf(mergedAttributes), sorts, async (query, sort) => {
      const keys = sort.map(({ path, direction }) => `${path},${direction}`);
      const found = await search(aggregateId, query, keys);
      const expected = inOrder(
        people.filter((person) => finds(query, person)),
        keys,
      );
      assert.deepEqual(
        found.elements,
        expected.map(({ customer }) => customer),
      );
      assert.equal(found.page.totalElements, expected.length);
      assert.equal(found.page.totalUnfilteredElements, people.length);
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

describe('a filter of an aggregate node', () => {
  it('leaves out the entry customers whom the same query finds', async () => {
    const id = await client.active({ matchingProperties: null });
    const everybody = await client.customersOf(id);
    const conditions = queriesOf(attributes).filter((query) => !JSON.stringify(query).includes('"did"'));
    const property = fc.asyncProperty(conditions, async (query) => {
      const reply = await client.asAdmin('PUT', `/${id}`, { exclusionFilters: [query] });
      assert.equal(reply.status, 200, reply.text);
      const found = [await search(client.nodeId, query), await search(client.second, query)];
      const excluded = found.flatMap(({ elements }) => elements.map((one: Shown) => one.externalId));
      const left = (await client.customersOf(id)).map(({ externalId }) => externalId);
      assert.deepEqual([...left, ...excluded].sort(), everybody.map(({ externalId }) => externalId).sort());
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
