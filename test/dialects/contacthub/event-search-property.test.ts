import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { Store } from '../../helpers/store.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

const modes = { viewedPage: 'ACTIVE', loggedIn: 'ACTIVE', campaignSent: 'PASSIVE' } as const;
type Type = keyof typeof modes;
const types = Object.keys(modes) as Type[];
const contexts = ['WEB', 'MOBILE', 'OTHER'];
const start = Date.UTC(2026, 0, 1);
const times = [0, 1, 2, 3].map((hours) => start + hours * 3_600_000);
/** In several of the forms that clients send. */
const bounds = times.flatMap((time) => {
  const text = new Date(time).toISOString();
  const before = new Date(time - 1).toISOString();
  return [text, before, text.replace('Z', '+0000'), text.replace('.000Z', 'Z')];
});

/** As GET event shows it, and in which order the events came. */
interface Shown {
  readonly id: string;
  readonly type: Type;
  readonly context: string;
  readonly date: string;
  readonly customerId: string | null;
}

let events: { readonly shown: Shown; readonly nodeId: string; readonly number: number }[];
/** Ids of customers with the one under which GET shows them. */
const customers = new Map<string, string>();
let nodes: string[];

before(async () => {
  nodes = [client.nodeId, await new Store(test, client.workspace).addNode('contacthub')];
  const ids: string[] = [];
  for (let index = 0; index < 8; index++) {
    const reply = await client.call('POST', '/customers', {
      nodeId: nodes[index % 2],
      base: { contacts: { email: `c${index}@x.example` } },
    });
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    ids.push(reply.body.id);
  }
  const sent: { id: string; nodeId: string }[] = [];
  for (let index = 0; index < 90; index++) {
    const nodeId = nodes[index % 2] ?? '';
    const more = {
      type: types[(index * 5) % 3],
      context: contexts[(index * 7 + Math.floor(index / 9)) % 3],
      properties: {},
      date: new Date(times[(index * 3) % 4] ?? 0).toISOString(),
    };
    const id =
      index % 9 === 0
        ? await client
            .call('POST', '/events', {
              ...more,
              bringBackProperties: { type: 'SESSION_ID', value: `s${index % 4}`, nodeId },
            })
            .then(({ body }) => body.id)
        : await client.view({ customerId: ids[index % 8] ?? '' }, more);
    sent.push({ id, nodeId });
  }
  const join = await client.native.call('POST', '/links', { body: { first: ids[0], second: ids[2] } });
  assert.equal(join.status, 201);
  const bound = await client.call('POST', `/customers/${ids[4]}/sessions`, { value: 's0' });
  assert.equal(bound.status, 201);
  for (const id of ids) customers.set(id, (await client.call('GET', `/customers/${id}`)).body.id);
  events = [];
  for (const [number, { id, nodeId }] of sent.entries())
    events.push({ shown: (await client.call('GET', `/events/${id}`)).body, nodeId, number });
});

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const listOf = (values: readonly string[]) => optional(fc.subarray([...values], { minLength: 1 }));
const searches = fc.record({
  customer: optional(fc.nat({ max: 7 })),
  node: optional(fc.constantFrom(0, 1)),
  type: listOf([...types, 'abandonedCart']),
  context: listOf([...contexts, 'SOCIAL']),
  mode: optional(fc.constantFrom('ACTIVE', 'PASSIVE')),
  dateFrom: optional(fc.constantFrom(...bounds)),
  dateTo: optional(fc.constantFrom(...bounds)),
  direction: optional(fc.constantFrom('asc', 'desc')),
  page: fc.constantFrom(0, 0, 1, 3),
  size: fc.constantFrom(1, 7, 100),
});
type Search = typeof searches extends fc.Arbitrary<infer One> ? One : never;

const instant = (text: string) => Date.parse(text.replace('+0000', 'Z'));

/** The slow and obvious search. */
function find({ customer, node, type, context, mode, dateFrom, dateTo, direction }: Search): Shown[] {
  const customerId =
    customer === undefined ? undefined : customers.get([...customers.keys()][customer] ?? '');
  const sign = direction === 'asc' ? 1 : -1;
  return events
    .filter(
      ({ shown, nodeId }) =>
        (customer === undefined || shown.customerId === customerId) &&
        (node === undefined || nodeId === nodes[node]) &&
        (type === undefined || type.includes(shown.type)) &&
        (context === undefined || context.includes(shown.context)) &&
        (mode === undefined || modes[shown.type] === mode) &&
        (dateFrom === undefined || instant(shown.date) >= instant(dateFrom)) &&
        (dateTo === undefined || instant(shown.date) <= instant(dateTo)),
    )
    .toSorted((a, b) => sign * (instant(a.shown.date) - instant(b.shown.date) || a.number - b.number))
    .map(({ shown }) => shown);
}

describe('a search for events', () => {
  it('finds those that fit by what GET shows of each, page by page, in the asked order', async () => {
    let some = 0;
    const property = fc.asyncProperty(searches, async (search) => {
      const { customer, node, type, context, mode, dateFrom, dateTo, direction, page, size } = search;
      const asked = {
        customerId: customer === undefined ? undefined : [...customers.keys()][customer],
        nodeId: node === undefined ? undefined : nodes[node],
        type: type?.join(','),
        context: context?.join(', '),
        mode,
        dateFrom,
        dateTo,
        sort: direction && `date,${direction}`,
        page: String(page),
        size: String(size),
      };
      const given = Object.entries(asked).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      );
      const { status, body } = await client.call(
        'GET',
        `/events?${new URLSearchParams(Object.fromEntries(given))}`,
      );
      assert.equal(status, 200, JSON.stringify(body));
      const expected = find(search);
      assert.deepEqual(body.elements, expected.slice(page * size, (page + 1) * size));
      assert.equal(body.page.totalElements, expected.length);
      if (expected.length > 0 && expected.length < events.length) some++;
    });
    await fc.assert(property, { numRuns: 300 });
    assert.ok(some > 100, `only ${some} searches found some and not all`);
  });
});
