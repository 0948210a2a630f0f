import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readCounts } from '../../../src/core/accounting/accounting-store.ts';
import { Refusals } from '../../../src/core/accounting/refusals.ts';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import type { Prepared } from '../../../src/ingest/item.ts';
import fc from '../../helpers/fast-check.ts';
import {
  committed,
  countRows,
  type Engine,
  eventOf,
  foreverKey,
  readTotals,
  silent,
  startEngine,
  submissionOf,
  userOf,
  windowKey,
} from '../../ingest/engine.ts';

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

const violation: Prepared = {
  kind: 'violation',
  type: 'bad',
  occurredAt: 0,
  violation: { rule: 'missing-field', path: null, detail: {} },
};
const derived = { ...eventOf('deriving') };
const items: Record<string, Prepared> = {
  good: eventOf('good'),
  'two events in one': {
    ...derived,
    event: {
      ...derived.event,
      complete: () => ({ derived: [{ ...eventOf('x').event, type: 'derived' }] }),
    },
  },
  bad: violation,
  poison: eventOf('u\u0000'),
  reserved: { kind: 'dropped', reason: 'reserved' },
  old: { kind: 'dropped', reason: 'too-old' },
  'nobody’s': eventOf(userOf('nobody', { expects: 'known' })),
};
const hours = [0, 1, 2].map((hour) => Date.UTC(2026, 2, 1, 10 + hour, 59, 59, 999));
const request = fc.record({
  items: fc.array(fc.constantFrom(...Object.keys(items)), { minLength: 1, maxLength: 4 }),
  key: fc.option(fc.nat({ max: 6 }), { nil: null }),
  forever: fc.boolean(),
  hour: fc.constantFrom(...hours),
  dialect: fc.constantFrom('webengage' as const, 'octeth' as const),
});
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

async function send(workspaceId: WorkspaceId, { items: names, key, forever, hour, dialect }: Request) {
  engine.time.now = hour;
  const submission = submissionOf(
    names.map((name) => items[name]!),
    {
      receivedAt: hour,
      dialect,
      ...(key !== null && { dedupe: forever ? foreverKey(key) : windowKey(key) }),
    },
  );
  return committed(await engine.ingest.submit(workspaceId, submission));
}

test('random mixes close, in each hour and dialect, and equal the answers and the tables', async () => {
  const property = fc.asyncProperty(fc.array(request, { minLength: 5, maxLength: 25 }), async (requests) => {
    const workspaceId = await engine.addWorkspace();
    const answers = new Map<string, number>();
    const half = Math.ceil(requests.length / 2);
    for (const part of [requests.slice(0, half), requests.slice(half)]) {
      const outcomes = await Promise.all(part.map((one) => send(workspaceId, one)));
      for (const outcome of outcomes.flat()) {
        const kind = outcome.kind === 'refused' ? 'dropped' : outcome.kind;
        answers.set(kind, (answers.get(kind) ?? 0) + 1);
      }
    }
    const totals = await readTotals(engine.database, workspaceId);
    const sent = requests.reduce((sum, one) => sum + one.items.length, 0);
    assert.equal(totals.received, sent);
    for (const kind of ['stored', 'duplicate', 'quarantined', 'dropped'] as const)
      assert.equal(totals[kind], answers.get(kind) ?? 0, kind);
    const events = await countRows(engine.database, workspaceId, 'event');
    assert.equal(events, totals.stored + (totals.derived ?? 0));
    assert.equal(await countRows(engine.database, workspaceId, 'quarantine'), totals.quarantined);
    await assertEachHourCloses(workspaceId, requests);
  });
  await fc.assert(property, { numRuns: 40 });
});

async function assertEachHourCloses(workspaceId: WorkspaceId, requests: readonly Request[]): Promise<void> {
  const rows = await readCounts(engine.database, workspaceId, new Date(0), new Date('2100-01-01'));
  const open = new Map<string, number>();
  const received = new Map<string, number>();
  for (const { dialect, hour, outcome, total } of rows) {
    const cell = `${dialect} ${hour.toISOString()}`;
    if (outcome === 'received') received.set(cell, (received.get(cell) ?? 0) + total);
    const sign = outcome === 'received' ? 1 : -1;
    if (['received', 'stored', 'duplicate', 'quarantined', 'dropped'].includes(outcome))
      open.set(cell, (open.get(cell) ?? 0) + sign * total);
  }
  assert.ok([...open.values()].every((difference) => difference === 0));
  const sent = new Map<string, number>();
  for (const { dialect, hour, items: names } of requests) {
    const cell = `${dialect} ${new Date(hour - (hour % 3_600_000)).toISOString()}`;
    sent.set(cell, (sent.get(cell) ?? 0) + names.length);
  }
  assert.deepEqual(received, sent);
}

test('what was refused is counted by reason, beside the equation', async () => {
  const workspaceId = await engine.addWorkspace();
  const refusals = new Refusals(engine.database, () => hours[0]!, silent);
  for (let count = 0; count < 3; count++) refusals.count(workspaceId, 'octeth', 'unauthenticated');
  refusals.count(workspaceId, 'octeth', 'invalid-request');
  await Promise.all([refusals.flush(), refusals.flush()]);
  await refusals.flush();
  const rows = await readCounts(engine.database, workspaceId, new Date(0), new Date('2100-01-01'));
  assert.deepEqual(
    rows.map(({ outcome, reason, total }) => [outcome, reason, total]),
    [
      ['refused', 'invalid-request', 1],
      ['refused', 'unauthenticated', 3],
    ],
  );
  const totals = await readTotals(engine.database, workspaceId);
  assert.equal(totals.received, 0);
});
