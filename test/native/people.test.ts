import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
let personId: string;

before(async () => {
  await sendWebengage(test, test.workspace, {
    userId: 'ada',
    email: 'Ada@Example.com',
    phone: '+33612345678',
  });
  await sendWebengage(test, test.workspace, { userId: 'augusta', email: 'ada@example.com' });
  for (let hour = 0; hour < 5; hour++) {
    const userId = hour % 2 ? 'ada' : 'augusta';
    const eventTime = `2026-01-01T0${hour}:00:00+0000`;
    await sendWebengage(test, test.workspace, { userId, eventName: `Visit ${hour}`, eventTime });
  }
  await sendWebengage(test, test.workspace, { userId: 'grace', eventName: 'Visit' });
});

describe('GET /workspaces/{workspace}/people/lookup', () => {
  it('finds one person by an e-mail address in another case, with both profiles', async () => {
    const { status, body } = await test.native.call('GET', '/people/lookup?kind=email&value=ADA@example.com');
    assert.equal(status, 200);
    assert.equal(body.profiles.length, 2);
    assert.deepEqual(body.otherPersonIds, []);
    assert.equal(body.profiles[0].id, body.id);
    assert.equal(body.profiles[0].dialect, 'webengage');
    assert.equal(body.profiles[0].attributes.email, 'Ada@Example.com');
    assert.ok(
      body.profiles[0].keys.some((key: { kind: string; value: string }) => key.value === 'ada@example.com'),
    );
    personId = body.id;
  });
  it('reads a national phone number by the countries of the workspace', async () => {
    const { body } = await test.native.call('GET', '/people/lookup?kind=phone&value=06%2012%2034%2056%2078');
    assert.equal(body.id, personId);
  });
  it('finds by the id that the vendor knows', async () => {
    const { body } = await test.native.call('GET', '/people/lookup?kind=user&value=augusta');
    assert.equal(body.id, personId);
  });
  it('answers 404 when nobody has the key and 400 for what is none', async () => {
    const lookup = (query: string) => test.native.call('GET', `/people/lookup?${query}`);
    assert.equal((await lookup('kind=email&value=nobody@example.com')).status, 404);
    assert.equal((await lookup('kind=email&value=nobody')).status, 400);
    assert.equal((await lookup('kind=shoe-size&value=42')).status, 400);
    assert.equal((await lookup('kind=email')).status, 400);
    assert.equal((await lookup('kind=user&value=%00')).status, 400);
  });
});

describe('GET /workspaces/{workspace}/people/titles', () => {
  it('says as what persons are known, of many at once, and nothing of who is not there', async () => {
    const { status, body } = await test.native.call('GET', `/people/titles?ids=${personId},${randomUUID()}`);
    assert.equal(status, 200);
    assert.deepEqual(body.people, [{ id: personId, title: 'ada@example.com' }]);
    await sendWebengage(test, test.workspace, { userId: 'grace', firstName: 'Grace', lastName: 'Hopper' });
    const [grace] = (await test.native.read('/people?search=grace')).people;
    const named = await test.native.read(`/people/titles?ids=${grace.id}`);
    assert.deepEqual(named.people, [{ id: grace.id, title: 'Grace Hopper' }]);
    for (const ids of ['', 'x', `${personId},`, Array(101).fill(personId).join(',')])
      assert.equal((await test.native.call('GET', `/people/titles?ids=${ids}`)).status, 400, ids);
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    const ofOther = await ask(test, 'GET', at(other, `/people/titles?ids=${personId}`), { key });
    assert.deepEqual(ofOther.body.people, []);
  });
});

describe('GET /workspaces/{workspace}/people/{personId}', () => {
  it('takes the id of any profile and answers the person', async () => {
    const { body } = await test.native.call('GET', `/people/${personId}`);
    const second = body.profiles[1].id;
    assert.notEqual(second, personId);
    assert.equal((await test.native.call('GET', `/people/${second}`)).body.id, personId);
  });
  it('answers 404 for an id of nobody and 400 for what is no id', async () => {
    assert.equal((await test.native.call('GET', `/people/${test.workspace.created.publicId}`)).status, 404);
    assert.equal((await test.native.call('GET', '/people/x')).status, 400);
  });
});

describe('GET /workspaces/{workspace}/people/{personId}/timeline', () => {
  it('merges the profiles, newest first, in pages that an event in between does not shift', async () => {
    const first = await test.native.call('GET', `/people/${personId}/timeline?limit=2`);
    assert.deepEqual(types(first), ['Visit 4', 'Visit 3']);
    assert.equal(first.body.events[0].personId, personId);
    await sendWebengage(test, test.workspace, { userId: 'ada', eventName: 'Newest' });
    const second = await test.native.call(
      'GET',
      `/people/${personId}/timeline?limit=2&next=${first.body.next}`,
    );
    assert.deepEqual(types(second), ['Visit 2', 'Visit 1']);
    const third = await test.native.call(
      'GET',
      `/people/${personId}/timeline?limit=2&next=${second.body.next}`,
    );
    assert.deepEqual(types(third), ['Visit 0']);
    assert.equal(third.body.next, null);
  });
  it('pages events of the same instant without losing or repeating one', async () => {
    for (let index = 0; index < 7; index++)
      await sendWebengage(test, test.workspace, {
        userId: index % 2 ? 'twin' : 'twin2',
        eventName: `Same ${index}`,
        eventTime: '2025-05-05T05:05:05+0000',
      });
    await sendWebengage(test, test.workspace, { userId: 'twin', email: 'twin@example.com' });
    await sendWebengage(test, test.workspace, { userId: 'twin2', email: 'twin@example.com' });
    const { body } = await test.native.call('GET', '/people/lookup?kind=user&value=twin');
    const seen: string[] = [];
    let next = '';
    do {
      const page = await test.native.call('GET', `/people/${body.id}/timeline?limit=2${next}`);
      seen.push(...types(page));
      next = page.body.next === null ? '' : `&next=${page.body.next}`;
    } while (next !== '');
    assert.deepEqual(seen, ['Same 6', 'Same 5', 'Same 4', 'Same 3', 'Same 2', 'Same 1', 'Same 0']);
  });
  it('refuses a next that no page gave, and limits that are none', async () => {
    const timeline = (query: string) => test.native.call('GET', `/people/${personId}/timeline?${query}`);
    assert.equal((await timeline('next=abc')).status, 400);
    assert.equal((await timeline('limit=0')).status, 400);
    assert.equal((await timeline('limit=501')).status, 400);
  });
});

describe('the keys of another workspace', () => {
  it('find nobody: 404 for the workspace, and for its people in their own', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    for (const path of [
      `/people/${personId}`,
      `/people/${personId}/timeline`,
      '/people/lookup?kind=user&value=ada',
    ]) {
      assert.equal((await test.native.call('GET', path, { key })).status, 404, path);
      assert.equal((await ask(test, 'GET', at(other, path), { key })).status, 404, path);
      assert.equal((await test.native.call('GET', path, { key: null })).status, 401, path);
      assert.equal(
        (await test.native.call('GET', path, { key: test.workspace.credentials.webengage.apiKey })).status,
        401,
      );
    }
  });
});

function types(page: { body: { events: { type: string }[] } }): string[] {
  return page.body.events.map((event) => event.type);
}
