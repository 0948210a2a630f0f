import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

interface Customer {
  readonly id: string;
  readonly version: number;
  readonly base: {
    readonly firstName: string | null;
    readonly likes: { id: string }[];
    readonly subscriptions: object[];
  };
}

async function read(id: string): Promise<Customer> {
  const reply = await client.call('GET', `/customers/${id}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

/** Two customers with what is given of their base, made one by hand. Answers how to part them again, too. */
async function merged(name: string, first: object, second: object) {
  const a: Customer = await client.create(`${name}-a@x.example`, { base: first });
  const b: Customer = await client.create(`${name}-b@x.example`, { base: second });
  const joined = await test.native.call('POST', '/links', { body: { first: a.id, second: b.id } });
  assert.equal(joined.status, 201);
  const undo = `/links/${joined.body.link.id}/undo`;
  const part = async () => (await test.native.call('POST', undo, { body: {} })).status === 200;
  return { a, b, part };
}

const likesOf = ({ base }: Customer) => base.likes.map((like) => like.id).sort();

describe('a version that the caller read', () => {
  it('lets one of eight writers at once through, and tells the others that it is immutable', async () => {
    const { id, version } = await client.create('eight@x.example', {});
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        client.call('PATCH', `/customers/${id}`, { version, base: { firstName: `n${index}` } }),
      ),
    );
    const refused = replies.filter((reply) => reply.status === 400);
    assert.equal(replies.filter((reply) => reply.status === 200).length, 1);
    assert.equal(refused.length, 7);
    for (const { body } of refused) assert.match(JSON.stringify(body), /\/version.*is immutable/);
    assert.equal((await read(id)).version, version + 1);
  });

  it('is that of the whole record where customers are one', async () => {
    const { a, b } = await merged('version', {}, {});
    const { version } = await read(a.id);
    const first = await client.call('PATCH', `/customers/${b.id}`, { version, base: { firstName: 'B' } });
    assert.equal(first.status, 200);
    const second = await client.call('PATCH', `/customers/${a.id}`, { version, base: { firstName: 'A' } });
    assert.equal(second.status, 400);
    assert.equal((await read(a.id)).base.firstName, 'B');
  });

  it('binds no session where it is refused', async () => {
    const { id, version } = await client.create('bound@x.example', {});
    const patch = (body: object) => client.call('PATCH', `/customers/${id}?sessionId=of-nobody`, body);
    assert.equal((await patch({ version: version + 7, base: { firstName: 'late' } })).status, 400);
    const sessions = await client.call('GET', `/customers/${id}/sessions`);
    assert.deepEqual(sessions.body.elements, []);
  });
});

describe('a write to one of two customers that are one', () => {
  it('appends to the collection that is shown', async () => {
    const { a, b } = await merged('append', { likes: [{ id: 'x' }] }, { likes: [{ id: 'y' }] });
    assert.deepEqual(likesOf(await read(a.id)), ['y']);
    const body = {
      nodeId: client.nodeId,
      base: { contacts: { email: 'append-a@x.example' }, likes: [{ id: 'z' }] },
    };
    assert.equal((await client.call('POST', '/customers', body)).status, 201);
    assert.deepEqual(likesOf(await read(a.id)), ['y', 'z']);
    assert.deepEqual(likesOf(await read(b.id)), ['y', 'z']);
  });

  it('merges subscriptions by id with those that are shown', async () => {
    const { a, b } = await merged('subscribed', {}, {});
    const subscribe = (id: string, subscription: object) =>
      client.call('PATCH', `/customers/${id}`, { base: { subscriptions: [subscription] } });
    await subscribe(a.id, { id: 'news', subscribed: true });
    await subscribe(b.id, { id: 'sport', subscribed: true });
    const ids = (await read(a.id)).base.subscriptions.map((one) => (one as { id: string }).id);
    assert.deepEqual(ids.sort(), ['news', 'sport']);
  });

  it('is still there when the two are parted again', async () => {
    const { a, part } = await merged('parted', { firstName: 'Old' }, { firstName: 'New' });
    assert.equal((await read(a.id)).base.firstName, 'New');
    await client.call('PATCH', `/customers/${a.id}`, { base: { firstName: 'New' } });
    assert.ok(await part());
    assert.equal((await read(a.id)).base.firstName, 'New');
  });
});
