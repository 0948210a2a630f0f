import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

describe('the flow of the browser SDK', () => {
  it('gives a customer the events of its anonymous session, those before and those after', async () => {
    const first = await client.view({ session: 'sid-1' });
    const second = await client.view({ session: 'sid-1' });
    const stranger = await client.view({ session: 'sid-other' });
    const listed = await client.call('GET', `/customers?nodeId=${client.nodeId}`);
    assert.equal(listed.body.page.totalElements, 0, 'a session alone is no customer');
    assert.equal((await client.call('GET', `/events/${first}`)).body.customerId, null);

    const customer = await client.create('sdk@example.com');
    const bound = await client.call('POST', `/customers/${customer.id}/sessions`, { value: 'sid-1' });
    assert.equal(bound.status, 201);
    assert.deepEqual(Object.keys(bound.body).sort(), ['id', 'value']);
    const third = await client.view({ customerId: customer.id });
    const fourth = await client.view({ session: 'sid-1' });
    assert.deepEqual(await client.eventsOf(customer.id), [fourth, third, second, first]);

    const events = (await client.call('GET', `/events?customerId=${customer.id}`)).body.elements;
    assert.ok(events.every((event: { customerId: string }) => event.customerId === customer.id));
    assert.deepEqual(
      events.map((event: { origin: string }) => event.origin),
      ['NATIVE', 'NATIVE', 'DUPLICATE', 'DUPLICATE'],
      'ruling 5: what came to the customer from another profile',
    );
    assert.equal((await client.call('GET', `/events/${stranger}`)).body.customerId, null);
    const shown = await client.call('GET', `/customers/${customer.id}`);
    assert.equal(shown.body.id, customer.id, 'an older session does not rename the customer');
    assert.equal(shown.body.updatedAt, customer.updatedAt);
  });

  it('reconciles a session in the call that writes the customer', async () => {
    const anonymous = await client.view({ session: 'sid-2' });
    const created = await client.call('POST', '/customers?sessionId=sid-2', {
      nodeId: client.nodeId,
      base: { contacts: { email: 'reconciled@example.com' } },
    });
    assert.deepEqual(await client.eventsOf(created.body.id), [anonymous]);
    const later = await client.view({ session: 'sid-3' });
    await client.call('PATCH', `/customers/${created.body.id}?sessionId=sid-3`, { extra: 'x' });
    assert.deepEqual(await client.eventsOf(created.body.id), [later, anonymous]);
    const sessions = await client.call('GET', `/customers/${created.body.id}/sessions`);
    assert.deepEqual(
      sessions.body.elements.map((session: { value: string }) => session.value),
      ['sid-2', 'sid-3'],
    );
  });
});

describe('sessions of a customer', () => {
  it('are listed and found by their id, and the same pair is the same session', async () => {
    const { id } = await client.create('list@example.com');
    const path = `/customers/${id}/sessions`;
    assert.deepEqual((await client.call('GET', path)).body, { elements: [] });
    const first = (await client.call('POST', path, { value: 'v1' })).body;
    assert.deepEqual((await client.call('POST', path, { value: 'v1' })).body, first);
    assert.deepEqual((await client.call('GET', path)).body, { elements: [first] });
    assert.deepEqual((await client.call('GET', `${path}/${first.id}`)).body, first);
    for (const unknown of ['v1', '0191c2a0-0000-7000-8000-000000000000'])
      assert.equal((await client.call('GET', `${path}/${unknown}`)).status, 404);
  });

  it('are taken back by DELETE, and bound anew when they are said again', async () => {
    const { id } = await client.create('undo@example.com');
    const path = `/customers/${id}/sessions`;
    const event = await client.view({ session: 'undone' });
    const session = (await client.call('POST', path, { value: 'undone' })).body;
    assert.deepEqual(await client.eventsOf(id), [event]);
    const undone = await client.call('DELETE', `${path}/${session.id}`);
    assert.equal(undone.status, 200);
    assert.deepEqual(await client.eventsOf(id), []);
    assert.equal((await client.call('GET', `/events/${event}`)).body.customerId, null);
    assert.deepEqual((await client.call('GET', path)).body, { elements: [] });
    assert.equal((await client.call('DELETE', `${path}/${session.id}`)).status, 404);
    const again = (await client.call('POST', path, { value: 'undone' })).body;
    assert.notEqual(again.id, session.id);
    assert.deepEqual(await client.eventsOf(id), [event]);
    assert.deepEqual((await client.call('GET', path)).body, { elements: [again] });
    await client.call('DELETE', `${path}/${again.id}`);
    await client.call('PATCH', `/customers/${id}?sessionId=undone`, { extra: 'x' });
    assert.deepEqual(await client.eventsOf(id), [event], 'the sessionId of a write says it, too');
  });

  it('stay apart when an operator undid the binding, whatever the vendor’s calls say', async () => {
    const { id } = await client.create('veto@example.com');
    const path = `/customers/${id}/sessions`;
    const event = await client.view({ session: 'vetoed' });
    const session = (await client.call('POST', path, { value: 'vetoed' })).body;
    assert.equal((await test.native.call('POST', `/links/${session.id}/undo`)).status, 200);
    const again = await client.call('POST', path, { value: 'vetoed' });
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, session);
    await client.call('PATCH', `/customers/${id}?sessionId=vetoed`, { extra: 'x' });
    assert.deepEqual(await client.eventsOf(id), []);
    assert.equal((await client.call('GET', `/events/${event}`)).body.customerId, null);
    assert.deepEqual((await client.call('GET', path)).body, { elements: [] });
    assert.equal(
      (await client.call('DELETE', `${path}/${session.id}`)).status,
      404,
      'nor is the veto lifted',
    );
  });

  it('follow the customer that they were bound to first', async () => {
    const first = await client.create('first@example.com');
    const second = await client.create('second@example.com');
    const event = await client.view({ session: 'shared' });
    const bound = await client.call('POST', `/customers/${first.id}/sessions`, { value: 'shared' });
    const again = await client.call('POST', `/customers/${second.id}/sessions`, { value: 'shared' });
    assert.equal(again.status, 201);
    assert.deepEqual(await client.eventsOf(first.id), [event]);
    assert.deepEqual(await client.eventsOf(second.id), []);
    assert.deepEqual((await client.call('GET', `/customers/${second.id}/sessions`)).body.elements, []);
    await client.call('DELETE', `/customers/${first.id}/sessions/${bound.body.id}`);
    assert.deepEqual(await client.eventsOf(second.id), [event]);
    assert.deepEqual(await client.eventsOf(first.id), []);
    await client.call('POST', `/customers/${first.id}/sessions`, { value: 'shared' });
    assert.deepEqual(await client.eventsOf(second.id), [event], 'who comes back is the last in the row');
  });

  it('refuse a value that is none, and customers that are not there', async () => {
    const { id } = await client.create('values@example.com');
    const path = `/customers/${id}/sessions`;
    for (const body of [{}, { value: '' }, { value: 5 }, { value: 'x'.repeat(256) }, { value: 'a\u0000' }]) {
      const reply = await client.call('POST', path, body);
      assert.equal(reply.status, 400, JSON.stringify(body).slice(0, 40));
      assert.equal(reply.body.errors[0].path, '/value');
    }
    assert.equal((await client.call('POST', path, { value: 'x'.repeat(255) })).status, 201);
    for (const body of [{ value: 'x' }, {}])
      assert.equal((await client.call('POST', '/customers/nobody/sessions', body)).status, 404);
    assert.equal((await client.call('GET', '/customers/nobody/sessions')).status, 404);
  });
});

describe('events by the own id of a customer', () => {
  it('come to the customer that has it later', async () => {
    const first = await client.view({ externalId: 'later-1' });
    const event = await client.view({ externalId: 'later-1' });
    assert.equal((await client.call('GET', `/events/${event}`)).body.customerId, null);
    const customer = await client.create('later@example.com', { externalId: 'later-1' });
    assert.deepEqual(await client.eventsOf(customer.id), [event, first]);
    const next = await client.view({ externalId: 'later-1' });
    assert.deepEqual(await client.eventsOf(customer.id), [next, event, first]);
  });

  it('come to the customer that has it already, the oldest where several do', async () => {
    const oldest = await client.create('oldest@example.com', { externalId: 'shared-id' });
    const younger = await client.create('younger@example.com', { externalId: 'shared-id' });
    const event = await client.view({ externalId: 'shared-id' });
    assert.deepEqual(await client.eventsOf(oldest.id), [event]);
    assert.deepEqual(await client.eventsOf(younger.id), []);
    assert.equal((await client.call('GET', `/events/${event}`)).body.origin, 'NATIVE');
  });

  it('come to the customer that has it now, not to the one that had it', async () => {
    const before = await client.create('before@example.com', { externalId: 'handed-on' });
    const old = await client.view({ externalId: 'handed-on' });
    await client.call('PATCH', `/customers/${before.id}`, { externalId: 'another' });
    const now = await client.create('now@example.com', { externalId: 'handed-on' });
    const event = await client.view({ externalId: 'handed-on' });
    assert.deepEqual(await client.eventsOf(before.id), [old]);
    assert.deepEqual(await client.eventsOf(now.id), [event]);
    assert.equal((await client.call('GET', `/events/${event}`)).body.origin, 'NATIVE');
  });

  it('come to a customer that is given it by a change', async () => {
    const customer = await client.create('changed@example.com');
    const event = await client.view({ externalId: 'given-late' });
    await client.call('PATCH', `/customers/${customer.id}`, { externalId: 'given-late' });
    assert.deepEqual(await client.eventsOf(customer.id), [event]);
  });
});

describe('all of these bindings', () => {
  it('leave order, records and persons as they are derived', async () => {
    const { checks } = await verifyWorkspace(test.database, client.workspace.created.id);
    assert.deepEqual(
      checks.filter((check) => !check.ok),
      [],
    );
  });
});
