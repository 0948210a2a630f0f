import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createWorkspace } from '../../src/core/workspace/create-workspace.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import type { SubmissionOutcome } from '../../src/ingest/outcome.ts';
import { startEmbedded } from '../../src/store/backends/embedded.ts';
import { connectDatabase, embeddedTarget, type OpenDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { disturbCommits } from '../helpers/disturb-commits.ts';
import {
  assertGapless,
  countRows,
  cutConnection,
  type Engine,
  eventOf,
  foreverKey,
  makeIngest,
  readTotals,
  silent,
  startEngine,
  submissionOf,
} from './engine.ts';

let engine: Engine;
let workspaceId: WorkspaceId;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());
beforeEach(async () => {
  workspaceId = await engine.addWorkspace();
});

interface Sent {
  readonly number: number;
  readonly outcome: SubmissionOutcome;
}

/** Stores numbered events until stopped, one after another in each of some writers, as clients do. */
async function load(ingest: Ingest, workspace: WorkspaceId, isOver: () => boolean, keys = false) {
  const sent: Sent[] = [];
  let numbers = 0;
  const write = async () => {
    while (!isOver()) {
      const number = numbers++;
      const submission = submissionOf(eventOf(`user-${number % 20}`, { properties: { number } }), {
        ...(keys && { dedupe: foreverKey(number) }),
      });
      const outcome = await ingest.submit(workspace, submission);
      sent.push({ number, outcome });
      if (outcome.kind === 'retry-later') await delay(20);
    }
  };
  await Promise.all(Array.from({ length: 12 }, write));
  return sent;
}

async function readNumbers(database: OpenDatabase, workspace: WorkspaceId): Promise<Map<string, number>> {
  const rows = await database.query<{ id: string; number: number }>(
    `select id, (properties ->> 'number')::integer as number from event where workspace_id = $1`,
    [workspace],
  );
  return new Map(rows.map((row) => [row.id, row.number]));
}

/** What was acknowledged is there under the id that was given, nothing is there twice, and the counters tell the same. */
async function assertNothingLostNothingDouble(
  database: OpenDatabase,
  workspace: WorkspaceId,
  sent: readonly Sent[],
): Promise<void> {
  const stored = await readNumbers(database, workspace);
  for (const { number, outcome } of sent) {
    if (outcome.kind !== 'committed') continue;
    const [first] = outcome.outcomes;
    assert.ok(first?.kind === 'stored', `number ${number} was ${first?.kind}`);
    assert.equal(stored.get(first.eventId), number, 'what was acknowledged is stored');
  }
  assert.equal(new Set(stored.values()).size, stored.size, 'no event is there twice');
  const totals = await readTotals(database, workspace);
  assert.equal(totals.stored, stored.size);
  assert.equal(totals.received, totals.stored);
  await assertGapless(database, workspace);
}

test('connections cut at random moments lose nothing that was acknowledged and double nothing', {
  timeout: 30_000,
}, async () => {
  const started = performance.now();
  let over = false;
  const loading = load(engine.ingest, workspaceId, () => over);
  let cuts = 0;
  while (cuts < 15 && performance.now() - started < 15_000) {
    await delay(Math.random() * 300);
    cuts += await cutConnection(engine.database, 'rollback');
  }
  over = true;
  const sent = await loading;
  assert.ok(cuts >= 12, `only ${cuts} connections were cut`);
  const acknowledged = sent.filter(({ outcome }) => outcome.kind === 'committed').length;
  assert.ok(acknowledged > 50, `only ${acknowledged} were acknowledged`);
  await assertNothingLostNothingDouble(engine.database, workspaceId, sent);
});

/** Makes the server wait in the commit itself, after all is written, so that the connection can be cut there. */
async function slowCommits(seconds: number): Promise<void> {
  await engine.database.query(`
    create or replace function wait_in_commit() returns trigger language plpgsql as $$
      begin perform pg_sleep(${seconds}); return null; end $$;
    create constraint trigger wait_in_commit after insert on event
      deferrable initially deferred for each row execute function wait_in_commit();`);
}

for (const [what, cut] of [
  ['is rolled back', 'pg_terminate_backend(pid)'],
  ['takes place', 'pg_cancel_backend(pid)'],
] as const) {
  test(`a commit that ${what} while its connection is disturbed stores its event once`, async () => {
    await slowCommits(0.15);
    try {
      const submitted = engine.ingest.submit(
        workspaceId,
        submissionOf(eventOf('a', { properties: { number: 1 } })),
      );
      await delay(70);
      await engine.database.query(
        `select ${cut} from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and query = 'commit' and state = 'active'`,
      );
      const sent = [{ number: 1, outcome: await submitted }];
      assert.equal(sent[0]!.outcome.kind, 'committed');
      await assertNothingLostNothingDouble(engine.database, workspaceId, sent);
      assert.equal(await countRows(engine.database, workspaceId, 'event'), 1);
    } finally {
      await engine.database.query('drop trigger wait_in_commit on event');
    }
  });
}

test('an answer that is lost after the commit took place is looked up, not stored again', {
  timeout: 20_000,
}, async () => {
  const { ingest, database } = await engine.addProcess();
  let commits = 0;
  disturbCommits(database.sessions, () => (++commits % 2 === 0 ? 'answered' : 'answer-lost'));
  const sent: Sent[] = [];
  for (const number of [1, 2, 3, 4]) {
    const submission = submissionOf(eventOf('a', { properties: { number } }));
    sent.push({ number, outcome: await ingest.submit(workspaceId, submission) });
  }
  assert.equal(commits, 8, 'each lost answer was looked up once');
  assert.ok(sent.every(({ outcome }) => outcome.kind === 'committed'));
  await assertNothingLostNothingDouble(engine.database, workspaceId, sent);
});

test('while the database is stopped the answer is retry-later, and after it runs again all is stored', {
  timeout: 40_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tl-doubt-'));
  const start = () => startEmbedded({ dataDir, logger: silent, settings: { fsync: 'off' } });
  let server = await start();
  const database = await connectDatabase(embeddedTarget(server.connection), 4);
  try {
    await migrate(database);
    const now = new Date();
    const newWorkspace = { slug: 'stopped', name: 'stopped', timezone: 'UTC', currency: 'EUR' };
    const workspace = (await createWorkspace(database, newWorkspace, now, dialects)).id;
    const ingest = makeIngest(database);
    let over = false;
    const loading = load(ingest, workspace, () => over, true);
    await delay(300);
    await server.stop();
    // Longer than a configuration is answered from memory.
    await delay(2500);
    const away = await ingest.submit(workspace, submissionOf(eventOf('away')));
    server = await start();
    await delay(1500);
    over = true;
    const sent = await loading;
    // The writers need not be told to retry: a batch whose commit was in doubt waits for the answer until the database is back.
    assert.deepEqual(away, { kind: 'retry-later', afterSeconds: 1, cause: 'database' });
    assert.equal(sent.at(-1)!.outcome.kind, 'committed');
    await assertNothingLostNothingDouble(database, workspace, sent);
    await retryWhatWasNotTaken(database, ingest, workspace, sent);
  } finally {
    await database.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

/** A client's retry under the same key: what is there already is a duplicate, the rest is stored now. */
async function retryWhatWasNotTaken(
  database: OpenDatabase,
  ingest: Ingest,
  workspace: WorkspaceId,
  sent: readonly Sent[],
): Promise<void> {
  for (const { number, outcome } of sent) {
    if (outcome.kind === 'committed') continue;
    const again = submissionOf(eventOf('again', { properties: { number } }), { dedupe: foreverKey(number) });
    assert.equal((await ingest.submit(workspace, again)).kind, 'committed');
  }
  const stored = await readNumbers(database, workspace);
  assert.deepEqual(
    [...stored.values()].sort((a, b) => a - b),
    sent.map(({ number }) => number).sort((a, b) => a - b),
  );
}
