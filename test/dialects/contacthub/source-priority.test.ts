import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);

interface Source {
  readonly token: string;
  readonly id: string;
}

/** A token of a source of its own; its id is what a customer's `sourceInfo` has. */
async function addSource(name: string): Promise<Source> {
  const body = { dialect: 'contacthub', name, role: 'TRUSTED_APPLICATION' };
  const reply = await client.native.call('POST', '/keys', { body });
  assert.equal(reply.status, 201, reply.text);
  return { token: reply.body.secret, id: reply.body.key.id };
}

async function rank(...sources: Source[]): Promise<void> {
  const { id, uniqueCustomer, ...node } = await client.configure('GET', `/nodes/entries/${client.nodeId}`);
  const sourcePriority = sources.map((source) => source.id);
  await client.configure('PUT', `/nodes/entries/${id}`, { ...node, id, uniqueCustomer, sourcePriority });
  await test.app.services.jobs.settle();
}

async function say({ token }: Source, id: string, body: object): Promise<Reply['body']> {
  const reply = await client.call('PATCH', `/customers/${id}`, body, { token });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function find(attribute: string, value: unknown): Promise<string[]> {
  const are = { condition: { type: 'atomic', attribute, operator: 'EQUALS', value } };
  const query = encodeURIComponent(JSON.stringify({ query: { type: 'simple', are } }));
  const reply = await client.call('GET', `/customers?nodeId=${client.nodeId}&query=${query}`);
  return reply.body.elements.map(({ id }: { id: string }) => id);
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

const setExtended = (extendedProperties: object) =>
  client.native.call('PATCH', '', { body: { dialects: { contacthub: { extendedProperties } } } });

describe('the one order of sources of version 1.51', () => {
  it('is given to each entry node, and shown while all have the same', async () => {
    const [shop, form] = [await addSource('shop'), await addSource('form')];
    const second = await client.addNode();
    const { id } = await client.create('one-order@example.com');
    await say(shop, id, { base: { firstName: 'Shop' } });
    await say(form, id, { base: { firstName: 'Form' } });
    const path = '/configuration/sources/priority';
    const { adminToken: token } = client.credentials.contacthub;
    const read = async () => (await client.call('GET', path, undefined, { token })).body;
    assert.deepEqual(await read(), { priority: [] });
    const priority = [shop.id, form.id];
    const set = await client.call('PUT', path, { priority }, { token });
    assert.deepEqual([set.status, set.body], [200, { priority }]);
    await test.app.services.jobs.settle();
    assert.deepEqual(await read(), { priority });
    assert.equal((await client.call('GET', `/customers/${id}`)).body.base.firstName, 'Shop');
    assert.deepEqual(await find('base.firstName', 'Shop'), [id]);
    const nodeOf = (nodeId: string) => client.configure('GET', `/nodes/entries/${nodeId}`);
    assert.deepEqual((await nodeOf(second)).sourcePriority, priority);
    await rank(form);
    assert.deepEqual(await read(), { priority: [] });
    for (const [body, where] of [
      [{}, '/priority'],
      [{ priority: ['x'] }, '/priority/0'],
      [{ priority: [shop.id, shop.id] }, '/priority'],
    ] as const) {
      const reply = await client.call('PUT', path, body, { token });
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, where], JSON.stringify(body));
    }
    assert.equal((await client.call('PUT', path, { priority }, { token: shop.token })).status, 403);
    await assertVerified();
  });
});

describe('the order of a node’s sources', () => {
  it('decides whose value is shown and found, whoever wrote last', async () => {
    const [shop, form] = [await addSource('shop'), await addSource('form')];
    const { id } = await client.create('order@example.com');
    await say(shop, id, { base: { firstName: 'Shop', lastName: 'Only' } });
    const last = await say(form, id, { base: { firstName: 'Form', title: 'Dr' }, extra: 'form' });
    assert.equal(last.base.firstName, 'Form', 'without an order the last one counts');
    await rank(shop, form);
    const { body: shown } = await client.call('GET', `/customers/${id}`);
    const names = ({ base }: Reply['body']) => [base.firstName, base.lastName, base.title];
    assert.deepEqual(names(shown), ['Shop', 'Only', 'Dr']);
    assert.deepEqual(await find('base.firstName', 'Shop'), [id]);
    assert.deepEqual(await find('base.firstName', 'Form'), []);
    assert.deepEqual(names(await say(form, id, { base: { firstName: 'Again', lastName: 'Late' } })), [
      'Shop',
      'Only',
      'Dr',
    ]);
    assert.deepEqual(await find('base.firstName', 'Shop'), [id]);
    assert.equal((await say(shop, id, { base: { firstName: 'Again' } })).base.firstName, 'Again');
    assert.deepEqual(await find('base.firstName', 'Again'), [id]);
    assert.equal((await say(shop, id, { base: { lastName: null } })).base.lastName, 'Late');
    await assertVerified();
    await rank(form);
    assert.deepEqual(await find('base.title', 'Dr'), [id]);
    await rank();
    assert.equal((await client.call('GET', `/customers/${id}`)).body.base.firstName, 'Again');
    await assertVerified();
  });

  it('minds what a source confirms, and leaves collections, consents and unique properties as they are', async () => {
    const [high, low] = [await addSource('high'), await addSource('low')];
    await rank(high, low);
    const { id } = await client.create('first@example.com', { base: { firstName: 'Same' } });
    await say(high, id, { base: { firstName: 'Same' }, tags: { manual: ['high'] } });
    const changed = await say(low, id, {
      base: { firstName: 'Other', contacts: { email: 'second@example.com' } },
      tags: { manual: ['low'] },
      consents: { softSpam: { email: { status: false } } },
    });
    assert.equal(changed.base.firstName, 'Same', 'high has said so, too');
    assert.equal(changed.base.contacts.email, 'second@example.com');
    assert.deepEqual(changed.tags.manual, ['low']);
    assert.equal(changed.consents.softSpam.email.status, false);
    assert.equal((await client.create('second@example.com')).id, id);
    const { body: before } = await client.call('GET', `/customers/${id}`);
    assert.equal((await say(low, id, { base: { firstName: 'Other' } })).version, before.version);
    await assertVerified();
  });

  it('decides of extended properties without a calculating policy, and of customers who are merged', async () => {
    await setExtended({
      tier: { type: 'string', mergePolicy: 'OBJ_PRIORITY' },
      points: { type: 'number', mergePolicy: 'MATH_SUM' },
      size: { type: 'object', properties: { height: { type: 'number' }, width: { type: 'number' } } },
    });
    const [high, low] = [await addSource('high'), await addSource('low')];
    await rank(high);
    const make = async ({ token }: Source, email: string, extended: object) => {
      const body = { nodeId: client.nodeId, base: { contacts: { email } }, extended };
      const reply = await client.call('POST', '/customers', body, { token });
      assert.equal(reply.status, 201, reply.text);
      return reply.body.id as string;
    };
    const one = await make(high, 'one@example.com', { tier: 'gold', points: 3, size: { height: 1 } });
    const two = await make(low, 'two@example.com', { tier: 'tin', points: 4, size: { height: 2, width: 2 } });
    const linked = await client.native.call('POST', '/links', { body: { first: one, second: two } });
    assert.equal(linked.status, 201, linked.text);
    const both = { tier: 'gold', points: 7, size: { height: 1, width: 2 } };
    assert.deepEqual((await client.call('GET', `/customers/${two}`)).body.extended, both);
    assert.deepEqual(await find('extended.tier', 'gold'), [one]);
    await assertVerified();
    await client.native.call('POST', `/links/${linked.body.link.id}/undo`, { body: {} });
    assert.deepEqual((await client.call('GET', `/customers/${two}`)).body.extended.tier, 'tin');
    await assertVerified();
  });

  it('shows of any history what the first source that has said something said last', async () => {
    const sources = [await addSource('a'), await addSource('b'), await addSource('c')];
    const write = fc.record({
      by: fc.nat(2),
      path: fc.constantFrom('firstName', 'title'),
      value: fc.constantFrom('x', 'y', 'z', null),
    });
    const steps = fc.array(fc.oneof({ weight: 5, arbitrary: write }, fc.shuffledSubarray([0, 1, 2])), {
      minLength: 12,
      maxLength: 20,
    });
    let customers = 0;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2]), steps, async (first, history) => {
        let order = first;
        const rankOf = () => rank(...order.flatMap((index) => sources[index] ?? []));
        await rankOf();
        const { id } = await client.create(`history-${++customers}@example.com`);
        const said = new Map<string, string | null>();
        const last = new Map<string, string | null>();
        for (const step of history) {
          // Another order begins to count what sources confirm only then: the history ends with it.
          if (Array.isArray(step)) {
            order = step.length > 0 ? order.toReversed() : order;
            continue;
          }
          const source = sources[step.by];
          assert.ok(source);
          said.set(`${step.by} ${step.path}`, step.value);
          last.set(step.path, step.value);
          await say(source, id, { base: { [step.path]: step.value } });
        }
        await rankOf();
        const { body: shown } = await client.call('GET', `/customers/${id}`);
        for (const path of ['firstName', 'title']) {
          const ranked = order.map((index) => said.get(`${index} ${path}`)).find((value) => value != null);
          const wanted = first.length > 0 ? (ranked ?? last.get(path) ?? null) : shown.base[path];
          assert.equal(shown.base[path], wanted, `${path} by ${order}`);
        }
      }),
      { numRuns: 12 },
    );
    await assertVerified();
  });
});
