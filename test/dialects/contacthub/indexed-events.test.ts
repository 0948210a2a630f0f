import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { ConfigurationClient, faultOf } from './configuration-client.ts';

const test = await useApp();
const client = new ConfigurationClient(test);
let ids: string[];

/** Sets the definitions, of which these are marked; what follows from it is left to its job. */
async function mark(marks: ReadonlySet<string>): Promise<void> {
  const marked = (name: string, definition: object) => ({ ...definition, indexed: marks.has(name) });
  const extended = {
    points: marked('points', { type: 'number' }),
    note: marked('note', { type: 'string', maxLength: 1000 }),
    size: { type: 'object', properties: { height: marked('height', { type: 'integer' }) } },
  };
  const products = {
    extended: {
      grams: marked('grams', { type: 'integer' }),
      colour: marked('colour', { type: 'string' }),
    },
  };
  const contacthub = { events: { formCompiled: { extended } }, products };
  const reply = await client.native.call('PATCH', '', { body: { dialects: { contacthub } } });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
}

const settle = () => test.app.services.jobs.settle();

async function doers(name: string, condition: object, nodeId = client.nodeId): Promise<string> {
  const query = JSON.stringify({ query: { type: 'simple', did: { event: { name }, condition } } });
  const asked = new URLSearchParams({ nodeId, query, sort: 'externalId', size: '1000' });
  const reply = await client.call('GET', `/customers?${asked}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.body.elements.map(({ externalId }: { externalId: string }) => externalId).join('');
}

const atomic = (path: string, operator: string, value?: unknown) => ({
  ...{ type: 'atomic', attribute: `properties.${path}`, operator, value },
});
const both = (...conditions: object[]) => ({ type: 'composite', conjunction: 'and', conditions });

async function expectVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

const every = new Set(['points', 'note', 'height', 'grams', 'colour']);

before(async () => {
  await mark(new Set());
  ids = [];
  for (const externalId of ['a', 'b', 'c', 'd'])
    ids.push((await client.create(`${externalId}@example.com`, { externalId })).id);
});

type StepOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Step> ? Step : never;

interface Stored {
  readonly id: string;
  readonly customer: string;
  readonly type: string;
  readonly properties: {
    extended?: { points?: number; note?: string; size?: { height?: number } };
    products?: { extended?: { grams?: number; colour?: string } }[];
  };
}

/** Each condition, and whom an event makes one who did it. */
const conditions: readonly [
  type: string,
  condition: object,
  fits: (properties: Stored['properties']) => boolean,
][] = [
  ['formCompiled', atomic('extended.points', 'GTE', 4), ({ extended }) => (extended?.points ?? 0) >= 4],
  [
    'formCompiled',
    atomic('extended.points', 'BETWEEN', [1, 3]),
    ({ extended }) => extended?.points !== undefined && extended.points >= 1 && extended.points <= 3,
  ],
  ['formCompiled', atomic('extended.note', 'EQUALS', 'x'), ({ extended }) => extended?.note === 'x'],
  [
    'formCompiled',
    both(atomic('extended.note', 'IN', ['x', 'y']), atomic('extended.size.height', 'LT', 3)),
    ({ extended }) => ['x', 'y'].includes(extended?.note ?? '') && (extended?.size?.height ?? 9) < 3,
  ],
  [
    'formCompiled',
    both(atomic('extended.note', 'NOT_EQUALS', 'x'), atomic('extended.points', 'GT', 2)),
    ({ extended }) => extended?.note !== 'x' && (extended?.points ?? 0) > 2,
  ],
  [
    'completedOrder',
    atomic('products.extended.colour', 'EQUALS', 'red'),
    ({ products }) => products?.some((line) => line.extended?.colour === 'red') ?? false,
  ],
  [
    'completedOrder',
    atomic('products.extended.grams', 'BETWEEN', [2, 3]),
    ({ products = [] }) =>
      products.some(({ extended }) => extended?.grams !== undefined && [2, 3].includes(extended.grams)),
  ],
];

describe('properties of events that are marked as indexed', () => {
  it('find who did what, whatever was sent, changed, deleted and marked before', async () => {
    const maybe = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: undefined });
    const small = maybe(fc.integer({ min: 0, max: 5 }));
    const note = maybe(fc.constantFrom('x', 'y', `x${'z'.repeat(600)}`));
    const extended = fc.record({ points: small, note, size: maybe(fc.record({ height: small })) });
    const line = fc.record({
      extended: fc.record({ grams: small, colour: maybe(fc.constantFrom('red', 'tan')) }),
    });
    const sent = fc.oneof(
      fc.record({ type: fc.constant('formCompiled'), properties: fc.record({ extended }) }),
      fc.record({
        type: fc.constant('completedOrder'),
        properties: fc.record({ products: fc.array(line, { maxLength: 3 }) }),
      }),
    );
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ sent, customer: fc.nat(3) }) },
      { weight: 3, arbitrary: fc.record({ edited: fc.nat(20), sent }) },
      { weight: 2, arbitrary: fc.record({ deleted: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ marks: fc.subarray([...every]) }) },
      { weight: 1, arbitrary: fc.constant('settle' as const) },
    );
    const events: Stored[] = [];
    const run = async (one: StepOf<typeof step>) => {
      if (one === 'settle') return settle();
      if ('marks' in one) return mark(new Set(one.marks));
      if ('customer' in one) {
        const { type, properties } = JSON.parse(JSON.stringify(one.sent));
        const reply = await client.send(ids[one.customer] ?? '', type, properties);
        assert.equal(reply.status, 202, reply.text);
        events.push({ id: reply.body.id, customer: 'abcd'[one.customer] ?? '', type, properties });
        return;
      }
      const place = 'edited' in one ? one.edited : one.deleted;
      const [event] = events.slice(place % Math.max(1, events.length));
      if (!event) return;
      const at = events.indexOf(event);
      if ('deleted' in one) {
        events.splice(at, 1);
        assert.equal((await client.call('DELETE', `/events/${event.id}`)).status, 204);
      } else if (one.sent.type === event.type) {
        const { type, properties } = JSON.parse(JSON.stringify(one.sent));
        events[at] = { ...event, properties };
        const body = { type, context: 'WEB', properties };
        assert.equal((await client.call('PUT', `/events/${event.id}`, body)).status, 202);
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        for (const one of steps) await run(one);
        const expected = conditions.map(([type, , fits]) => {
          const found = events.filter((event) => event.type === type && fits(event.properties));
          return [...new Set(found.map(({ customer }) => customer))].sort().join('');
        });
        const found = [];
        for (const [type, condition] of conditions) found.push(await doers(type, condition));
        assert.deepEqual(found, expected);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    await settle();
    await expectVerified();
  });

  it('are made anew by a job where they are marked, and go with their events and persons', async () => {
    await mark(every);
    await settle();
    const { jobs } = await client.native.read('/jobs');
    const [made] = jobs.filter(({ subject }: { subject: string }) => subject === 'eventsIndexed');
    assert.equal(made.state, 'finished');
    const gone = await client.create('gone@example.com', { externalId: 'gone' });
    await client.send(gone.id, 'formCompiled', { extended: { points: 77, note: 'secret note' } });
    const condition = both(
      atomic('extended.points', 'EQUALS', 77),
      atomic('extended.note', 'IN', ['secret note']),
    );
    assert.equal(await doers('formCompiled', condition), 'gone');
    const { adminToken: token } = client.credentials.contacthub;
    const forgot = await client.call('POST', `/customers/${gone.id}/forget`, undefined, { token });
    assert.equal(forgot.status, 200, forgot.text);
    await settle();
    assert.equal(await doers('formCompiled', condition), '');
    await expectVerified();
  });

  it('lead to customers of aggregates, too', async () => {
    await mark(every);
    await settle();
    const [id = ''] = ids;
    await client.send(id, 'formCompiled', { extended: { points: 99 } });
    const { adminToken: token } = client.credentials.contacthub;
    const nodes = '/configuration/nodes/aggregates';
    const body = {
      ...{ name: 'All', entryNodes: [client.nodeId] },
      matchingProperties: { properties: ['externalId'], caseSensitive: true },
    };
    const made = await client.call('POST', nodes, body, { token });
    await client.call('PUT', `${nodes}/${made.body.id}/state`, { state: 'ACTIVE' }, { token });
    await settle();
    assert.equal(await doers('formCompiled', atomic('extended.points', 'GTE', 99), made.body.id), 'a');
  });
});

describe('merge policies of properties of events', () => {
  const path = '/events/searched/properties/extended';
  const write = (method: 'PATCH' | 'PUT', id: string, extended: object) => {
    const more = method === 'PUT' ? { type: 'searched', context: 'WEB' } : {};
    return client.call(method, `/events/${id}`, { ...more, properties: { extended } });
  };
  const extendedOf = async (id: string) =>
    (await client.call('GET', `/events/${id}`)).body.properties.extended;

  it('say what PATCH makes of the value that is there and the given one; PUT sets it', async () => {
    await client.set(path, {
      sum: { type: 'integer', mergePolicy: 'MATH_SUM' },
      tags: { type: 'array', items: { type: 'string' }, mergePolicy: 'ARRAY_UNION' },
      text: { type: 'string', maxLength: 4, mergePolicy: 'OBJ_CONCATENATE' },
      plain: { type: 'integer' },
    });
    const first = { sum: 1, tags: ['a'], text: 'ab', plain: 1 };
    const sent = await client.send(ids[0] ?? '', 'searched', { extended: first });
    const { id } = sent.body;
    assert.equal((await write('PATCH', id, { sum: 2, tags: ['b', 'a'], text: 'cd', plain: 2 })).status, 202);
    assert.deepEqual(await extendedOf(id), { sum: 3, tags: ['a', 'b'], text: 'abcd', plain: 2 });
    assert.equal((await write('PATCH', id, { sum: null })).status, 202);
    assert.equal((await write('PATCH', id, { sum: 5 })).status, 202);
    assert.deepEqual(await extendedOf(id), { sum: 5, tags: ['a', 'b'], text: 'abcd', plain: 2 });
    const tooLong = await write('PATCH', id, { text: 'e' });
    assert.deepEqual(faultOf(tooLong).slice(0, 2), [400, '/properties/extended/text']);
    assert.equal((await write('PUT', id, { sum: 7 })).status, 202);
    assert.deepEqual(await extendedOf(id), { sum: 7 });
  });
});
