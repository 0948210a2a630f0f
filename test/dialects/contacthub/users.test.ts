import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { bearer, inject } from '../../helpers/vendor-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
let client: ContacthubClient;
let admin: { token: string };
let second: string;

beforeEach(async () => {
  client = new ContacthubClient(test, await test.addWorkspace());
  admin = { token: client.workspace.credentials.contacthub.adminToken };
  second = await client.addNode();
});

async function me(token: string) {
  return (await inject(test, { method: 'GET', url: '/hub/v1/me', headers: bearer(token) })).body;
}

/** A token of a user whose rights are these. */
async function userWith(nodes: object[], role = 'USER'): Promise<string> {
  const token = await client.tokenOf(role);
  const { id } = await me(token);
  const reply = await client.call('PUT', `/configuration/users/${id}`, { nodes }, admin);
  assert.equal(reply.status, 200, reply.text);
  return token;
}

describe('users', () => {
  it('are those who have a token with a user’s role, found by a part of their names', async () => {
    await client.tokenOf('USER');
    const all = await client.call('GET', '/configuration/users', undefined, admin);
    const names = all.body.elements.map(({ name }: { name: string }) => name).sort();
    const { slug } = client.workspace.created;
    assert.deepEqual(names, [`${slug} ADMIN`, `${slug} CLAB_OPERATOR`, `${slug} DPO`, 'USER'].sort());
    const found = await client.call('GET', '/configuration/users?search=oper', undefined, admin);
    assert.deepEqual([found.body.page.totalElements, found.body.page.totalUnfilteredElements], [1, 4]);
    const [user] = found.body.elements;
    assert.equal(user.id, (await me(client.workspace.credentials.contacthub.operatorToken)).id);
    assert.match(user.registeredAt, /\+0000$/);
    assert.equal(user.updatedAt, null);
    const both = [client.nodeId, second].map((id) => ({ id, permission: 'RW' }));
    assert.deepEqual(user.nodes, both);
    assert.deepEqual(
      (await client.call('GET', `/configuration/users/${user.id}`, undefined, admin)).body,
      user,
    );
  });

  it('may what they were given in each node, and nothing elsewhere', async () => {
    const customer = await client.create('ann@example.com');
    const path = `/customers/${customer.id}`;
    const write = (token: string) => client.call('PATCH', path, { extra: 'x' }, { token });
    const look = (token: string) => client.call('GET', path, undefined, { token });
    const statuses = async (token: string) => [(await look(token)).status, (await write(token)).status];
    const { nodeId } = client;
    assert.deepEqual(await statuses(await userWith([{ id: nodeId }])), [200, 403]);
    assert.deepEqual(await statuses(await userWith([{ id: nodeId, permission: 'W' }])), [403, 200]);
    assert.deepEqual(await statuses(await userWith([{ id: nodeId, permission: 'RW' }])), [200, 200]);
    assert.deepEqual(await statuses(await userWith([{ id: second, permission: 'RW' }])), [403, 403]);
    assert.deepEqual(await statuses(await userWith([])), [403, 403]);
  });

  it('are told by /me what they may where, as far as their role goes', async () => {
    const nodes = [
      { id: client.nodeId, permission: 'W' },
      { id: second, permission: 'RW' },
    ];
    const ofUser = await me(await userWith(nodes));
    assert.deepEqual(ofUser.groups[0].workspaces[0].nodes, nodes);
    const ofGuest = await me(await userWith(nodes, 'GUEST'));
    assert.deepEqual(ofGuest.groups[0].workspaces[0].nodes, [{ id: second, permission: 'R' }]);
  });

  it('keep their rights when their key is rotated', async () => {
    const token = await userWith([{ id: second, permission: 'R' }]);
    const { id } = await me(token);
    const { body } = await client.native.call('GET', '/keys');
    const key = body.keys.find(
      ({ name, role }: { name: string; role: string }) => name === 'USER' && role === 'USER',
    );
    const rotated = await client.native.call('POST', `/keys/${key.id}/rotate`, { body: null });
    const after = await me(rotated.body.secret);
    assert.equal(after.id, id);
    assert.deepEqual(after.groups[0].workspaces[0].nodes, [{ id: second, permission: 'R' }]);
  });

  it('are refused with what is wrong, and where', async () => {
    const { id } = await me(await client.tokenOf('USER'));
    const cases: [body: unknown, path: string][] = [
      [{}, '/nodes'],
      [{ nodes: [{ permission: 'R' }] }, '/nodes/0/id'],
      [{ nodes: [{ id: second, permission: 'X' }] }, '/nodes/0/permission'],
      [{ nodes: [{ id: '00000000-0000-4000-8000-000000000000' }] }, '/nodes/0/id'],
    ];
    for (const [body, path] of cases) {
      const reply = await client.call('PUT', `/configuration/users/${id}`, body, admin);
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, path], JSON.stringify(body));
    }
    for (const unknown of ['1', 'nobody', '99999999999999999999'])
      assert.equal(
        (await client.call('PUT', `/configuration/users/${unknown}`, { nodes: [] }, admin)).status,
        404,
      );
  });

  it('are listed natively, given rights and freed of them again, which the wire can not', async () => {
    const token = await client.tokenOf('USER');
    const { id } = await me(token);
    const users = async () => (await client.native.read('/contacthub/users')).users;
    const own = (await users()).find((user: { id: number }) => user.id === id);
    assert.deepEqual([own.name, own.nodes, own.changedAt], ['USER', null, null]);
    const put = (body: unknown, number: unknown = id) =>
      client.native.call('PUT', `/contacthub/users/${number}/rights`, { body });
    const rights = [{ nodeId: second, permission: 'R' }];
    assert.deepEqual((await put({ nodes: rights })).body.nodes, rights);
    const look = (nodeId: string) => client.call('GET', `/customers?nodeId=${nodeId}`, undefined, { token });
    assert.deepEqual([(await look(client.nodeId)).status, (await look(second)).status], [403, 200]);
    const shown = await client.call('GET', `/configuration/users/${id}`, undefined, admin);
    assert.deepEqual(shown.body.nodes, [{ id: second, permission: 'R' }]);
    assert.equal((await put({ nodes: null })).body.nodes, null);
    assert.equal((await look(client.nodeId)).status, 200);
    const nobody = '00000000-0000-4000-8000-000000000000';
    for (const [body, path] of [
      [{}, 'body/nodes'],
      [{ nodes: [{ nodeId: second }] }, 'body/nodes/0/permission'],
      [{ nodes: [{ nodeId: second, permission: 'X' }] }, 'body/nodes/0/permission'],
      [{ nodes: [{ nodeId: nobody, permission: 'R' }] }, 'body/nodes/0/nodeId'],
    ] as const) {
      const reply = await put(body);
      assert.deepEqual([reply.status, reply.body.error.path], [400, path], JSON.stringify(body));
    }
    assert.equal((await put({ nodes: [] }, 1)).status, 404);
    assert.equal((await put({ nodes: [] }, 'x')).status, 404);
    const path = at(client.workspace, `/contacthub/users/${id}/rights`);
    for (const key of [null, token, admin.token])
      assert.equal((await ask(test, 'PUT', path, { key, body: { nodes: [] } })).status, 401);
    const other = await test.addWorkspace();
    assert.equal(
      (await ask(test, 'PUT', at(other, `/contacthub/users/${id}/rights`), { body: { nodes: [] } })).status,
      404,
    );
    assert.equal((await look(client.nodeId)).status, 200);
  });

  it('who are limited to some nodes manage neither sources nor users, nor what is set of the whole workspace', async () => {
    const token = await userWith([{ id: second, permission: 'RW' }], 'ADMIN');
    const { id } = await me(token);
    for (const [method, path, body] of [
      ['POST', '/configuration/sources', { nodes: [second] }],
      ['PUT', `/configuration/users/${id}`, { nodes: [{ id: client.nodeId, permission: 'RW' }] }],
      ['PUT', '/configuration/properties/extended', {}],
      ['PUT', '/configuration/events/viewedPage', {}],
      ['PUT', '/configuration/events/viewedPage/enabled', { value: true }],
      ['PUT', '/configuration/events/viewedPage/properties/extended', {}],
      ['PUT', '/configuration/events-consent-policy', {}],
      ['PUT', '/configuration/events-payload-size', {}],
      ['PUT', '/configuration/products/update-policy', {}],
      ['PUT', '/configuration/products/properties/extended', {}],
      ['PUT', '/configuration/retention-policy', {}],
      ['GET', '/configuration/retention-policy/status', undefined],
    ] as const)
      assert.equal((await client.call(method, path, body, { token })).status, 403, path);
  });
});
