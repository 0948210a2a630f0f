import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Workspace } from '../../../src/core/workspace/workspace.ts';
import { looksInCommon } from '../../../src/query/changes/look-in-common.ts';
import type { Look } from '../../../src/query/changes/read-changes.ts';

const workspace = { id: 1 } as Workspace;
const look: Look = { low: 0, high: 1, last: 1, changes: [] };

it('is one for readers who look at the same, and one of his own for whom the other’s came to nothing', async () => {
  const [first, second, third] = [1, 2, 3].map(() => looksInCommon.enter(workspace));
  let made = 0;
  const make = async () => {
    made++;
    return look;
  };
  const hungUp = new Error('the caller has gone');
  const lost = first!.look('a', () => Promise.reject(hungUp));
  const found = second!.look('a', make);
  await assert.rejects(lost, hungUp);
  assert.equal(await found, look);
  assert.equal(made, 1);
  const shared = [second!.look('b', make), third!.look('b', make)];
  assert.deepEqual(await Promise.all(shared), [look, look]);
  assert.equal(made, 2, 'it was made once for both');
  for (const reader of [first, second, third]) reader!.leave();
});
