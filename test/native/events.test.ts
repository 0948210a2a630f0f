import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, submit, workspaceKey } from './helpers.ts';

const test = await useApp();

before(async () => {
  for (let index = 0; index < 5; index++)
    await sendWebengage(test, test.workspace, {
      userId: `user-${index}`,
      eventName: `Visit ${index}`,
      eventTime: '2026-01-01T00:00:00+0000',
      eventData: { index, 'odd\nname': true },
    });
  await sendWebengage(test, test.workspace, { userId: 'x', eventName: 'we_reserved' });
  await submit(test, test.workspace, { violation: 'missing-field' });
});

describe('GET /workspaces/{workspace}/events', () => {
  it('answers the events in seq order, each with all that the contract names', async () => {
    const { status, body } = await test.native.call('GET', '/events');
    assert.equal(status, 200);
    assert.deepEqual(
      body.events.map((event: { type: string }) => event.type),
      ['Visit 0', 'Visit 1', 'Visit 2', 'Visit 3', 'Visit 4'],
    );
    const [event] = body.events;
    assert.equal(event.dialect, 'webengage');
    assert.equal(event.personId, event.profileId);
    assert.equal(event.occurredAt, '2026-01-01T00:00:00.000Z');
    assert.match(event.receivedAt, /^\d{4}-.*Z$/);
    assert.deepEqual(event.properties, { index: 0, 'odd\nname': true });
  });
  it('goes on after a seq, and says that there is no more by an empty list', async () => {
    const first = await test.native.call('GET', '/events?limit=3');
    const last = first.body.events.at(-1).seq;
    const second = await test.native.call('GET', `/events?afterSeq=${last}&limit=1000`);
    assert.equal(second.body.events.length, 2);
    const third = await test.native.call('GET', `/events?afterSeq=${second.body.events.at(-1).seq}`);
    assert.deepEqual(third.body, { events: [] });
  });
  it('takes the slug for the id', async () => {
    const { status } = await ask(
      test,
      'GET',
      `/workspaces/${test.workspace.credentials.workspace.slug}/events`,
    );
    assert.equal(status, 200);
  });
  it('refuses bounds that are none, in its own error form', async () => {
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'afterSeq=-1', 'afterSeq=9007199254740992']) {
      const { status, body } = await test.native.call('GET', `/events?${query}`);
      assert.equal(status, 400, query);
      assert.equal(body.error.code, 'invalid-request');
    }
  });
});

describe('GET /workspaces/{workspace}/accounting', () => {
  it('closes, with what was dropped and why', async () => {
    const { body } = await test.native.call('GET', '/accounting');
    assert.equal(body.closes, true);
    const [hour] = body.hours;
    assert.deepEqual(
      [hour.received, hour.stored, hour.quarantined, hour.duplicate, hour.dropped],
      [7, 5, 1, 0, 1],
    );
    assert.deepEqual(hour.droppedBy, { 'reserved-event': 1 });
  });
  it('says so when an hour does not close', async () => {
    await test.store.miscount(1);
    assert.equal((await test.native.call('GET', '/accounting')).body.closes, false);
    await test.store.miscount(-1);
  });
  it('refuses bounds in the wrong order, too far apart or that are no dates', async () => {
    for (const query of [
      'since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z',
      'since=2025-01-01T00:00:00Z&until=2026-01-01T00:00:00Z',
      'since=yesterday',
    ]) {
      assert.equal((await test.native.call('GET', `/accounting?${query}`)).status, 400, query);
    }
  });
});

describe('who may read', () => {
  it('is the administrator and the workspace itself, nobody else', async () => {
    const other = await test.addWorkspace();
    const own = await workspaceKey(test, test.workspace);
    const foreign = await workspaceKey(test, other);
    for (const path of ['/events', '/accounting']) {
      assert.equal((await test.native.call('GET', path, { key: own })).status, 200);
      assert.equal((await test.native.call('GET', path, { key: foreign })).status, 404);
      assert.equal((await test.native.call('GET', path, { key: null })).status, 401);
      assert.equal((await test.native.call('GET', path, { key: 'wrong' })).status, 401);
      const vendorKey = test.workspace.credentials.contacthub.adminToken;
      assert.equal((await test.native.call('GET', path, { key: vendorKey })).status, 401);
    }
    assert.deepEqual((await ask(test, 'GET', at(other, '/events'), { key: foreign })).body, { events: [] });
    assert.equal((await ask(test, 'GET', '/workspaces/%00/events')).status, 404);
    assert.equal((await ask(test, 'GET', '/workspaces/nowhere/events')).status, 404);
  });
});
