import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import type { Prepared, RecordView } from '../../src/ingest/item.ts';
import type { Outcome } from '../../src/ingest/outcome.ts';
import { committed, type Engine, editOf, eventOf, startEngine, subjectOf, submissionOf } from './engine.ts';

let engine: Engine;
let workspaceId: WorkspaceId;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());
beforeEach(async () => {
  workspaceId = await engine.addWorkspace();
});

/** One batch of all of them. */
async function take(...items: Prepared[]): Promise<readonly Outcome[]> {
  return committed(await engine.ingest.submit(workspaceId, submissionOf(items)));
}

function told(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'dropped' ? `${outcome.kind} ${outcome.reason}` : outcome.kind,
  );
}

const unlessAgreed = {
  withhold: ({ shown }: RecordView) => (shown.agreed === true ? undefined : 'not-agreed'),
};
const asking = (user: string) => eventOf(user, {}, unlessAgreed);
const field = (value: string) => ({ kind: 'field', value }) as const;
const session = { kind: 'session', value: 'visit' } as const;

async function countProfiles(): Promise<number> {
  const [row] = await engine.database.query<{ total: number }>(
    'select count(*) as total from profile where workspace_id = $1',
    [workspaceId],
  );
  return row?.total ?? 0;
}

describe('an event that its record can withhold', () => {
  it('is judged by what the items before it in the batch have left', async () => {
    const outcomes = await take(
      asking('a'),
      editOf('a', { agreed: true }),
      asking('a'),
      editOf('a', { agreed: false }),
      asking('a'),
    );
    assert.deepEqual(told(outcomes), [
      ...['dropped not-agreed', 'saved', 'stored', 'saved', 'dropped not-agreed'],
    ]);
    await take(editOf('a', { agreed: true }));
    assert.deepEqual(told(await take(asking('a'), asking('b'))), ['stored', 'dropped not-agreed']);
  });

  it('makes nobody, and who comes behind it is made as if it had not been there', async () => {
    assert.deepEqual(told(await take(asking('nobody'))), ['dropped not-agreed']);
    assert.equal(await countProfiles(), 0);
    assert.deepEqual(told(await take(asking('new'), eventOf('new'), asking('new'))), [
      ...['dropped not-agreed', 'stored', 'dropped not-agreed'],
    ]);
    assert.equal(await countProfiles(), 1);
    const [stored] = await take(eventOf('new'));
    assert.ok(stored?.kind === 'stored');
    assert.equal(await countProfiles(), 1);
  });

  it('is judged by all of a record that an item before it has bound its subject to', async () => {
    const one = subjectOf({ keys: [field('one')] });
    const other = subjectOf({ keys: [field('other')] });
    // The first names the record, and so is at hand with any of it.
    await take(eventOf(subjectOf({ keys: [field('first')] })));
    await take(eventOf(one, {}, { write: () => ({ agreed: true }) }), eventOf(other));
    const all = ['first', 'one', 'other'].map(field);
    await take(eventOf(subjectOf({ keys: all, unitesKeys: true })));
    const binding = { when: 'always', follows: 'one-record' } as const;
    const outcomes = await take(
      eventOf(other, {}, { companions: [{ keys: [session], binding }] }),
      eventOf(subjectOf({ keys: [session], anonymous: true }), {}, unlessAgreed),
    );
    assert.deepEqual(told(outcomes), ['stored', 'stored']);
  });
});
