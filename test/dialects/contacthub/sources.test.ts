import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
let client: ContacthubClient;
let admin: { token: string };

beforeEach(async () => {
  client = new ContacthubClient(test, await test.addWorkspace());
  admin = { token: client.workspace.credentials.contacthub.adminToken };
});

async function create(body: object = {}) {
  const reply = await client.call('POST', '/configuration/sources', { name: 'Shop', ...body }, admin);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

const read = async (id: string) =>
  (await client.call('GET', `/configuration/sources/${id}`, undefined, admin)).body;

async function list(query = '') {
  const reply = await client.call('GET', `/configuration/sources${query}`, undefined, admin);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

/** Whether a token may write a customer, by its status. */
async function write(token: string, email = 'ann@example.com', nodeId = client.nodeId): Promise<number> {
  const body = { nodeId, base: { contacts: { email } } };
  return (await client.call('POST', '/customers', body, { token })).status;
}

describe('a source', () => {
  it('is made with a token, which is shown this once, and whose writes bear its id', async () => {
    const made = await create({
      provider: 'CONTACTPLAN',
      description: 'Till',
      nodes: [client.nodeId],
      properties: { shop: 12345678901234567890n.toString(), level: 1 },
    });
    assert.match(made.token, /^[0-9a-f]{64}$/);
    const { token, ...shown } = made;
    assert.deepEqual(shown, {
      provider: 'CONTACTPLAN',
      properties: { shop: '12345678901234567890', level: 1 },
      name: 'Shop',
      description: 'Till',
      nodes: [client.nodeId],
      enabled: true,
      id: made.id,
    });
    assert.deepEqual(await read(made.id), { ...shown, token: null });
    const body = {
      nodeId: client.nodeId,
      base: { contacts: { email: 'ann@example.com' } },
      consents: { softSpam: { email: { status: true } } },
    };
    const customer = await client.call('POST', '/customers', body, { token });
    assert.equal(customer.body.sourceInfo.registeredBy, made.id);
    const copies = await client.call('GET', `/customers/${customer.body.id}/sources`);
    assert.deepEqual(
      copies.body.elements.map(({ id }: { id: string }) => id),
      [made.id],
    );
    const { dpoToken } = client.workspace.credentials.contacthub;
    const consents = await client.call('GET', '/consent-logs', undefined, { token: dpoToken });
    assert.deepEqual(
      consents.body.elements.map(({ sourceId }: { sourceId: string }) => sourceId),
      [made.id],
    );
  });

  it('is listed beside those whose tokens were issued otherwise, by pages', async () => {
    const made = await create();
    const { body: key } = await client.native.call('POST', '/keys', {
      body: { dialect: 'contacthub', name: 'Till', role: 'UNTRUSTED_APPLICATION' },
    });
    const { elements, page } = await list();
    assert.equal(page.totalElements, 3);
    const names = elements.map(({ name, provider }: { name: string; provider: string }) => [name, provider]);
    const { slug } = client.workspace.created;
    assert.deepEqual(names, [
      [`${slug} TRUSTED_APPLICATION`, 'API'],
      ['Shop', 'API'],
      ['Till', 'JavaScript'],
    ]);
    const last = await list('?size=1&page=2');
    assert.deepEqual([last.elements[0].id, last.page.totalPages], [key.key.id, 3]);
    assert.deepEqual(last.elements[0].nodes, [client.nodeId]);
    assert.notEqual(made.id, key.key.id);
  });

  it('of a token that was issued otherwise keeps its id when it is changed, refreshed and rotated', async () => {
    const customer = await client.create('ann@example.com');
    const id = customer.sourceInfo.registeredBy;
    const changed = await client.call('PUT', `/configuration/sources/${id}`, { name: 'Mine' }, admin);
    assert.deepEqual([changed.status, changed.body.name, changed.body.id], [200, 'Mine', id]);
    const { token } = client.workspace.credentials.contacthub;
    assert.equal(await write(token), 201);
    const refreshed = await client.call(
      'POST',
      `/configuration/sources/${id}/refresh-token`,
      undefined,
      admin,
    );
    assert.equal(refreshed.status, 200);
    assert.deepEqual([await write(token), await write(refreshed.body.token)], [401, 201]);
    const again = await client.call('GET', `/customers/${customer.id}`, undefined, {
      token: refreshed.body.token,
    });
    assert.equal(again.body.sourceInfo.updatedBy, id);
    const { body: keys } = await client.native.call('GET', '/keys');
    const key = keys.keys.find(({ subject }: { subject: string | null }) => subject === id);
    const rotated = await client.native.call('POST', `/keys/${key.id}/rotate`, { body: null });
    const written = await client.call(
      'PATCH',
      `/customers/${customer.id}`,
      { extra: 'by the rotated key' },
      { token: rotated.body.secret },
    );
    assert.equal(written.body.sourceInfo.updatedBy, id);
    assert.equal((await list()).page.totalElements, 1);
  });

  it('that is rotated natively before anything was set of it stays one source', async () => {
    const customer = await client.create('ann@example.com');
    const id = customer.sourceInfo.registeredBy;
    const rotated = await client.native.call('POST', `/keys/${id}/rotate`, { body: null });
    const patched = await client.call(
      'PATCH',
      `/customers/${customer.id}`,
      { extra: 'x' },
      { token: rotated.body.secret },
    );
    assert.equal(patched.body.sourceInfo.updatedBy, id);
    assert.equal((await list()).page.totalElements, 1);
  });

  it('that is disabled reads, but writes nothing: 403 in the form of the vendor', async () => {
    const { id, token } = await create();
    assert.equal(await write(token), 201);
    const put = await client.call('PUT', `/configuration/sources/${id}`, { enabled: false }, admin);
    assert.equal(put.body.enabled, false);
    const refused = await client.call('POST', '/customers', {}, { token });
    assert.deepEqual([refused.status, refused.body.message], [403, 'The source is disabled']);
    assert.deepEqual(Object.keys(refused.body).sort(), ['data', 'errors', 'logref', 'message']);
    assert.equal(
      (await client.call('GET', `/customers?nodeId=${client.nodeId}`, undefined, { token })).status,
      200,
    );
    await client.call('PUT', `/configuration/sources/${id}`, { enabled: true }, admin);
    assert.equal(await write(token), 201);
  });

  it('that is deleted has no token any more, and what it wrote keeps its id', async () => {
    const { id, token } = await create();
    assert.equal(await write(token), 201);
    const { body } = await client.call('GET', `/customers?nodeId=${client.nodeId}`);
    assert.equal((await client.call('DELETE', `/configuration/sources/${id}`, undefined, admin)).status, 200);
    assert.equal(await write(token), 401);
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/refresh-token'],
    ] as const) {
      const reply = await client.call(
        method,
        `/configuration/sources/${id}${path}`,
        method === 'PUT' ? {} : undefined,
        admin,
      );
      assert.equal(reply.status, 404, `${method} ${path}`);
    }
    const copy = await client.call('GET', `/customers/${body.elements[0].id}/sources/${id}`);
    assert.equal(copy.status, 200);
  });

  it('of several refreshes at once has the last token alone', async () => {
    const { id } = await create();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () =>
        client.call('POST', `/configuration/sources/${id}/refresh-token`, undefined, admin),
      ),
    );
    const statuses = await Promise.all(replies.map(({ body }) => write(body.token)));
    assert.deepEqual(statuses.sort(), [201, 401, 401, 401, 401]);
  });

  it('is refused with what is wrong, and where', async () => {
    const cases: [body: unknown, path: string, message: RegExp][] = [
      [{ provider: 'MAGENTO', name: 'x' }, '/provider', /can no longer be created/],
      [{ provider: 'Javascript', name: 'x' }, '/provider', /must be one of API/],
      [{ name: '' }, '/name', /fewer than 1/],
      [{ name: 'x'.repeat(256) }, '/name', /longer than 255/],
      [{ name: 'x\u0000' }, '/name', /can not be stored/],
      [{ nodes: [] }, '/nodes', /fewer than 1/],
      [{ nodes: ['x'] }, '/nodes/0', /format/],
      [{ nodes: ['00000000-0000-4000-8000-000000000000'] }, '/nodes/0', /node not found/],
      [{ enabled: 'no' }, '/enabled', /boolean/],
      [[], '', /object/],
    ];
    for (const [body, path, message] of cases) {
      const reply = await client.call('POST', '/configuration/sources', body, admin);
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.equal(reply.body.message, 'source source is not valid');
      assert.equal(reply.body.errors[0].path, path);
      assert.match(reply.body.errors[0].message, message);
    }
    const { id } = await create();
    for (const [body, path] of [
      [{ id: client.nodeId }, '/id'],
      [{ provider: 'CONTACTSEND' }, '/provider'],
    ] as const) {
      const reply = await client.call('PUT', `/configuration/sources/${id}`, body, admin);
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, path]);
    }
    // What was shown may be sent back.
    const shown = await read(id);
    assert.deepEqual((await client.call('PUT', `/configuration/sources/${id}`, shown, admin)).body, shown);
  });
});

describe('the nodes of a source', () => {
  it('are where its token reads and writes; elsewhere it is answered 403', async () => {
    const second = await client.addNode();
    const { id, token } = await create({ nodes: [second] });
    assert.deepEqual([await write(token, 'a@example.com', second), await write(token)], [201, 403]);
    const search = (nodeId: string) =>
      client.call('GET', `/customers?nodeId=${nodeId}`, undefined, { token });
    assert.deepEqual([(await search(second)).status, (await search(client.nodeId)).status], [200, 403]);
    const refused = await search(client.nodeId);
    assert.equal(refused.body.message, `The client is not authorized to access the node ${client.nodeId}`);
    assert.equal((await search('00000000-0000-4000-8000-000000000000')).status, 404);
    await client.call('PUT', `/configuration/sources/${id}`, { nodes: [client.nodeId] }, admin);
    assert.deepEqual([await write(token, 'a@example.com', second), await write(token)], [403, 201]);
  });
});
