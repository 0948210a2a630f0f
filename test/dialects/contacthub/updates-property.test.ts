import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { useFolder } from '../../helpers/folder.ts';
import type { ContacthubClient } from './client.ts';
import { History, start, step } from './history.ts';

const test = await useApp({ environment: { THROUGHLINE_DATA_DIR: await useFolder() } });

type Shown = Readonly<Record<string, unknown>>;

/** Keeps what the stream tells, and nothing else. */
class Follower {
  readonly customers = new Map<string, Shown>();
  readonly events = new Map<string, Shown>();
  readonly #client: ContacthubClient;
  readonly #size: number;
  #offset = 0;

  constructor(client: ContacthubClient, size: number) {
    this.#client = client;
    this.#size = size;
  }

  /** Reads to the end. */
  async follow(): Promise<void> {
    for (let told = -1; told !== 0; ) told = await this.#readPage();
  }

  async #readPage(): Promise<number> {
    const token = this.#client.credentials.contacthub.adminToken;
    const path = `/updates?offset=${this.#offset}&size=${this.#size}`;
    const { status, body } = await this.#client.call('GET', path, undefined, { token });
    assert.equal(status, 200, JSON.stringify(body));
    for (const { operation, entity } of body.updates) {
      const kept = entity.type === 'CUSTOMER' ? this.customers : this.events;
      // What is gone since is told without what it was.
      const isGone = operation === 'DELETE' || !('version' in entity.data);
      if (isGone) kept.delete(entity.data.id);
      else kept.set(entity.data.id, entity.data);
    }
    assert.ok(body.nextOffset > this.#offset || body.updates.length === 0);
    this.#offset = body.nextOffset;
    return body.updates.length;
  }

  /** Who has become a part of another customer has no DELETE: GET answers that one. */
  async dropParts(): Promise<void> {
    for (const id of this.customers.keys()) {
      const { body } = await this.#client.call('GET', `/customers/${id}`);
      if (body.id !== id) this.customers.delete(id);
    }
  }
}

/** Whose an event is follows from bindings and links, which are told as updates of the customers. */
function own({ customerId: _customer, origin: _origin, ...event }: Shown): Shown {
  return event;
}

async function expectAsShown(follower: Follower, { client, nodes }: History): Promise<void> {
  await follower.follow();
  await follower.dropParts();
  const byId = (list: Iterable<Shown>) =>
    [...list].toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  const pages = nodes.map((nodeId) => client.call('GET', `/customers?nodeId=${nodeId}&size=1000`));
  const customers = (await Promise.all(pages)).flatMap(({ body }) => body.elements);
  assert.deepEqual(byId(follower.customers.values()), byId(customers));
  const events: Shown[] = (await client.call('GET', '/events?size=1000')).body.elements;
  assert.deepEqual(byId(follower.events.values()).map(own), byId(events).map(own));
}

it('leaves who follows it with just what is shown, after any history, however often and in whatever pages it is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const history = await History.begin(test);
      const { client } = history;
      const often = new Follower(client, 3);
      for (const [index, one] of [...start, ...steps].entries()) {
        await history.take(one);
        await often.follow();
        if (index % 5 === 4) await expectAsShown(often, history);
      }
      for (const follower of [often, new Follower(client, 4000)]) await expectAsShown(follower, history);
    }),
    { numRuns: 8 },
  );
});
