import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { bearer, inject, type Method } from '../../helpers/vendor-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const administrator = test.workspace.credentials.admin.token;
let client: ContacthubClient;
let operator: string;

beforeEach(async () => {
  client = new ContacthubClient(test, await test.addWorkspace({ name: 'Shop of Ann' }));
  operator = client.workspace.credentials.contacthub.operatorToken;
});

function hub(method: Method, path: string, token: string, body?: unknown) {
  return inject(test, { method, url: `/hub/v1${path}`, headers: bearer(token), body });
}

const own = () => `/workspaces/${client.workspace.created.publicId}`;

describe('workspaces', () => {
  it('are for a token its own alone', async () => {
    const { publicId: id, slug } = client.workspace.created;
    const shown = { id, name: 'Shop of Ann', slug, groupPk: null, shard: 'main', status: 'ENABLED' };
    const list = await hub('GET', '/workspaces', operator);
    assert.deepEqual([list.status, list.body.elements], [200, [shown]]);
    assert.equal(list.body.page.totalElements, 1);
    assert.deepEqual((await hub('GET', own(), operator)).body, shown);
    assert.deepEqual((await hub('GET', '/workspaces?name=nobody', operator)).body.elements, []);
    const other = test.workspace.created.publicId;
    for (const [method, path, body] of [
      ['GET', ''],
      ['PUT', '/status', { status: 'DISABLED' }],
      ['DELETE', ''],
    ] as const) {
      const reply = await hub(method, `/workspaces/${other}${path}`, operator, body);
      assert.deepEqual([reply.status, reply.body.message], [403, `workspace not found: ${other}`]);
    }
  });

  it('are all of the installation for its administrator, who alone makes new ones', async () => {
    const slug = `made-${client.workspace.created.slug}`;
    const body = { name: 'Made', slug, groupPk: 7, shard: 'main' };
    assert.equal((await hub('POST', '/workspaces', operator, body)).status, 403);
    const made = await hub('POST', '/workspaces', administrator, body);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(made.body, { id: made.body.id, ...body, status: 'ENABLED' });
    const found = await hub('GET', '/workspaces?groupPk=7&name=mad', administrator);
    assert.ok(found.body.elements.some(({ id }: { id: string }) => id === made.body.id));
    assert.ok(found.body.page.totalUnfilteredElements > found.body.page.totalElements);
    assert.deepEqual((await hub('GET', `/workspaces/${made.body.id}`, administrator)).body, made.body);
    assert.equal((await hub('POST', '/workspaces', administrator, body)).status, 409);
    const cases: [object, string][] = [
      [{ ...body, slug: 'NO' }, '/slug'],
      [{ ...body, slug: 'other', shard: 'nowhere' }, '/shard'],
      [{ ...body, name: '' }, '/name'],
      [{ ...body, groupPk: 'x' }, '/groupPk'],
      [{ name: 'x', slug: 'other', groupPk: 1 }, '/shard'],
    ];
    for (const [wrong, path] of cases) {
      const reply = await hub('POST', '/workspaces', administrator, wrong);
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, path], JSON.stringify(wrong));
    }
    const unknown = '00000000-0000-4000-8000-000000000000';
    assert.equal((await hub('GET', `/workspaces/${unknown}`, administrator)).status, 403);
  });

  it('lie on shards, which without a cluster are one', async () => {
    assert.deepEqual((await hub('GET', '/shards', operator)).body, {
      elements: [{ id: 'main', name: 'main' }],
    });
    assert.equal((await hub('GET', '/shards', client.workspace.credentials.contacthub.token)).status, 403);
    assert.deepEqual((await hub('GET', '/health', '')).body, {});
  });
});

describe('the status of a workspace', () => {
  const set = (status: string, token = operator) => hub('PUT', `${own()}/status`, token, { status });

  it('SUSPENDED takes nothing in, by whichever API, and shows what is there', async () => {
    const { id } = await client.create('ann@example.com');
    assert.deepEqual((await set('SUSPENDED')).body, { status: 'SUSPENDED' });
    assert.equal((await client.call('GET', `/customers/${id}`)).status, 200);
    for (const [method, path, body] of [
      ['PATCH', `/customers/${id}`, { extra: 'x' }],
      ['DELETE', `/customers/${id}`],
      ['POST', '/events', { type: 'viewedPage', context: 'WEB', properties: {}, customerId: id }],
    ] as const) {
      const reply = await client.call(method, path, body);
      assert.equal(reply.status, 403, `${method} ${path}`);
      assert.match(reply.body.message, /workspace is suspended/);
    }
    await refusedByOthers(/suspended/);
    assert.equal((await set('ENABLED')).status, 200);
    assert.equal((await client.call('PATCH', `/customers/${id}`, { extra: 'x' })).status, 200);
  });

  it('DISABLED opens nothing to its keys but its own status', async () => {
    const { id } = await client.create('ann@example.com');
    assert.deepEqual((await set('DISABLED')).body, { status: 'DISABLED' });
    const refused = await client.call('GET', `/customers/${id}`);
    assert.deepEqual([refused.status, /workspace is disabled/.test(refused.body.message)], [403, true]);
    await refusedByOthers(/disabled/);
    assert.equal((await client.native.call('GET', '')).body.status, 'disabled');
    assert.equal((await hub('GET', own(), operator)).body.status, 'DISABLED');
    assert.equal((await set('ENABLED', client.workspace.credentials.contacthub.adminToken)).status, 403);
    assert.equal((await set('ENABLED')).status, 200);
    assert.equal((await client.call('GET', `/customers/${id}`)).status, 200);
  });

  it('is one of three', async () => {
    for (const body of [{ status: 'enabled' }, {}, { status: 'DELETING' }])
      assert.equal((await hub('PUT', `${own()}/status`, operator, body)).status, 400);
    const native = await client.native.call('PATCH', '', { body: { status: 'deleting' } });
    assert.equal(native.status, 400);
  });

  /** An event by two other APIs, and one of a page's visitor. */
  async function refusedByOthers(why: RegExp) {
    const { webengage, octeth } = client.workspace.credentials;
    const event = await inject(test, {
      method: 'POST',
      url: `/v1/accounts/${webengage.licenseCode}/events`,
      headers: bearer(webengage.apiKey),
      body: { eventName: 'Closed', userId: 'ann' },
    });
    assert.equal(event.status, 403);
    assert.match(event.text, why);
    const track = await inject(test, {
      method: 'POST',
      url: '/api/v1/event',
      body: { APIKey: octeth.apiKey, ListID: octeth.listId, Event: 'closed', Email: 'ann@example.com' },
    });
    assert.equal(track.status, 403, track.text);
  }
});

describe('a workspace that is deleted', () => {
  it('is closed with the answer, and gone when the job has ended', async () => {
    await client.create('ann@example.com');
    assert.equal(
      (await hub('DELETE', own(), client.workspace.credentials.contacthub.adminToken)).status,
      403,
    );
    assert.equal((await hub('DELETE', own(), operator)).status, 200);
    assert.equal((await client.call('GET', `/customers?nodeId=${client.nodeId}`)).status, 401);
    await test.app.services.jobs.settle();
    assert.equal((await client.native.call('GET', '')).status, 404);
    assert.equal((await hub('GET', own(), administrator)).status, 403);
  });
});
