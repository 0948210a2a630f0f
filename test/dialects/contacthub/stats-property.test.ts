import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { Store } from '../../helpers/store.ts';
import { ContacthubClient } from './client.ts';
import { type Deletion, daysBetween, type Seen, type SeenEvent, SlowCount } from './stats-oracle.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'tl-stats-'));
after(() => rm(dataDir, { recursive: true, force: true }));
const test = await useApp({ environment: { THROUGHLINE_DATA_DIR: dataDir } });

/** Before a change of the clocks. */
const begin = Date.parse('2026-03-27T20:00:00Z');
const hour = 3_600_000;
const names = ['a', 'b', 'c'];
const types = [
  ...['completedOrder', 'completedOrder', 'viewedPage', 'viewedPage', 'viewedPage'],
  ...['viewedProduct', 'abandonedCart', 'addedProduct', 'clickedLink', 'loggedIn'],
];
const contexts = ['WEB', 'WEB', 'ECOMMERCE', 'RETAIL'];

const amount = fc.integer({ min: -5_000, max: 500_000 }).map((cents) => cents / 100);
const order = fc.record(
  {
    type: fc.constantFrom('sale', 'return', 'sale-return'),
    amount: fc.record(
      {
        total: amount,
        revenue: amount,
        local: fc.constantFrom({ currency: 'USD', exchangeRate: 1.1 }, { currency: 'EUR' }),
      },
      { requiredKeys: [] },
    ),
    products: fc.array(
      fc.record({ quantity: fc.nat(5), type: fc.constantFrom('sale', 'return') }, { requiredKeys: [] }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

const whose = fc.record({ who: fc.nat(), session: fc.option(fc.constantFrom('s1', 's2')) });
const what = fc.record({
  type: fc.constantFrom(...types),
  context: fc.constantFrom(...contexts),
  hours: fc.integer({ min: -60, max: 30 }),
  order,
});
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('event' as const), whose, what }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), which: fc.nat(), put: fc.boolean(), what }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('customer' as const),
      name: fc.constantFrom(...names),
      node: fc.nat(1),
      mobile: fc.boolean(),
      email: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('patch' as const), who: fc.nat(), mobile: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bind' as const),
      who: fc.nat(),
      session: fc.constantFrom('s1', 's2'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('join' as const), who: fc.nat(), other: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), who: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), who: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type What = typeof what extends fc.Arbitrary<infer Value> ? Value : never;

/** Does things in one workspace by its wire, and notes what the wire does not show afterwards. */
class History {
  readonly client = new ContacthubClient(test, test.workspace);
  readonly deletions: Deletion[] = [];
  /** Events of who was forgotten, as they were shown before. */
  readonly kept: SeenEvent[] = [];
  readonly #nodes: readonly string[];
  /** Ids of customers that were answered, with their nodes. */
  readonly customers = new Map<string, string>();
  readonly #sent = new Map<string, { sentTo: string; nodeId: string }>();
  readonly #links: string[] = [];

  constructor(nodes: readonly string[]) {
    this.#nodes = nodes;
  }

  get nodes(): readonly string[] {
    return this.#nodes;
  }

  async take(one: Step): Promise<void> {
    test.time.now += 1000;
    switch (one.kind) {
      case 'wait':
        test.time.now += one.hours * hour;
        return;
      case 'customer':
        return this.#upsert(one);
      case 'event':
        return this.#send(one);
      case 'edit':
        return this.#edit(one);
      case 'drop':
        return this.#drop(one.which);
      case 'undo':
        return this.#undo(one.which);
      default:
        return this.#change(one);
    }
  }

  async #upsert({ name, node, mobile, email }: Extract<Step, { kind: 'customer' }>): Promise<void> {
    const nodeId = this.#nodes[node] ?? '';
    const contacts = {
      ...(email || node === 0 ? { email: `${name}@x.example` } : {}),
      ...(mobile ? { mobilePhone: '+393331234567' } : {}),
    };
    const body = { nodeId, externalId: name, base: { contacts } };
    const reply = await this.client.call('POST', '/customers', body);
    // Who was forgotten does not come back.
    if (reply.status === 409) return;
    assert.equal(reply.status, 201, reply.text);
    this.customers.set(reply.body.id, nodeId);
  }

  async #send({ whose: { who, session }, what }: Extract<Step, { kind: 'event' }>): Promise<void> {
    const customerId = this.#pick(who);
    const isOfSession = session !== null || customerId === undefined;
    const value = session ?? 's1';
    const [nodeId = ''] = this.#nodes;
    const subject = isOfSession
      ? { bringBackProperties: { type: 'SESSION_ID', value, nodeId } }
      : { customerId };
    const reply = await this.client.call('POST', '/events', { ...subject, ...bodyOf(what), type: what.type });
    if (reply.status === 404) return;
    assert.equal(reply.status, 202, reply.text);
    const sent = isOfSession
      ? { sentTo: `session ${value}`, nodeId }
      : { sentTo: String(customerId), nodeId: this.customers.get(String(customerId)) ?? '' };
    this.#sent.set(reply.body.id, sent);
  }

  async #edit({ which, put, what }: Extract<Step, { kind: 'edit' }>): Promise<void> {
    const event = await this.#pickEvent(which);
    if (!event) return;
    const { context, ...body } = bodyOf({ ...what, type: event.type });
    const whole = { ...body, context, type: event.type };
    const reply = put
      ? await this.client.call('PUT', `/events/${event.id}`, whole)
      : await this.client.call('PATCH', `/events/${event.id}`, body);
    assert.equal(reply.status, 202, reply.text);
  }

  async #drop(which: number): Promise<void> {
    const event = await this.#pickEvent(which);
    if (!event) return;
    assert.equal((await this.client.call('DELETE', `/events/${event.id}`)).status, 204);
    this.deletions.push({ what: 'events', nodeId: event.nodeId, at: test.time.now });
  }

  async #undo(which: number): Promise<void> {
    const link = this.#links[which % this.#links.length];
    if (link !== undefined) await this.client.native.call('POST', `/links/${link}/undo`, { body: {} });
  }

  async #change(
    one: Extract<Step, { kind: 'patch' | 'bind' | 'join' | 'delete' | 'forget' }>,
  ): Promise<void> {
    const id = this.#pick(one.who);
    if (id === undefined) return;
    const path = `/customers/${id}`;
    switch (one.kind) {
      case 'patch': {
        const mobilePhone = one.mobile ? '+393331234568' : null;
        const reply = await this.client.call('PATCH', path, { base: { contacts: { mobilePhone } } });
        assert.equal(reply.status, 200, reply.text);
        return;
      }
      case 'bind': {
        await this.client.call('POST', `${path}/sessions`, { value: one.session });
        return;
      }
      case 'join': {
        const body = { first: id, second: this.#pick(one.other) };
        const reply = await this.client.native.call('POST', '/links', { body });
        if (reply.status < 300) this.#links.push(reply.body.link.id);
        return;
      }
      case 'delete':
        return this.#remove(id, 'delete');
      case 'forget':
        return this.#remove(id, 'forget');
    }
  }

  async #remove(id: string, how: 'delete' | 'forget'): Promise<void> {
    const gone = how === 'delete' ? await this.#idsOfRecord(id) : await this.#idsOfPerson(id);
    const shown = await this.#shownAs(gone);
    const { dpoToken: token } = this.client.credentials.contacthub;
    const reply =
      how === 'delete'
        ? await this.client.call('DELETE', `/customers/${id}`)
        : await this.client.call('DELETE', `/customers/${id}/forget`, undefined, { token });
    assert.equal(reply.status, 200, reply.text);
    const at = test.time.now;
    for (const one of gone) {
      this.deletions.push({ what: 'customers', nodeId: this.customers.get(one) ?? '', at });
      this.customers.delete(one);
    }
    if (how === 'forget') this.kept.push(...shown);
    else for (const { nodeId } of shown) this.deletions.push({ what: 'events', nodeId, at });
  }

  /** The customers that are shown as the one of this id. */
  async #idsOfRecord(id: string): Promise<string[]> {
    const idOf = async (one: string) => (await this.client.call('GET', `/customers/${one}`)).body.id;
    const wanted = await idOf(id);
    const ids: string[] = [];
    for (const one of this.customers.keys()) if ((await idOf(one)) === wanted) ids.push(one);
    return ids;
  }

  async #idsOfPerson(id: string): Promise<string[]> {
    const person = await this.client.native.read(`/people/${id}`);
    const profiles: string[] = person.profiles.map((profile: { id: string }) => profile.id);
    return profiles.filter((one) => this.customers.has(one));
  }

  async #shownAs(ids: readonly string[]): Promise<SeenEvent[]> {
    const records = new Set<string>();
    for (const id of ids) records.add((await this.client.call('GET', `/customers/${id}`)).body.id);
    return (await this.events()).filter(({ customerId }) => customerId !== null && records.has(customerId));
  }

  #pick(which: number): string | undefined {
    const ids = [...this.customers.keys()];
    return ids[which % ids.length];
  }

  async #pickEvent(which: number): Promise<SeenEvent | undefined> {
    const events = (await this.events()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return events[which % events.length];
  }

  async events(): Promise<SeenEvent[]> {
    const { elements } = (await this.client.call('GET', '/events?size=1000')).body;
    return elements.map((event: SeenEvent) => ({ ...event, ...this.#sent.get(event.id) }));
  }

  async see(): Promise<Seen> {
    const pages = await Promise.all(
      this.#nodes.map((nodeId) => this.client.call('GET', `/customers?nodeId=${nodeId}&size=1000`)),
    );
    const customers = pages.flatMap(({ body }) => body.elements);
    return { customers, events: [...(await this.events()), ...this.kept], deletions: this.deletions };
  }
}

function bodyOf({ type, context, hours, order: properties }: What) {
  const date = new Date(test.time.now + hours * hour).toISOString();
  return { context, date, properties: type === 'completedOrder' ? properties : {} };
}

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
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      test.time.now = begin;
      test.workspace = await test.addWorkspace();
      const client = new ContacthubClient(test, test.workspace);
      const second = await new Store(test, test.workspace).addNode('contacthub');
      await client.matchByExternalId(second);
      const history = new History([client.nodeId, second]);
      for (const one of steps) await history.take(one);
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
