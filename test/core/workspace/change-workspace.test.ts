import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../../src/core/id.ts';
import { changeWorkspace } from '../../../src/core/workspace/change-workspace.ts';
import type { OpenDatabase } from '../../../src/store/database.ts';
import { isTransient } from '../../../src/store/transaction.ts';
import { disturbCommits, type Fate } from '../../helpers/disturb-commits.ts';
import fc from '../../helpers/fast-check.ts';
import { assertGapless, type Engine, startEngine } from '../../ingest/engine.ts';

let engine: Engine;
/** Another process, whose commits fare as is planned: first that of the change, then that of the look at it. */
let disturbed: OpenDatabase;
let plan: Fate[] = [];
/** Changes the workspace before the change that is in doubt is looked up. */
let overtake: Promise<unknown> | undefined;
let isOvertaken = false;

before(async () => {
  engine = await startEngine();
  ({ database: disturbed } = await engine.addProcess());
  disturbCommits(disturbed.sessions, () => {
    if (isOvertaken) overtake ??= change(engine.database, newId(Date.now()));
    return plan.shift() ?? 'answered';
  });
});
after(() => engine.close());

const change = (database: OpenDatabase, entityId: string) =>
  changeWorkspace({ database }, engine.workspaceId, new Date(), async ({ record }) =>
    record({ entity: 'profile', entityId, operation: 'update' }),
  );

async function isRecorded(seq: number | undefined, entityId: string): Promise<boolean> {
  const [row] = await engine.database.query<{ seq: number }>(
    'select seq from change where workspace_id = $1 and entity_id = $2',
    [engine.workspaceId, entityId],
  );
  if (row && seq !== undefined) assert.equal(row.seq, seq);
  return row !== undefined;
}

const fates: readonly Fate[] = ['answered', 'answer-lost', 'cut'];

test('of changes whose commits are disturbed exactly those are answered that took place', async () => {
  const step = fc.record({
    fate: fc.constantFrom(...fates),
    lookFate: fc.constantFrom(...fates),
    isOvertaken: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      for (const { fate, lookFate, ...rest } of steps) {
        const entityId = newId(Date.now());
        plan = fate === 'answered' ? [fate] : [fate, lookFate];
        isOvertaken = rest.isOvertaken;
        overtake = undefined;
        const seq = await change(disturbed, entityId).catch((error: unknown) => {
          assert.ok(isTransient(error), String(error));
          return undefined;
        });
        await overtake;
        assert.equal(seq !== undefined, fate !== 'cut', `${fate}, then ${lookFate}`);
        assert.equal(await isRecorded(seq, entityId), seq !== undefined);
      }
      await assertGapless(engine.database, engine.workspaceId);
    }),
    { numRuns: 15 },
  );
});

test('what a change throws rolls it back, and takes no seq', async () => {
  const entityId = newId(Date.now());
  const refused = changeWorkspace(
    engine,
    engine.workspaceId,
    new Date(),
    async ({ record }): Promise<void> => {
      record({ entity: 'profile', entityId, operation: 'update' });
      throw new Error('changed my mind');
    },
  );
  await assert.rejects(refused, /changed my mind/);
  assert.equal(await isRecorded(undefined, entityId), false);
  await assertGapless(engine.database, engine.workspaceId);
});
