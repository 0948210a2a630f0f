import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { sendWebengage } from './helpers.ts';

const test = await useApp({
  settings: { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } },
});
const { native, store } = test;
const hour = 60 * 60 * 1000;

before(async () => {
  test.time.now = Date.now() - 2 * 24 * hour;
  await sendWebengage(test, test.workspace, {
    userId: 'ada',
    eventName: 'Signed up',
    eventData: { email: 'ada@example.com' },
  });
  test.time.now = 0;
  for (const eventName of ['Added to Cart', 'Paid'])
    await sendWebengage(test, test.workspace, { userId: 'ada', eventName, eventData: { Price: 5 } });
  await sendWebengage(test, test.workspace, { anonymousId: 'browser', eventName: 'Seen' });
  await sendWebengage(test, test.workspace, { userId: 'grace', eventName: 'Paid' });
});

describe('how a workspace stands', () => {
  it('counts the people that are known, the new ones among them, and the browsers', async () => {
    const { since, ...counts } = await native.read('/people/count');
    assert.deepEqual(counts, { people: 2, newPeople: 1, anonymous: 1 });
    assert.ok(Math.abs(Date.parse(since) - (Date.now() - 24 * hour)) < 60_000);
    const whole = await native.read('/people/count?since=2020-01-01T00:00:00Z');
    assert.equal(whole.newPeople, 2);
  });

  it('says what waits in quarantine, and how jobs stand', async () => {
    const { accessToken, projectId } = test.workspace.credentials.webmarketer;
    const body = { projectId, eventType: 'nowhere', nonce: randomUUID(), data: { email: 'ada@example.com' } };
    await test.app.http.inject({
      method: 'POST',
      url: '/api/v1/events',
      headers: { authorization: `Bearer ${accessToken}` },
      body,
    });
    await native.call('POST', '/rebuild');
    const { quarantine, jobs } = await native.read('/summary');
    assert.deepEqual([quarantine.waiting, jobs], [1, { waiting: 0, running: 0, failed: 0 }]);
    assert.ok(Date.now() - Date.parse(quarantine.newestAt) < 60_000);
  });

  it('says of each API how much came in by it', async () => {
    const { dialects } = await native.read('/dialects');
    const stored = dialects.map(({ name, stored }: { name: string; stored: number }) => [name, stored]);
    assert.deepEqual(
      stored.filter(([, count]: [string, number]) => count > 0),
      [['webengage', 5]],
    );
    assert.equal(stored.length, 5);
    for (const { name, firstEvent } of dialects)
      assert.ok(firstEvent.command.includes(firstEvent.key.placeholder) && firstEvent.key.role !== '', name);
  });

  it('tells any key how the server stands', async () => {
    const reply = await test.app.http.inject({
      url: '/throughline/v1/system',
      headers: { authorization: `Bearer ${test.workspace.credentials.admin.token}` },
    });
    const { database, queue, jobs } = reply.json();
    assert.deepEqual([database, queue.items, jobs.due], ['up', 0, 0]);
    assert.ok(queue.limitBytes > 1_000_000);
    assert.equal((await test.app.http.inject({ url: '/throughline/v1/system' })).statusCode, 401);
  });
});

describe('people', () => {
  it('are found by any of their keys, and by the id of a profile', async () => {
    const personId = (await store.events())[0]?.personId;
    assert.ok(personId);
    for (const search of ['ada', ' ADA@example.com ', personId]) {
      const { people } = await native.read(`/people?search=${encodeURIComponent(search)}`);
      assert.deepEqual(
        people.map(({ id }: { id: string }) => id),
        [personId],
        search,
      );
    }
    assert.deepEqual((await native.read('/people?search=nobody')).people, []);
    const { people } = await native.read('/people?search=browser');
    assert.equal(people[0].title, 'browser');
  });
});

describe('the newest events', () => {
  const types = async (query: string) => {
    const { events } = await native.read(`/events/newest${query}`);
    return events.map(({ type }: { type: string }) => type);
  };
  it('come last one first, with where the live stream goes on', async () => {
    const { events, seq } = await native.read('/events/newest?limit=3');
    assert.deepEqual(
      events.map(({ type }: { type: string }) => type),
      ['Paid', 'Seen', 'Paid'],
    );
    assert.ok(seq >= events[0].seq);
  });
  it('are of one type or API where that is asked for', async () => {
    assert.deepEqual(await types('?type=Paid'), ['Paid', 'Paid']);
    assert.deepEqual(await types('?dialect=webengage&limit=1'), ['Paid']);
    assert.deepEqual(await types('?dialect=octeth'), []);
    assert.deepEqual(await types('?type=Paid&dialect=contacthub'), []);
  });
});

describe('an event', () => {
  it('is shown with where it is counted and what happened before and after', async () => {
    const [first, second, third] = await store.events();
    assert.ok(first && second && third);
    const whole = await native.read(`/events/${second.id}`);
    assert.equal(whole.event.type, 'Added to Cart');
    assert.deepEqual(
      whole.neighbours.before.map(({ id }: { id: string }) => id),
      [first.id],
    );
    assert.deepEqual(
      whole.neighbours.after.map(({ id }: { id: string }) => id),
      [third.id],
    );
    const at = new Date(second.occurredAt);
    assert.match(whole.countedIn.quarterHour, /T\d\d:(00|15|30|45):00\.000Z$/);
    assert.ok(at.getTime() - Date.parse(whole.countedIn.quarterHour) < hour / 4);
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(at);
    assert.equal(whole.countedIn.day, day);
    assert.equal((await native.call('GET', `/events/${randomUUID()}`)).status, 404);
    assert.equal((await native.call('GET', '/events/no-id')).status, 400);
  });
});
