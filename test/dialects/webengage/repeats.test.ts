import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestWorkspace } from '../../helpers/app.ts';
import { goodBodies, paths, useWebengage } from './webengage.ts';

const webengage = useWebengage();
const hour = 60 * 60 * 1000;

function send(workspace: TestWorkspace, requestId: string, eventName = 'Paid') {
  return webengage.send(
    '/events',
    { userId: 'u', eventName },
    { workspace, headers: { 'x-request-id': requestId } },
  );
}

async function countEvents(workspace: TestWorkspace): Promise<number> {
  return (await webengage.events(workspace)).length;
}

describe('x-request-id', () => {
  it('makes a repeat of 3:59:59 later store nothing, and of 4:00:00 later an event', async () => {
    const workspace = await webengage.app.addWorkspace();
    const start = Date.parse('2026-05-04T09:59:30Z');
    const at = async (milliseconds: number) => {
      webengage.app.time.now = start + milliseconds;
      const reply = await send(workspace, 'a1b2');
      assert.equal(reply.statusCode, 201);
      assert.deepEqual(reply.json(), { response: { status: 'queued' } });
      return countEvents(workspace);
    };
    assert.equal(await at(0), 1);
    assert.equal(await at(2 * hour), 1);
    assert.equal(await at(4 * hour - 1000), 1, 'a repeat does not prolong the window');
    assert.equal(await at(4 * hour), 2);
    assert.equal(await at(8 * hour - 1000), 2, 'the second that was stored has a window of its own');
    assert.equal(await at(8 * hour), 3);
    webengage.app.time.now = 0;
    assert.deepEqual(await webengage.accounting(workspace), { received: 6, stored: 3, duplicate: 3 });
  });

  it('decides whatever the body is, in either case of its letters, hexadecimal or not', async () => {
    const workspace = await webengage.app.addWorkspace();
    await send(workspace, 'ABCDEF');
    await send(workspace, 'abcdef', 'Another');
    await send(workspace, 'no-hex at all');
    await send(workspace, 'No-Hex at all');
    assert.equal(await countEvents(workspace), 2);
  });

  it('is not burnt by an attempt that was refused', async () => {
    const workspace = await webengage.app.addWorkspace();
    const headers = { 'x-request-id': 'f00d' };
    const attempts: [Parameters<typeof webengage.send>, number][] = [
      [['/events', { eventName: 'Paid' }, { workspace, headers }], 400],
      [['/events', '{', { workspace, headers }], 400],
      [['/events', goodBodies['/events'], { workspace, headers, key: 'wrong' }], 401],
      [['/events', goodBodies['/events'], { workspace, headers, licenseCode: 'nobody' }], 404],
      [['/bulk-events', { events: [] }, { workspace, headers }], 400],
    ];
    for (const [call, status] of attempts) assert.equal((await webengage.send(...call)).statusCode, status);
    assert.equal((await send(workspace, 'f00d')).statusCode, 201);
    assert.equal(await countEvents(workspace), 1);
  });

  it('is by account and by endpoint', async () => {
    const workspaces = [await webengage.app.addWorkspace(), await webengage.app.addWorkspace()];
    for (const workspace of workspaces) {
      for (const path of paths)
        await webengage.send(path, goodBodies[path], { workspace, headers: { 'x-request-id': '1' } });
      assert.equal(await countEvents(workspace), 2);
      const [profile] = await webengage.profiles(workspace);
      assert.deepEqual(profile!.values, { firstName: 'Ada' });
    }
  });

  it('is one for POST and PUT of a user', async () => {
    const workspace = await webengage.app.addWorkspace();
    const options = { workspace, headers: { 'x-request-id': '1' } };
    await webengage.send('/users', { userId: 'u', city: 'Paris' }, options);
    const repeat = await webengage.send(
      '/users',
      { userId: 'u', city: 'London' },
      { ...options, method: 'PUT' },
    );
    assert.equal(repeat.statusCode, 200);
    assert.deepEqual((await webengage.profiles(workspace))[0]!.values, { city: 'Paris' });
  });

  it('left out makes every event one of its own', async () => {
    const workspace = await webengage.app.addWorkspace();
    for (const headers of [{}, {}, { 'x-request-id': '' }, { 'x-request-id': '' }])
      await webengage.send('/events', goodBodies['/events'], { workspace, headers });
    assert.equal(await countEvents(workspace), 4);
  });

  it('folds repeats that come at the same time', async () => {
    const workspace = await webengage.app.addWorkspace();
    const replies = await Promise.all(Array.from({ length: 20 }, () => send(workspace, 'same')));
    for (const reply of replies) assert.equal(reply.statusCode, 201);
    assert.equal(await countEvents(workspace), 1);
    assert.deepEqual(await webengage.accounting(workspace), { received: 20, stored: 1, duplicate: 19 });
  });
});
