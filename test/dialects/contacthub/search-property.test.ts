import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { migrate } from '../../../src/store/migrate.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { ContacthubClient } from './client.ts';
import { rebuildCustomerIndex } from './rebuild-customer-index.ts';
import { attributes, customers, events, mergedAttributes, queriesOf, sorts } from './search-arbitraries.ts';
import { finds, inOrder, type Person, type Shown } from './search-oracle.ts';

const test = await useApp();
const client = new ContacthubClient(test);

let people: Person[];
let ids: string[];

before(async () => {
  const [made] = fc.sample(fc.array(customers, { minLength: 60, maxLength: 60 }), 1);
  const [done] = fc.sample(fc.array(events, { minLength: 120, maxLength: 120 }), 1);
  assert.ok(made && done);
  const start = Date.UTC(2026, 2, 1);
  ids = [];
  for (const [index, customer] of made.entries()) {
    // Some at the same instant, so that the last key of the order is seen.
    test.time.now = start + Math.floor(index / 3) * 60_000;
    ids.push((await client.create(`p${index}@x.example`, customer)).id);
  }
  for (const [index, { event, ...rest }] of done.entries()) {
    const subject =
      index % 5 === 0 ? { session: `s${index % 40}` } : { customerId: ids[(index * 7) % ids.length] ?? '' };
    await client.view(subject, { ...event, ...rest });
  }
  for (let index = 0; index < 40; index += 10) {
    const reply = await client.call('POST', `/customers/${ids[index]}/sessions`, { value: `s${index}` });
    assert.equal(reply.status, 201);
  }
  // Records of two and of three profiles, one of which is written to after it, and one that is parted again.
  await join(1, 2);
  await join(2, 3);
  await join(10, 11);
  const parted = await join(20, 21);
  await client.call('PATCH', `/customers/${ids[11]}`, {
    base: { firstName: 'Ann' },
    tags: { manual: ['vip'] },
  });
  assert.equal((await client.native.call('POST', `/links/${parted}/undo`, { body: {} })).status, 200);
  people = await readPeople();
  assert.equal(people.length, 57);
});

async function join(first: number, second: number): Promise<string> {
  const body = { first: ids[first], second: ids[second] };
  const reply = await client.native.call('POST', '/links', { body });
  assert.equal(reply.status, 201);
  return reply.body.link.id;
}

async function readPeople(): Promise<Person[]> {
  const found = new Map<string, Person>();
  for (const id of ids) {
    const { body: customer } = await client.call('GET', `/customers/${id}`);
    const reply = await client.call('GET', `/events?customerId=${id}&size=1000`);
    found.set(customer.id, { customer, events: reply.body.elements as Shown[] });
  }
  return [...found.values()];
}

/** Compares searches with what the oracle finds of the people. */
async function compareSearches(queries: fc.Arbitrary<unknown>, numRuns: number): Promise<void> {
  let some = 0;
  const property = fc.asyncProperty(queries, sorts, async (query, sort) => {
    const keys = sort.map(({ path, direction }) => `${path},${direction}`);
    const found = await search(query, keys);
    const expected = inOrder(
      people.filter((person) => finds(query, person)),
      keys,
    );
    const idsOf = (list: readonly Shown[]) => list.map(({ id }) => id);
    assert.deepEqual(idsOf(found.elements), idsOf(expected.map(({ customer }) => customer)));
    assert.deepEqual(
      found.elements,
      expected.map(({ customer }) => customer),
    );
    assert.equal(found.page.totalElements, expected.length);
    assert.equal(found.page.totalUnfilteredElements, people.length);
    if (expected.length > 0 && expected.length < people.length) some++;
  });
  await fc.assert(property, { numRuns });
  assert.ok(some > numRuns / 4, `only ${some} queries found some and not all`);
}

async function search(query: unknown, keys: readonly string[] = []) {
  const parameters = new URLSearchParams({
    nodeId: client.nodeId,
    size: '100',
    query: JSON.stringify({ query }),
  });
  for (const key of keys) parameters.append('sort', key);
  const reply = await client.call('GET', `/customers?${parameters}`);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body;
}

async function expectVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  assert.match(JSON.stringify(checks), /customer-index-equal/);
}

describe('a search for customers', () => {
  it('finds those whom the query fits by what they show, in the asked order', async () => {
    await compareSearches(queriesOf(attributes), 400);
  });

  it('is kept up by writes and links, as verify says', expectVerified);

  it('is the same after it was made anew', expectRebuilt);
});

async function expectRebuilt(): Promise<void> {
  await test.database.query('delete from customer_index');
  await test.database.query('delete from customer_value');
  await test.database.query('update customer_count set total = 7');
  const { checks: broken } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.ok(broken.some(({ name, ok }) => name === 'customer-index-equal' && !ok));
  assert.equal(await rebuildCustomerIndex(test), people.length);
  await expectVerified();
}

const list = { type: 'array', items: { type: 'string' } };
const policies = {
  points: { type: 'number', mergePolicy: 'MATH_SUM', indexed: true },
  tier: { type: 'string', mergePolicy: 'OBJ_PRIORITY', indexed: true },
  vip: { type: 'boolean' },
  labels: { ...list, mergePolicy: 'ARRAY_UNION' },
  shared: { ...list, mergePolicy: 'ARRAY_INTERSECTION' },
  note: { type: 'string', mergePolicy: 'OBJ_CONCATENATE', indexed: true },
  old: { type: 'string' },
  missing: { type: 'string' },
};
const otherPolicies = {
  ...policies,
  points: { type: 'number', mergePolicy: 'MATH_DIFF', indexed: true },
  labels: { ...list, mergePolicy: 'OBJ_CONCATENATE' },
  shared: { ...list, mergePolicy: 'ARRAY_UNION' },
  note: { type: 'string' },
  old: { type: 'string', enabled: false },
};

/** Sets the schema, and waits for what follows from it. */
/** Makes it the schema, without what the one before says beside it. */
async function setSchema(schema: object): Promise<void> {
  const { dialects } = (await client.native.call('GET', '')).body;
  const extendedProperties = patchBetween(dialects.contacthub?.extendedProperties ?? {}, schema);
  const reply = await client.native.call('PATCH', '', {
    body: { dialects: { contacthub: { extendedProperties } } },
  });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  await test.app.services.jobs.settle();
}

/** The merge patch (RFC 7396) that makes one of the other. */
function patchBetween(before: object, after: object): object {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const changed = Object.entries(after).map(([name, value]) => {
    const former = (before as Shown)[name];
    const isInner = isObject(former) && isObject(value);
    return [name, isInner ? patchBetween(former, value) : value];
  });
  return Object.fromEntries([...gone.map((name) => [name, null]), ...changed]);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function countRebuilds(): Promise<number> {
  const { body } = await client.native.call('GET', '/jobs');
  return body.jobs.filter((job: Shown) => job.kind === 'rebuild' && job.subject === 'customersIndexed')
    .length;
}

describe('a search for customers whose extended properties have merge policies', () => {
  const queries = queriesOf(mergedAttributes);

  it('finds records that are there by what the policies make of them', async () => {
    await setSchema(policies);
    await expectVerified();
    people = await readPeople();
    await compareSearches(queries, 100);
  });

  it('finds those that are made one, written to and parted after that', async () => {
    for (let index = 22; index < 50; index += 2) await join(index, index + 1);
    await join(23, 25);
    const parted = await join(51, 52);
    const writes = [
      { points: 10.5, note: 'b' },
      { tier: null, labels: ['web'] },
      { shared: ['gold', 'web'], points: null },
      { labels: null, note: 'a' },
    ];
    for (const [index, extended] of writes.entries())
      for (const id of [ids[22 + index], ids[30 + index], ids[51]])
        assert.equal((await client.call('PATCH', `/customers/${id}`, { extended })).status, 200);
    assert.equal((await client.native.call('POST', `/links/${parted}/undo`, { body: {} })).status, 200);
    assert.equal((await client.call('DELETE', `/customers/${ids[48]}`)).status, 200);
    ids = ids.filter((_, index) => index !== 48 && index !== 49);
    await expectVerified();
    people = await readPeople();
    assert.equal(people.length, 57 - 14 - 1 - 1);
    await compareSearches(queries, 200);
  });

  it('finds them by other policies once these are set, and not by what is disabled', async () => {
    const only = await client.create('old@x.example', { extended: { old: 'x' } });
    ids.push(only.id);
    const hasExtended = {
      type: 'simple',
      are: { condition: { type: 'atomic', attribute: 'extended', operator: 'IS_NOT_NULL' } },
    };
    const isFound = async () => (await search(hasExtended)).elements.some(({ id }: Shown) => id === only.id);
    assert.equal(await isFound(), true);
    await setSchema(otherPolicies);
    assert.equal(await isFound(), false);
    await expectVerified();
    people = await readPeople();
    await compareSearches(queries, 200);
    await setSchema({ ...otherPolicies, old: { type: 'string' } });
    const old = { type: 'atomic', attribute: 'extended.old', operator: 'EQUALS', value: 'x' };
    const again = (await search({ type: 'simple', are: { condition: old } })).elements;
    assert.ok(again.some(({ id }: Shown) => id === only.id));
    await expectVerified();
  });

  it('is the same after it was made anew', expectRebuilt);

  it('is by what the policies make of records that were there before the upgrade', async () => {
    await test.database.query(`
      alter table customer_index drop column merged_values;
      update customer_index set terms = '{}' where merged;
      delete from job where kind = 'rebuild';
      delete from schema_migration where name = '000041_merged_customer_values';
    `);
    const { applied } = await migrate(test.database);
    assert.deepEqual(applied, ['000041_merged_customer_values']);
    assert.equal(await countRebuilds(), 1);
    // The job is due by the clock of the database.
    test.time.now = 0;
    await test.app.services.jobs.settle();
    await expectVerified();
  });

  it('is made anew for what is shown otherwise, and not for another label', async () => {
    const before = await countRebuilds();
    assert.ok(before > 0);
    await setSchema({ ...otherPolicies, old: { type: 'string', label: 'Old' } });
    assert.equal(await countRebuilds(), before);
  });
});
