import assert from 'node:assert/strict';
import type { TestApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { Store } from '../../helpers/store.ts';
import { ContacthubClient } from './client.ts';
import type { Deletion, Seen, SeenEvent } from './stats-oracle.ts';

/** Before a change of the clocks. */
export const begin = Date.parse('2026-03-27T20:00:00Z');
export const hour = 3_600_000;
/** The one of this number, counted round and round: small numbers are found smaller ones for at once. */
const which = fc.nat(59);
const who = which;
const names = ['a', 'b', 'c'];
const types = [
  ...['completedOrder', 'completedOrder', 'viewedPage', 'viewedPage', 'viewedPage'],
  ...['viewedProduct', 'abandonedCart', 'addedProduct', 'clickedLink', 'loggedIn'],
];
const contexts = ['WEB', 'WEB', 'ECOMMERCE', 'RETAIL'];

const amount = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -5_000, max: 500_000 }).map((cents) => cents / 100) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.01, -0.01, 99_999_999_999.99) },
);
const locals = [
  { currency: 'USD', exchangeRate: 1.1 },
  { currency: 'JPY', exchangeRate: 160.5 },
  { currency: 'EUR', exchangeRate: 0 },
  { currency: 'EUR' },
];
const order = fc.record(
  {
    type: fc.constantFrom('sale', 'return', 'sale-return'),
    amount: fc.record(
      {
        total: amount,
        revenue: amount,
        local: fc.constantFrom(...locals),
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

/** Midnights in the zones of the workspaces, a change of the clocks, and what lies outside of all that is asked for. */
const exact = ['2026-03-27T23:00Z', '2026-03-28T11:00Z', '2026-03-28T23:00Z', '2026-03-29T01:00Z']
  .concat('2026-03-29T22:00Z', '2025-12-31T23:00Z', '1970-01-01T00:00Z')
  .flatMap((text) => [-1, 0, 1].map((shift) => Date.parse(text) + shift));

const whose = fc.record({ who, session: fc.option(fc.constantFrom('s1', 's2')) });
const what = fc.record({
  type: fc.constantFrom(...types),
  context: fc.constantFrom(...contexts),
  at: fc.oneof(
    { weight: 3, arbitrary: fc.record({ hours: fc.integer({ min: -60, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ around: fc.constantFrom(...exact) }) },
  ),
  order,
});
export const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('event' as const), whose, what }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), which, put: fc.boolean(), what }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), which }) },
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
    arbitrary: fc.record({ kind: fc.constant('patch' as const), who, mobile: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bind' as const),
      who,
      session: fc.constantFrom('s1', 's2'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), who, other: who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
);
/** With what histories begin: who can be bound, joined, edited and forgotten. */
export const start = [0, 0, 0, 1].map((node, index): Step => {
  return { kind: 'customer', name: names[index % 3] ?? '', node, mobile: index === 1, email: true };
});
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type What = typeof what extends fc.Arbitrary<infer Value> ? Value : never;

/** Does things in one workspace by its wire, and notes what the wire does not show afterwards. */
export class History {
  readonly client: ContacthubClient;
  readonly deletions: Deletion[] = [];
  /** Events of who was forgotten, as they were shown before. */
  readonly kept: SeenEvent[] = [];
  readonly #nodes: readonly string[];
  /** Ids of customers that were answered, with their nodes. */
  readonly customers = new Map<string, string>();
  readonly #sent = new Map<string, { sentTo: string; nodeId: string }>();
  readonly #links: string[] = [];

  readonly #test: TestApp;

  constructor(test: TestApp, nodes: readonly string[]) {
    this.#test = test;
    this.client = new ContacthubClient(test, test.workspace);
    this.#nodes = nodes;
  }

  /** In a workspace of its own, with two nodes whose customers are told by their external ids. */
  static async begin(test: TestApp): Promise<History> {
    test.time.now = begin;
    test.workspace = await test.addWorkspace();
    const client = new ContacthubClient(test, test.workspace);
    const second = await new Store(test, test.workspace).addNode('contacthub');
    await client.matchByExternalId(second);
    return new History(test, [client.nodeId, second]);
  }

  get nodes(): readonly string[] {
    return this.#nodes;
  }

  async take(one: Step): Promise<void> {
    this.#test.time.now += 1000;
    switch (one.kind) {
      case 'wait':
        this.#test.time.now += one.hours * hour;
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
    const reply = await this.client.call('POST', '/events', {
      ...subject,
      ...this.#bodyOf(what),
      type: what.type,
    });
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
    const { context, ...body } = this.#bodyOf({ ...what, type: event.type });
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
    this.deletions.push({ what: 'events', nodeId: event.nodeId, at: this.#test.time.now });
  }

  async #undo(which: number): Promise<void> {
    const [link] = this.#links.splice(which % this.#links.length, 1);
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
        // The number of who was forgotten does not come back.
        if (reply.status !== 409) assert.equal(reply.status, 200, reply.text);
        return;
      }
      case 'bind': {
        await this.client.call('POST', `${path}/sessions`, { value: one.session });
        return;
      }
      case 'join': {
        const others = [...this.customers.keys()].filter((other) => other !== id);
        const body = { first: id, second: others[one.other % others.length] };
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
    const at = this.#test.time.now;
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

  #bodyOf({ type, context, at, order: properties }: What) {
    const date = new Date('around' in at ? at.around : this.#test.time.now + at.hours * hour).toISOString();
    return { context, date, properties: type === 'completedOrder' ? properties : {} };
  }
}
