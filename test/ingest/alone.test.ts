import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { GroupCommit } from '../../src/ingest/group-commit.ts';

it('an item that is alone shares its batch with nobody, and keeps its turn', async () => {
  const batches: string[][] = [];
  const group = new GroupCommit<{ name: string; bytes: number; size: number; alone?: boolean }, void>(
    async (_workspace, items) => {
      batches.push(items.map((item) => item.name));
      return items.map(() => undefined);
    },
    { queueBytes: 1000, batchBytes: 1000, batchItems: 100, waitMilliseconds: 1000 },
  );
  const item = (name: string, alone = false) => ({ name, bytes: 1, size: 1, alone });
  const items = [item('a'), item('b'), item('c', true), item('d', true), item('e'), item('f')];
  await Promise.all(items.map((one) => group.add(1 as WorkspaceId, one)));
  assert.deepEqual(batches, [['a', 'b'], ['c'], ['d'], ['e', 'f']]);
});
