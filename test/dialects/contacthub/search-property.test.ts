import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { ContacthubClient } from './client.ts';
import { rebuildCustomerIndex } from './rebuild-customer-index.ts';
import { finds, inOrder, type Person, type Shown } from './search-oracle.ts';

const test = await useApp();
const client = new ContacthubClient(test);

const firstNames = ['Ann', 'ann', 'Bob', 'Zoë', 'Łukasz', '50%_x', '😀', 'Ann Marie'];
const cities = ['Milano', 'milano', 'Roma', 'Paris'];
const tags = ['gold', 'web', 'vip', 'a"b'];
const days = ['1970-01-01', '1980-05-05', '1990-12-31'];
const points = [0, 5, 10.5, -3];
const dates = [
  '2026-01-01T00:00:00.000Z',
  '2026-01-15T12:00:00.000Z',
  '2026-01-15T23:59:59.999Z',
  '2026-02-01T00:00:00.000Z',
];

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const few = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 });

const customers = fc.record({
  externalId: optional(fc.constantFrom('e1', 'e2')),
  enabled: optional(fc.boolean()),
  base: fc.record({
    firstName: optional(fc.constantFrom(...firstNames)),
    lastName: optional(fc.constantFrom('Rossi', 'Verdi')),
    dob: optional(fc.constantFrom(...days)),
    address: optional(
      fc.record({ city: optional(fc.constantFrom(...cities)), country: fc.constantFrom('IT', 'FR') }),
    ),
    jobs: optional(
      fc.constantFrom([{ id: '1', companyName: 'Acme' }], [{ id: '2', companyName: 'Beta' }, { id: '3' }]),
    ),
    subscriptions: optional(
      fc.constantFrom(
        [{ id: 'news', subscribed: true }],
        [
          { id: 'news', subscribed: false },
          { id: 'sport', subscribed: true },
        ],
      ),
    ),
  }),
  consents: optional(
    fc.record({
      marketing: fc.record({ automatic: fc.record({ email: fc.record({ status: fc.boolean() }) }) }),
    }),
  ),
  extended: optional(
    fc.record({
      points: optional(fc.constantFrom(...points)),
      tier: optional(fc.constantFrom('gold', 'silver')),
      vip: optional(fc.boolean()),
    }),
  ),
  tags: optional(fc.record({ auto: few(tags), manual: few(tags) })),
});

const events = fc.record({
  date: fc.constantFrom(...dates),
  context: fc.constantFrom('WEB', 'MOBILE'),
  event: fc.oneof(
    fc.record({
      type: fc.constant('viewedPage'),
      properties: fc.record({ title: fc.constantFrom('Home', 'Shop'), pageTags: few(tags) }),
    }),
    fc.record({
      type: fc.constant('completedOrder'),
      properties: fc.record({
        orderId: fc.constantFrom('o1', 'o2'),
        amount: fc.record({ total: fc.constantFrom(10, 20.5) }),
      }),
    }),
  ),
  tracking: optional(fc.constantFrom({ ga: { utm_source: 'google' } }, { ga: { utm_source: 'news' } })),
});

/** Attributes with values that somebody may have. */
const attributes: Readonly<Record<string, readonly (string | number | boolean)[]>> = {
  'base.firstName': firstNames,
  'base.lastName': ['Rossi', 'Verdi', 'Nobody'],
  'base.dob': days,
  'base.address.city': cities,
  'base.address.country': ['IT', 'FR'],
  'base.contacts.email': ['p1@x.example', 'P1@x.example', 'p2@x.example'],
  externalId: ['e1', 'e2'],
  enabled: [true, false],
  'tags.auto': tags,
  'tags.manual': tags,
  'base.subscriptions.id': ['news', 'sport'],
  'base.subscriptions.*.id': ['news', 'sport'],
  'base.subscriptions.subscribed': [true, false],
  'base.jobs.companyName': ['Acme', 'Beta'],
  'consents.marketing.automatic.email.status': [true, false],
  'extended.points': points,
  'extended.tier': ['gold', 'silver'],
  'extended.vip': [true, false],
  'extended.missing': ['x'],
};
const eventAttributes: Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>> = {
  viewedPage: {
    'properties.title': ['Home', 'Shop'],
    'properties.pageTags': tags,
    context: ['WEB', 'MOBILE'],
  },
  completedOrder: {
    'properties.amount.total': [10, 20.5],
    'properties.orderId': ['o1', 'o2'],
    'tracking.ga.utm_source': ['google', 'news'],
  },
};

const known = fc.constantFrom('IS_NULL', 'IS_NOT_NULL');
const comparing = fc.constantFrom('GTE', 'GT', 'LTE', 'LT');

function atomicOf(of: Readonly<Record<string, readonly (string | number | boolean)[]>>) {
  return fc.constantFrom(...Object.keys(of)).chain((attribute) => {
    const value = fc.constantFrom(...(of[attribute] ?? []));
    const atomic = (operator: fc.Arbitrary<string>, given: fc.Arbitrary<unknown>) =>
      fc.record({ type: fc.constant('atomic'), attribute: fc.constant(attribute), operator, value: given });
    const isText = typeof of[attribute]?.[0] === 'string';
    const inside = value.map((text) => String(text).slice(0, 2));
    return fc.oneof(
      { weight: 4, arbitrary: atomic(fc.constantFrom('EQUALS', 'NOT_EQUALS'), value) },
      {
        weight: 2,
        arbitrary: atomic(fc.constantFrom('IN', 'NOT_IN'), fc.array(value, { minLength: 1, maxLength: 3 })),
      },
      { weight: 1, arbitrary: atomic(known, fc.constant(undefined)) },
      ...(isText ? [{ weight: 1, arbitrary: atomic(fc.constantFrom('LIKE', 'IN', 'NOT_IN'), inside) }] : []),
      ...(typeof of[attribute]?.[0] === 'boolean'
        ? []
        : [
            { weight: 2, arbitrary: atomic(comparing, value) },
            { weight: 1, arbitrary: atomic(fc.constant('BETWEEN'), fc.tuple(value, value)) },
          ]),
    );
  });
}

function compositeOf(atomic: fc.Arbitrary<unknown>) {
  const { condition } = fc.letrec((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      atomic,
      fc.record({
        type: fc.constant('composite'),
        conjunction: fc.constantFrom('and', 'or'),
        conditions: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  return condition;
}

const day = fc.constantFrom('2026-01-01', '2026-01-15', '2026-02-01', ...dates);
const timeframe = compositeOf(
  fc.oneof(
    fc.record({
      type: fc.constant('atomic'),
      attribute: fc.constant('date'),
      operator: fc.constantFrom('EQUALS', 'GTE', 'GT', 'LTE', 'LT'),
      value: day,
    }),
    fc.record({
      type: fc.constant('atomic'),
      attribute: fc.constant('date'),
      operator: fc.constant('BETWEEN'),
      value: fc.tuple(day, day),
    }),
  ),
);
const did = fc.constantFrom(...Object.keys(eventAttributes)).chain((name) =>
  fc.record({
    event: fc.constant({ name }),
    condition: optional(compositeOf(atomicOf(eventAttributes[name] ?? {}))),
    timeframe: optional(timeframe),
  }),
);
const are = fc.record({ condition: compositeOf(atomicOf(attributes)) });
const { query: queries } = fc.letrec((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ type: fc.constant('simple'), are }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('simple'), did }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('simple'), are, did }) },
    ),
    fc.record({
      type: fc.constant('combined'),
      conjunction: fc.constantFrom('INTERSECT', 'UNION', 'EXCEPT'),
      queries: fc.array(tie('query'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const sorts = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom(
      'base.firstName',
      'base.lastName',
      'base.dob',
      'extended.points',
      'enabled',
      'registeredAt',
      'updatedAt',
      'externalId',
    ),
    direction: fc.constantFrom('asc', 'desc'),
  }),
  { maxLength: 3, selector: ({ path }) => path },
);

let people: Person[];

before(async () => {
  const [made] = fc.sample(fc.array(customers, { minLength: 60, maxLength: 60 }), {
    numRuns: 1,
    seed: 20_260_301,
  });
  const [done] = fc.sample(fc.array(events, { minLength: 120, maxLength: 120 }), { numRuns: 1, seed: 4 });
  assert.ok(made && done);
  const start = Date.UTC(2026, 2, 1);
  const ids: string[] = [];
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
  const join = async (first: number, second: number) => {
    const body = { first: ids[first], second: ids[second] };
    const reply = await client.native.call('POST', '/links', { body });
    assert.equal(reply.status, 201);
    return reply.body.link.id;
  };
  await join(1, 2);
  await join(2, 3);
  await join(10, 11);
  const parted = await join(20, 21);
  await client.call('PATCH', `/customers/${ids[11]}`, {
    base: { firstName: 'Ann' },
    tags: { manual: ['vip'] },
  });
  assert.equal((await client.native.call('POST', `/links/${parted}/undo`, { body: {} })).status, 200);
  people = await readPeople(ids);
  assert.equal(people.length, 57);
});

async function readPeople(ids: readonly string[]): Promise<Person[]> {
  const found = new Map<string, Person>();
  for (const id of ids) {
    const { body: customer } = await client.call('GET', `/customers/${id}`);
    const reply = await client.call('GET', `/events?customerId=${id}&size=1000`);
    found.set(customer.id, { customer, events: reply.body.elements as Shown[] });
  }
  return [...found.values()];
}

describe('a search for customers', () => {
  it('finds those whom the query fits by what they show, in the asked order', async () => {
    let some = 0;
    const property = fc.asyncProperty(queries, sorts, async (query, sort) => {
      const keys = sort.map(({ path, direction }) => `${path},${direction}`);
      const parameters = new URLSearchParams({
        nodeId: client.nodeId,
        size: '100',
        query: JSON.stringify({ query }),
      });
      for (const key of keys) parameters.append('sort', key);
      const reply = await client.call('GET', `/customers?${parameters}`);
      assert.equal(reply.status, 200, JSON.stringify(reply.body));
      const expected = inOrder(
        people.filter((person) => finds(query, person)),
        keys,
      );
      const ids = (list: readonly Shown[]) => list.map(({ id }) => id);
      assert.deepEqual(ids(reply.body.elements), ids(expected.map(({ customer }) => customer)));
      assert.deepEqual(
        reply.body.elements,
        expected.map(({ customer }) => customer),
      );
      assert.equal(reply.body.page.totalElements, expected.length);
      assert.equal(reply.body.page.totalUnfilteredElements, people.length);
      if (expected.length > 0 && expected.length < people.length) some++;
    });
    await fc.assert(property, { numRuns: 400 });
    assert.ok(some > 100, `only ${some} queries found some and not all`);
  });

  it('is kept up by writes and links, as verify says', async () => {
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
    assert.match(JSON.stringify(checks), /customer-index-equal/);
  });

  it('is the same after it was made anew', async () => {
    await test.database.query('delete from customer_index');
    await test.database.query('update customer_count set total = 7');
    const { checks: broken } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.ok(broken.some(({ name, ok }) => name === 'customer-index-equal' && !ok));
    assert.equal(await rebuildCustomerIndex(test), people.length);
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });
});
