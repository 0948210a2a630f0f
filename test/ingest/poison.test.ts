import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import type { Prepared } from '../../src/ingest/item.ts';
import type { Submission } from '../../src/ingest/submission.ts';
import {
  committed,
  countRows,
  type Engine,
  editOf,
  eventOf,
  foreverKey,
  readSeqs,
  readTotals,
  startEngine,
  submissionOf,
  userOf,
} from './engine.ts';

let engine: Engine;
let workspaceId: WorkspaceId;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

async function inNewWorkspace(): Promise<void> {
  workspaceId = await engine.addWorkspace();
}

/** Submits all in one turn, so that they share a batch. */
async function submitTogether(submissions: readonly Submission[]) {
  return Promise.all(
    submissions.map(async (submission) => committed(await engine.ingest.submit(workspaceId, submission))),
  );
}

async function quarantined() {
  return engine.database.query<{ id: string; raw: Uint8Array; rule: string; type: string | null }>(
    'select id, raw, rule, type from quarantine where workspace_id = $1 order by id',
    [workspaceId],
  );
}

const nul = '\u0000';
const amount = {
  key: 'amount',
  kind: 'statistic',
  currency: null,
  raw: 1,
  occurredAt: Date.UTC(2026, 2, 1),
} as const;

const culprits: Record<string, Prepared> = {
  'a key with NUL': eventOf(`a${nul}b`),
  'a contact with NUL': eventOf(userOf('u', { contacts: [{ kind: 'email', value: `${nul}@x.fr` }] })),
  'a key beyond the limit of an index': eventOf(incompressible(9000)),
  'a type name with NUL': eventOf('u', { type: `viewed${nul}` }),
  'a type name with a lone surrogate': eventOf('u', { type: 'viewed\ud800' }),
  'a type name beyond the limit of an index': eventOf('u', { type: incompressible(9000) }),
  'a property with NUL': eventOf('u', { properties: { name: nul } }),
  'a detail with a lone surrogate': eventOf('u', { detail: { name: '\udc00' } }),
  'a metric that is no number': eventOf('u', { metrics: [{ ...amount, value: Number.NaN }] }),
  'a metric that is infinite': eventOf('u', { metrics: [{ ...amount, value: Number.POSITIVE_INFINITY }] }),
  'a metric whose name has NUL': eventOf('u', { metrics: [{ ...amount, key: nul, value: 1 }] }),
  'a metric whose raw value has NUL': eventOf('u', { metrics: [{ ...amount, value: 1, raw: nul }] }),
  'a metric at no time': eventOf('u', { metrics: [{ ...amount, value: 1, occurredAt: Number.NaN }] }),
  'a property that is nested too deep': eventOf('u', { properties: { deep: nest(40) } }),
  'a time that is none': eventOf('u', { occurredAt: Number.NaN }),
  'a time before all calendars': eventOf('u', { occurredAt: -8.64e15 }),
  'a time after all calendars': eventOf('u', { occurredAt: 8.64e15 }),
  'an attribute with NUL': eventOf('u', {}, { write: () => ({ name: nul }) }),
  'an attribute with a lone surrogate': eventOf('u', {}, { write: () => ({ name: '\ud800' }) }),
  'a violation whose type has NUL': {
    kind: 'violation',
    type: `bad${nul}`,
    occurredAt: 0,
    violation: { rule: 'missing-field', path: null, detail: {} },
  },
  'a violation whose report has NUL': {
    kind: 'violation',
    type: 'bad',
    occurredAt: 0,
    violation: { rule: 'missing-field', path: `/${nul}`, detail: { value: nul } },
  },
  'a violation at no time': {
    kind: 'violation',
    type: 'bad',
    occurredAt: Number.NaN,
    violation: { rule: 'missing-field', path: null, detail: {} },
  },
};

function nest(depth: number): unknown {
  return depth === 0 ? 1 : { in: nest(depth - 1) };
}

/** Text that no compression makes short enough for an index row. */
function incompressible(length: number): string {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return String.fromCharCode(0x4e00 + ((state >> 8) % 20000));
  }).join('');
}

for (const [what, culprit] of Object.entries(culprits)) {
  test(`${what} goes to quarantine whole and costs its batch-mates nothing`, async () => {
    await inNewWorkspace();
    const [first, bad, last] = await submitTogether([
      submissionOf(eventOf('before')),
      submissionOf(culprit, { raw: () => '{"sent":"as it was \\u0000"}' }),
      submissionOf(eventOf('after')),
    ]);
    assert.deepEqual([first![0]!.kind, bad![0]!.kind, last![0]!.kind], ['stored', 'quarantined', 'stored']);
    assert.equal(await countRows(engine.database, workspaceId, 'event'), 2);
    const rows = await quarantined();
    assert.equal(rows.length, 1);
    assert.equal(Buffer.from(rows[0]!.raw).toString(), '{"sent":"as it was \\u0000"}');
    assert.ok(bad![0]!.kind === 'quarantined' && bad![0]!.quarantineId === rows[0]!.id);
    const totals = await readTotals(engine.database, workspaceId);
    assert.deepEqual(totals, { received: 3, stored: 2, duplicate: 0, quarantined: 1, dropped: 0 });
    assert.deepEqual(await readSeqs(engine.database, workspaceId), [1, 2, 3, 4]);
  });
}

test('several culprits among many are each found', async () => {
  await inNewWorkspace();
  const bad = new Set([0, 17, 18, 40, 63]);
  const outcomes = await submitTogether(
    Array.from({ length: 64 }, (_, index) =>
      submissionOf(bad.has(index) ? culprits['a key with NUL']! : eventOf(`user-${index}`), {
        raw: () => `{"index":${index}}`,
      }),
    ),
  );
  const kinds = outcomes.map(([outcome]) => outcome!.kind);
  assert.deepEqual(
    kinds,
    kinds.map((_, index) => (bad.has(index) ? 'quarantined' : 'stored')),
  );
  assert.equal(await countRows(engine.database, workspaceId, 'event'), 59);
  const kept = (await quarantined()).map(
    (row) => JSON.parse(Buffer.from(row.raw).toString()).index as number,
  );
  assert.deepEqual(new Set(kept), bad);
});

test('a culprit in a bulk request costs the other items nothing, and the request stays answered once', async () => {
  await inNewWorkspace();
  const bulk = submissionOf(
    [eventOf('a'), culprits['a key with NUL']!, eventOf('b'), culprits['a type name with NUL']!],
    { dedupe: foreverKey(1), raw: (index) => `{"index":${index}}` },
  );
  const [outcomes, mate] = await submitTogether([bulk, submissionOf(eventOf('mate'))]);
  assert.deepEqual(
    outcomes!.map((outcome) => outcome.kind),
    ['stored', 'quarantined', 'stored', 'quarantined'],
  );
  assert.equal(mate![0]!.kind, 'stored');
  const [again] = await submitTogether([bulk]);
  assert.deepEqual(new Set(again!.map((outcome) => outcome.kind)), new Set(['duplicate']));
  assert.equal(await countRows(engine.database, workspaceId, 'event'), 3);
  assert.deepEqual((await quarantined()).map((row) => Buffer.from(row.raw).toString()).sort(), [
    '{"index":1}',
    '{"index":3}',
  ]);
  const totals = await readTotals(engine.database, workspaceId);
  assert.deepEqual(totals, { received: 9, stored: 3, duplicate: 4, quarantined: 2, dropped: 0 });
});

test('what a request adds for reading it again is kept though it holds what the database refuses', async () => {
  await inNewWorkspace();
  const [bad, good] = await submitTogether([
    submissionOf(culprits['a violation at no time']!, { request: { path: `x${nul}`, deep: ['\ud800'] } }),
    submissionOf(eventOf('a')),
  ]);
  assert.equal(bad![0]!.kind, 'quarantined');
  assert.equal(good![0]!.kind, 'stored');
  assert.equal((await quarantined()).length, 1);
});

test('a fault in reading one request rejects that one alone', async () => {
  await inNewWorkspace();
  const faulty = submissionOf(eventOf('a'), {
    prepare: () => {
      throw new Error('the dialect has a bug');
    },
  });
  const answers = await Promise.allSettled([
    engine.ingest.submit(workspaceId, submissionOf(eventOf('first'))),
    engine.ingest.submit(workspaceId, faulty),
    engine.ingest.submit(workspaceId, submissionOf(eventOf('last'))),
  ]);
  assert.deepEqual(
    answers.map((answer) => answer.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal(await countRows(engine.database, workspaceId, 'event'), 2);
});

test('a user that the database refuses is kept in quarantine and its counters close', async () => {
  await inNewWorkspace();
  const upsert = editOf('u', { name: nul });
  const [bad] = await submitTogether([submissionOf(upsert, { carriesEvents: false })]);
  assert.equal(bad![0]!.kind, 'quarantined');
  assert.equal((await quarantined()).length, 1);
});

test('a culprit among many items of one request is found without reading the request again for each', async () => {
  await inNewWorkspace();
  const items = Array.from({ length: 100 }, (_, index) =>
    index === 63 ? eventOf('u', {}, { write: () => ({ name: nul }) }) : eventOf(`user-${index}`),
  );
  let read = 0;
  const prepare = () => {
    read++;
    return items;
  };
  const [outcomes] = await submitTogether([submissionOf(items, { prepare })]);
  assert.deepEqual(
    outcomes!.flatMap(({ kind }, index) => (kind === 'stored' ? [] : [`${index} ${kind}`])),
    ['63 quarantined'],
  );
  assert.ok(read <= 4, `it was read ${read} times`);
});
