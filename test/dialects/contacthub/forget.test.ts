import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { useFolder } from '../../helpers/folder.ts';
import { ContacthubClient } from './client.ts';

const dataDir = await useFolder();
const test = await useApp({ freshWorkspace: true, environment: { THROUGHLINE_DATA_DIR: dataDir } });

let client: ContacthubClient;
let id: string;
let dpo: string;

beforeEach(async () => {
  client = new ContacthubClient(test);
  dpo = client.credentials.contacthub.dpoToken;
  id = (
    await client.create('ada@forget.example', {
      base: { firstName: 'Ada', subscriptions: [{ id: 's1', name: 'News', subscribed: true }] },
      externalId: 'outer-1',
      tags: { manual: ['vip'], auto: [] },
      extended: {},
    })
  ).id;
  await client.view({ customerId: id });
});

const forget = (customerId = id, method: 'DELETE' | 'POST' = 'DELETE', token = dpo) =>
  client.call(method, `/customers/${customerId}/forget`, undefined, { token });

describe('forget', () => {
  it('leaves a customer who is shown as gone for good, and nowhere else', async () => {
    const before = (await client.call('GET', `/customers/${id}`)).body;
    assert.deepEqual(
      [(await forget()).status, (await client.call('GET', `/customers/${id}`)).status],
      [200, 200],
    );
    const shown = (await client.call('GET', `/customers/${id}`)).body;
    assert.deepEqual(Object.keys(shown), Object.keys(before));
    assert.deepEqual([shown.id, shown.nodeId, shown.deleted], [id, client.nodeId, -1]);
    assert.deepEqual([shown.externalId, shown.tags, shown.consents], [null, null, null]);
    assert.deepEqual(
      Object.values(shown.base).filter(
        (value) => value !== null && !(Array.isArray(value) && value.length === 0),
      ),
      [],
    );
    const found = await client.call('GET', `/customers?nodeId=${client.nodeId}`);
    assert.deepEqual([found.status, found.body.elements], [200, []]);
    assert.deepEqual(await client.eventsOf(id), []);
    const events = await client.call('GET', '/events?type=viewedPage');
    assert.deepEqual([events.status, events.body.elements, events.body.page.totalElements], [200, [], 0]);
    for (const path of ['', '/sessions', '/subscriptions/s1', '/sources'])
      assert.equal(
        (
          await client.call(
            path === '' ? 'PATCH' : 'GET',
            `/customers/${id}${path}`,
            path === '' ? {} : undefined,
          )
        ).status,
        404,
        path,
      );
    const exported = await client.call('GET', `/customers/${id}/export`, undefined, { token: dpo });
    assert.equal(exported.status, 404);
  });

  it('tells who follows the updates, and logs itself with the key that asked', async () => {
    await forget(id, 'POST');
    const token = client.credentials.contacthub.adminToken;
    const { body } = await client.call('GET', '/updates', undefined, { token });
    const told = body.updates.filter(
      ({ entity }: { entity: { type: string } }) => entity.type === 'CUSTOMER',
    );
    assert.deepEqual(told.at(-1), {
      operation: 'DELETE',
      entity: { type: 'CUSTOMER', data: { id, nodeId: client.nodeId, deleted: -1 } },
    });
    assert.doesNotMatch(JSON.stringify(body), /ada@|outer|Home/i);
    const { consents } = await client.native.read('/consents?act=forced-delete');
    assert.deepEqual(
      consents.map(({ profileId, value }: { profileId: string; value: unknown }) => [profileId, value]),
      [[id, null]],
    );
    assert.ok(consents[0].userId);
  });

  it('may be said again, and is not undone by who writes the customer again', async () => {
    assert.deepEqual([(await forget()).status, (await forget()).status], [200, 200]);
    const again = await client.call('POST', '/customers', {
      nodeId: client.nodeId,
      base: { contacts: { email: 'Ada@Forget.example' } },
    });
    assert.equal(again.status, 409);
    assert.equal(again.body.message, 'The customer was forgotten, and is not made again');
    const other = await client.create('bob@forget.example', { externalId: 'B-1' });
    assert.equal((await client.call('GET', `/customers/${other.id}`)).body.deleted, 0);
  });

  it('binds to nobody what comes for a session of who was forgotten', async () => {
    const session = { value: 'sid-forgotten' };
    assert.equal((await client.call('POST', `/customers/${id}/sessions`, session)).status, 201);
    await forget();
    const other = await client.create('bob@forget.example');
    const bound = await client.call('POST', `/customers/${other.id}/sessions`, session);
    assert.equal(bound.status, 409);
    assert.equal(bound.body.message, 'The session is that of a customer who was forgotten');
    const said = await client.call('PATCH', `/customers/${other.id}?sessionId=${session.value}`, {
      extra: 'x',
    });
    assert.equal(said.status, 200);
    assert.deepEqual((await client.call('GET', `/customers/${other.id}/sessions`)).body, { elements: [] });
    const late = await client.call('POST', '/events', {
      type: 'viewedPage',
      context: 'WEB',
      properties: { title: 'Home' },
      bringBackProperties: { type: 'SESSION_ID', value: session.value, nodeId: client.nodeId },
    });
    assert.equal(late.status, 404);
    assert.equal(late.body.message, `customer not found ${session.value}`);
  });

  it('is refused to roles that may not, to other tenants, and of who is no customer', async () => {
    assert.equal((await forget(id, 'DELETE', client.credentials.contacthub.token)).status, 403);
    assert.equal((await forget(randomUUID())).status, 404);
    assert.equal((await forget('nobody')).status, 404);
    const stranger = new ContacthubClient(test, await test.addWorkspace());
    const token = stranger.credentials.contacthub.dpoToken;
    assert.equal(
      (await stranger.call('DELETE', `/customers/${id}/forget`, undefined, { token })).status,
      404,
    );
    assert.equal((await client.call('GET', `/customers/${id}`)).body.deleted, 0);
  });
});
