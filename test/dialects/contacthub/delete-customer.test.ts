import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);
const nobody = '0191c2a0-0000-7000-8000-000000000000';

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

const remove = (id: string, query = '') => client.call('DELETE', `/customers/${id}${query}`);

/** What the update stream tells behind an offset, as `OPERATION TYPE id`. */
async function updatesAfter(offset: number): Promise<string[]> {
  const token = await client.tokenOf('PLATFORM_UPDATES');
  const reply = await client.call('GET', `/updates?size=1000&offset=${offset}`, undefined, { token });
  return reply.body.updates.map(
    ({ operation, entity }: Reply['body']) => `${operation} ${entity.type} ${entity.data.id}`,
  );
}

async function lastOffset(): Promise<number> {
  const token = await client.tokenOf('PLATFORM_UPDATES');
  return (await client.call('GET', '/updates/last-offset', undefined, { token })).body.lastOffset;
}

/** A user of another API with the same address: one person with the customer. */
async function addUser(email: string): Promise<void> {
  const { apiKey, licenseCode } = client.credentials.webengage;
  const reply = await inject(test, {
    method: 'POST',
    url: `/v1/accounts/${licenseCode}/users`,
    headers: { authorization: `Bearer ${apiKey}` },
    body: { userId: 'linked', email },
  });
  assert.equal(reply.status, 201, reply.text);
}

describe('DELETE /customers/{customerId}', () => {
  it('answers 200 and {}; the customer, its events and those of its sessions are nowhere any more', async () => {
    const email = 'gone@example.com';
    const customer = await client.create(email, {
      externalId: 'x-1',
      consents: { softSpam: { email: { status: true } } },
    });
    const other = await client.create('stays@example.com');
    const kept = await client.view({ customerId: other.id });
    await client.call('POST', `/customers/${customer.id}/sessions`, { value: 'gone-session' });
    const events = [
      await client.view({ customerId: customer.id }),
      await client.view({ session: 'gone-session' }),
      await client.view({ externalId: 'x-1' }),
    ];
    const before = await lastOffset();
    const reply = await remove(customer.id);
    assert.deepEqual([reply.status, reply.body], [200, {}]);
    for (const path of ['', '/sessions', '/sources'])
      assert.equal((await client.call('GET', `/customers/${customer.id}${path}`)).status, 404, path);
    for (const id of events) assert.equal((await client.call('GET', `/events/${id}`)).status, 404);
    assert.deepEqual(await client.eventsOf(customer.id), []);
    const search = (more: string) => client.call('GET', `/customers?nodeId=${client.nodeId}${more}`);
    assert.deepEqual(
      (await search('')).body.elements.map(({ id }: { id: string }) => id),
      [other.id],
    );
    assert.deepEqual((await search('&externalId=x-1')).body.elements, []);
    assert.deepEqual(
      (await test.store.events()).map(({ id }) => id),
      [kept],
    );
    assert.equal((await client.native.call('GET', `/people/lookup?kind=email&value=${email}`)).status, 404);
    assert.deepEqual((await updatesAfter(before)).sort(), [
      `DELETE CUSTOMER ${customer.id}`,
      ...events.map((id) => `DELETE EVENT ${id}`).sort(),
    ]);
    assert.equal((await test.store.accounting('contacthub')).deleted, 3);
    await assertVerified();
  });

  it('keeps the log of consents', async () => {
    const { id } = await client.create('log@example.com', {
      consents: { softSpam: { email: { status: true } } },
    });
    await remove(id);
    const token = await client.tokenOf('DPO');
    const { body } = await client.call('GET', `/consent-logs?customerId=${id}`, undefined, { token });
    assert.equal(body.elements.length, 1, JSON.stringify(body));
  });

  it('frees address, externalId and sessions: who comes with them is somebody new', async () => {
    const first = await client.create('again@example.com', { externalId: 'x-2' });
    await client.call('POST', `/customers/${first.id}/sessions`, { value: 'free' });
    await remove(first.id);
    const waiting = await client.view({ session: 'free' });
    const named = await client.view({ externalId: 'x-2' });
    assert.equal((await client.call('GET', `/events/${waiting}`)).body.customerId, null);
    const late = { customerId: first.id, type: 'loggedIn', context: 'WEB', properties: {} };
    assert.equal((await client.call('POST', '/events', late)).status, 404);
    const second = await client.create('again@example.com', { externalId: 'x-2' });
    assert.notEqual(second.id, first.id);
    await client.call('POST', `/customers/${second.id}/sessions`, { value: 'free' });
    assert.deepEqual((await client.eventsOf(second.id)).sort(), [waiting, named].sort());
    for (const method of ['PATCH', 'PUT', 'DELETE'] as const)
      assert.equal(
        (await client.call(method, `/customers/${first.id}`, { nodeId: client.nodeId })).status,
        404,
      );
    await assertVerified();
  });

  it("leaves other APIs' users who were one person with it", async () => {
    const email = 'linked@example.com';
    const customer = await client.create(email);
    await addUser(email);
    const before = await client.native.read(`/people/lookup?kind=email&value=${email}`);
    assert.equal(before.profiles.length, 2);
    await remove(customer.id);
    const after = await client.native.read(`/people/lookup?kind=email&value=${email}`);
    assert.deepEqual(
      after.profiles.map(({ dialect }: { dialect: string }) => dialect),
      ['webengage'],
    );
    assert.deepEqual((await client.native.read(`/people/${after.id}/links`)).links, []);
    await assertVerified();
  });

  it('deletes all profiles of a record that was made of several', async () => {
    const [one, two] = [await client.create('one@example.com'), await client.create('two@example.com')];
    const link = { first: one.id, second: two.id };
    const made = await client.native.call('POST', '/links', { body: link });
    assert.ok(made.status < 300, JSON.stringify(made.body));
    await client.view({ customerId: two.id });
    assert.equal((await remove(two.id)).status, 200);
    for (const { id } of [one, two]) assert.equal((await client.call('GET', `/customers/${id}`)).status, 404);
    assert.deepEqual(await test.store.events(), []);
    await assertVerified();
  });

  it('leaves together what the deleted record was made of: nobody can undo its links any more', async () => {
    const [one, two] = [await client.create('left@example.com'), await client.create('right@example.com')];
    const body = { first: one.id, second: two.id };
    const { link } = (await client.native.call('POST', '/links', { body })).body;
    await remove(one.id);
    const offset = await lastOffset();
    for (const asked of [{ dryRun: true }, {}]) {
      const undone = await client.native.call('POST', `/links/${link.id}/undo`, { body: asked });
      assert.deepEqual([undone.status, undone.body.error?.code], [404, 'not-found']);
    }
    assert.deepEqual(await updatesAfter(offset), []);
    await assertVerified();
  });

  it('deletes the events of a long one by a job, and shows none of them from the first moment', async () => {
    const { id } = await client.create('long@example.com');
    const events = await Promise.all(Array.from({ length: 700 }, () => client.view({ customerId: id })));
    await remove(id);
    for (const event of events.filter((_, index) => index % 50 === 0))
      assert.equal((await client.call('GET', `/events/${event}`)).status, 404);
    const { body } = await client.call('GET', '/events?size=1000&type=viewedPage');
    assert.deepEqual(body.elements, []);
    await test.app.services.jobs.settle();
    assert.deepEqual(await test.store.events(), []);
    const [job] = (await client.native.read('/jobs?kind=delete-record-events')).jobs;
    assert.deepEqual([job.state, job.result], ['finished', { deletedEvents: 450 }]);
    await assertVerified();
  });

  it('is done once, whoever asks at once, also beside writes of the same customer', async () => {
    const { id } = await client.create('race@example.com');
    const replies = await Promise.all([
      ...Array.from({ length: 4 }, () => remove(id)),
      ...Array.from({ length: 4 }, () =>
        client.call('POST', '/events', { customerId: id, type: 'loggedIn', context: 'WEB', properties: {} }),
      ),
      client.call('PATCH', `/customers/${id}`, { base: { firstName: 'A' } }),
    ]);
    assert.deepEqual(
      replies
        .slice(0, 4)
        .map(({ status }) => status)
        .sort(),
      [200, 404, 404, 404],
    );
    assert.deepEqual(await test.store.events(), []);
    await assertVerified();
  });

  it('answers 404 for another node, an unknown id, and what is no customer', async () => {
    const { id } = await client.create('node@example.com');
    await addUser('user@example.com');
    const user = await client.native.read('/people/lookup?kind=email&value=user@example.com');
    for (const path of [nobody, 'x', user.id, `${id}?nodeId=${nobody}`])
      assert.equal((await client.call('DELETE', `/customers/${path}`)).status, 404, path);
    assert.equal((await remove(id, `?nodeId=${client.nodeId.toUpperCase()}`)).status, 200);
  });

  it('is refused with 423 while the keys of the node are made anew', async () => {
    const { id } = await client.create('closed@example.com');
    await test.store.setNode('contacthub', { reindexing: true });
    const reply = await remove(id);
    assert.deepEqual([reply.status, reply.body.message], [423, 'Reindexing in progress']);
    assert.equal((await client.call('GET', `/customers/${id}`)).status, 200);
  });

  it('is refused to a stranger, to who shows no token, and to roles that may not', async () => {
    const { id } = await client.create('safe@example.com');
    const { token, workspaceId } = (await test.addWorkspace()).credentials.contacthub;
    const path = `/customers/${id}`;
    assert.equal((await client.call('DELETE', path, undefined, { token: '' })).status, 401);
    assert.equal((await client.call('DELETE', path, undefined, { token })).status, 403);
    assert.equal((await client.call('DELETE', path, undefined, { token, workspaceId })).status, 404);
    for (const role of ['GUEST', 'UNTRUSTED_APPLICATION', 'DPO'])
      assert.equal(
        (await client.call('DELETE', path, undefined, { token: await client.tokenOf(role) })).status,
        403,
      );
    assert.equal((await client.call('GET', path)).status, 200);
  });
});
