import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { type TestWorkspace, useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { Store } from '../../helpers/store.ts';
import { AggregateClient } from './aggregate-client.ts';
import { expectedCustomers, type OracleAggregate, OracleIds } from './aggregate-oracle.ts';
import type { Reply } from './client.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'tl-aggregates-'));
after(() => rm(dataDir, { recursive: true, force: true }));
// Forgetting keeps its key there.
const test = await useApp({ environment: { THROUGHLINE_DATA_DIR: dataDir } });

const values = fc.record(
  {
    email: fc.option(fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example'), { freq: 8 }),
    firstName: fc.option(fc.constantFrom('Ann', 'ann', 'Bob'), { freq: 8 }),
    lastName: fc.option(fc.constantFrom('Rossi', 'Verdi')),
    city: fc.option(fc.constantFrom('Roma', 'Milano')),
    tags: fc.subarray(['x', 'y', 'z']),
  },
  { requiredKeys: [] },
);
const which = fc.nat(30);
const write = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), node: fc.nat(1), values }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('patch' as const), which, values }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), which, with: which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), which }) },
);
/** Whom of several writes at once leaves first can't be known: ids are handed on then. These hand none on. */
const stayingWrite = write.filter((one) => one.kind !== 'delete').map(withoutCity);
const step = fc.oneof(
  { weight: 10, arbitrary: write },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('at-once' as const),
      writes: fc.array(stayingWrite, { minLength: 2, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('activate' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('filter' as const),
      city: fc.option(fc.constantFrom('Roma', 'Milano')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), which }) },
);
type Write = typeof write extends fc.Arbitrary<infer Value> ? Value : never;
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Values = typeof values extends fc.Arbitrary<infer Value> ? Value : never;

function withoutCity(one: Write): Write {
  if (one.kind !== 'create' && one.kind !== 'patch') return one;
  const { city: _, ...values } = one.values;
  return { ...one, values };
}

function bodyOf({ email, firstName, lastName, city, tags }: Values) {
  return {
    base: {
      ...(email === undefined ? {} : { contacts: { email } }),
      ...(firstName === undefined ? {} : { firstName }),
      ...(lastName === undefined ? {} : { lastName }),
      ...(city === undefined ? {} : { address: { city } }),
    },
    ...(tags === undefined ? {} : { tags: { manual: tags } }),
  };
}

const isEqualTo = (city: string) => ({
  type: 'atomic',
  attribute: 'base.address.city',
  operator: 'EQUALS',
  value: city,
});

/** A workspace with an aggregate by e-mail, active from the start, and one by both names and without a filter, that will be. */
class History {
  readonly client: AggregateClient;
  readonly #customers: string[] = [];
  readonly #links: string[] = [];
  /** By aggregate, and by the profile that an id came with: the id. */
  readonly #ids = new Map<string, string>();
  readonly #idsByEmail = new OracleIds();
  readonly #idsByNames = new OracleIds();
  #made = 0;
  #byEmail = '';
  #byNames = '';
  #excluded: string | null = 'Roma';
  #isNamed = false;

  constructor(workspace: TestWorkspace) {
    this.client = new AggregateClient(test, workspace);
  }

  get workspace(): TestWorkspace {
    return this.client.workspace;
  }

  async begin(): Promise<void> {
    await this.client.setUp();
    this.#byEmail = await this.client.active({ exclusionFilters: [isEqualTo('Roma')] });
    this.#byNames = await this.client.aggregate({
      matchingProperties: { properties: ['base.firstName', 'base.lastName'], caseSensitive: true },
    });
  }

  async do(step: Step): Promise<void> {
    await this.#do(step);
    const profiles = await this.#profiles();
    this.#idsByEmail.update(this.#rulesByEmail(), profiles);
    if (this.#isNamed) this.#idsByNames.update(this.#rulesByNames(), profiles);
  }

  async #do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'at-once':
        await Promise.all(step.writes.map((one) => this.#write(one)));
        return;
      case 'activate':
        if (!this.#isNamed) await this.client.activate(this.#byNames);
        this.#isNamed = true;
        return;
      case 'filter': {
        this.#excluded = step.city;
        const exclusionFilters = step.city === null ? null : [isEqualTo(step.city)];
        fine(await this.client.asAdmin('PUT', `/${this.#byEmail}`, { exclusionFilters }));
        await test.app.services.jobs.settle();
        return;
      }
      case 'forget': {
        const id = this.#customerAt(step.which);
        const token = this.client.credentials.contacthub.dpoToken;
        if (id) fine(await this.client.call('DELETE', `/customers/${id}/forget`, undefined, { token }), 404);
        return;
      }
      default:
        await this.#write(step);
    }
  }

  async #write(one: Write): Promise<void> {
    switch (one.kind) {
      case 'create': {
        const nodeId = one.node === 0 ? this.client.nodeId : this.client.second;
        const body = { nodeId, externalId: `c${this.#made++}`, ...bodyOf(one.values) };
        const reply = fine(await this.client.call('POST', '/customers', body), 409);
        if (reply.status === 201) this.#customers.push(reply.body.id);
        return;
      }
      case 'patch': {
        const id = this.#customerAt(one.which);
        if (id) fine(await this.client.call('PATCH', `/customers/${id}`, bodyOf(one.values)), 404, 409);
        return;
      }
      case 'delete': {
        const id = this.#customerAt(one.which);
        if (id) fine(await this.client.call('DELETE', `/customers/${id}`), 404);
        return;
      }
      case 'join': {
        const [first, second] = [this.#customerAt(one.which), this.#customerAt(one.with)];
        if (!first || !second || first === second) return;
        const reply = await this.client.native.call('POST', '/links', { body: { first, second } });
        if (fine(reply, 404).body.link) this.#links.push(reply.body.link.id);
        return;
      }
      case 'undo': {
        const id = this.#links[one.which % Math.max(this.#links.length, 1)];
        if (id) fine(await this.client.native.call('POST', `/links/${id}/undo`, { body: {} }), 404, 409);
      }
    }
  }

  #customerAt(index: number): string | undefined {
    return this.#customers[index % Math.max(this.#customers.length, 1)];
  }

  #profiles() {
    return new Store(test, this.workspace).knownProfiles();
  }

  #rulesByEmail(): OracleAggregate {
    return {
      entryNodes: [this.client.nodeId, this.client.second],
      alike: (shown) => textOf(shown['base.contacts.email'])?.toLowerCase(),
      excludes: (shown) => this.#excluded !== null && shown['base.address.city'] === this.#excluded,
    };
  }

  #rulesByNames(): OracleAggregate {
    return {
      entryNodes: [this.client.nodeId, this.client.second],
      alike: (shown) => {
        const names = [textOf(shown['base.firstName']), textOf(shown['base.lastName'])];
        return names.includes(undefined) ? undefined : names.join(' ');
      },
      excludes: () => false,
    };
  }

  /** What the wire shows is what follows from the profiles, and each customer has the id that came with one of them, the same for ever. */
  async compare(): Promise<void> {
    await this.#compareOne(this.#byEmail, this.#rulesByEmail(), this.#idsByEmail);
    if (this.#isNamed) await this.#compareOne(this.#byNames, this.#rulesByNames(), this.#idsByNames);
  }

  async #compareOne(aggregateId: string, rules: OracleAggregate, ids: OracleIds): Promise<void> {
    const profiles = await this.#profiles();
    const expected = expectedCustomers(rules, profiles);
    const found = new Map<string, Reply['body']>();
    for (const customer of await this.client.customersOf(aggregateId)) {
      const parts = await this.client.entriesOf(customer.id);
      found.set(parts.join(), customer);
    }
    assert.deepEqual([...found.keys()].sort(), expected.map(({ parts }) => parts.join()).sort());
    for (const { parts, firstName, city, tags } of expected) {
      const shown = found.get(parts.join());
      assert.deepEqual([shown.base.firstName, shown.base.address?.city ?? null], [firstName, city]);
      assert.deepEqual(shown.tags?.manual ?? [], tags);
      const cameWith = `${aggregateId} ${ids.idOf(parts, profiles)}`;
      assert.equal(shown.id, this.#ids.getOrInsert(cameWith, shown.id));
    }
    assert.equal(new Set(this.#ids.values()).size, this.#ids.size);
  }

  async dump(): Promise<unknown> {
    const all = [];
    for (const id of [this.#byEmail, this.#byNames]) {
      const found = await this.client.customersOf(id, '&sort=id');
      all.push(found, await Promise.all(found.map((one) => this.client.entriesOf(one.id))));
    }
    return all;
  }

  async verify(): Promise<string[]> {
    const { checks } = await verifyWorkspace(test.database, this.workspace.created.id);
    return checks.filter(({ ok }) => !ok).map(({ name }) => name);
  }

  async rebuild(): Promise<void> {
    fine(await this.client.native.call('POST', '/rebuild'));
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Fails unless the reply is a success, or one of these. */
function fine(reply: Reply, ...others: number[]): Reply {
  assert.ok(reply.status < 300 || others.includes(reply.status), `${reply.status} ${reply.text}`);
  return reply;
}

it('an aggregate is what follows from its entry customers, whatever was done to them, and the same when it is made anew', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
    const history = new History(await test.addWorkspace());
    await history.begin();
    for (const [index, one] of steps.entries()) {
      await history.do(one);
      if (index % 8 === 7) await history.compare();
    }
    await history.compare();
    assert.deepEqual(await history.verify(), []);
    const before = await history.dump();
    await new Store(test, history.workspace).dropAggregates();
    await history.rebuild();
    assert.deepEqual(await history.dump(), before);
    assert.deepEqual(await history.verify(), []);
  });
  await fc.assert(property, { numRuns: 15, endOnFailure: true });
});
