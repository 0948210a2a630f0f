import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { goodBodies, paths, WebengageClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const webengage = new WebengageClient(test);
const hour = 60 * 60 * 1000;

function send(requestId: string, eventName = 'Paid') {
  return webengage.call('/events', { userId: 'u', eventName }, { headers: { 'x-request-id': requestId } });
}

async function countEvents(store = test.store): Promise<number> {
  return (await store.events()).length;
}

describe('x-request-id', () => {
  it('makes a repeat of 3:59:59 later store nothing, and of 4:00:00 later an event', async () => {
    const start = Date.parse('2026-05-04T09:59:30Z');
    const at = async (milliseconds: number) => {
      test.time.now = start + milliseconds;
      const reply = await send('a1b2');
      assert.equal(reply.status, 201);
      assert.deepEqual(reply.body, { response: { status: 'queued' } });
      return countEvents();
    };
    assert.equal(await at(0), 1);
    assert.equal(await at(2 * hour), 1);
    assert.equal(await at(4 * hour - 1000), 1, 'a repeat does not prolong the window');
    assert.equal(await at(4 * hour), 2);
    assert.equal(await at(8 * hour - 1000), 2, 'the second that was stored has a window of its own');
    assert.equal(await at(8 * hour), 3);
    assert.deepEqual(await test.store.accounting('webengage'), { received: 6, stored: 3, duplicate: 3 });
    test.time.now = 0;
  });

  it('decides whatever the body is, in either case of its letters, hexadecimal or not', async () => {
    await send('ABCDEF');
    await send('abcdef', 'Another');
    await send('no-hex at all');
    await send('No-Hex at all');
    assert.equal(await countEvents(), 2);
  });

  it('is not burnt by an attempt that was refused', async () => {
    const headers = { 'x-request-id': 'f00d' };
    const attempts: [Parameters<typeof webengage.call>, number][] = [
      [['/events', { eventName: 'Paid' }, { headers }], 400],
      [['/events', '{', { headers }], 400],
      [['/events', goodBodies['/events'], { headers, key: 'wrong' }], 401],
      [['/events', goodBodies['/events'], { headers, licenseCode: 'nobody' }], 404],
      [['/bulk-events', { events: [] }, { headers }], 400],
    ];
    for (const [call, status] of attempts) assert.equal((await webengage.call(...call)).status, status);
    assert.equal((await send('f00d')).status, 201);
    assert.equal(await countEvents(), 1);
  });

  it('is by account and by endpoint', async () => {
    for (const workspace of [test.workspace, await test.addWorkspace()]) {
      const client = new WebengageClient(test, workspace);
      for (const path of paths)
        await client.call(path, goodBodies[path], { headers: { 'x-request-id': '1' } });
      const store = new Store(test, workspace);
      assert.equal(await countEvents(store), 2);
      const [profile] = await store.profiles();
      assert.deepEqual(profile!.values, { firstName: 'Ada' });
    }
  });

  it('is one for POST and PUT of a user', async () => {
    const options = { headers: { 'x-request-id': '1' } };
    await webengage.call('/users', { userId: 'u', city: 'Paris' }, options);
    const repeat = await webengage.call(
      '/users',
      { userId: 'u', city: 'London' },
      { ...options, method: 'PUT' },
    );
    assert.equal(repeat.status, 200);
    assert.deepEqual((await test.store.profiles())[0]!.values, { city: 'Paris' });
  });

  it('left out makes every event one of its own', async () => {
    for (const headers of [{}, {}, { 'x-request-id': '' }, { 'x-request-id': '' }])
      await webengage.call('/events', goodBodies['/events'], { headers });
    assert.equal(await countEvents(), 4);
  });

  it('folds repeats that come at the same time', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => send('same')));
    for (const reply of replies) assert.equal(reply.status, 201);
    assert.equal(await countEvents(), 1);
    assert.deepEqual(await test.store.accounting('webengage'), { received: 20, stored: 1, duplicate: 19 });
  });
});
