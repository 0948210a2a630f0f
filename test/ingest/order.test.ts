import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { joinProfiles, undoLink } from '../../src/change/link.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { nothingFollows } from '../helpers/links.ts';
import {
  assertGapless,
  countRows,
  cutConnection,
  type Engine,
  eventOf,
  readTotals,
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

/** Every third writes to the profile, every seventh is refused by the database. */
function mixed(writer: number, index: number) {
  const user = `user-${(index * 13 + writer) % 40}`;
  const poison = index % 7 === 3;
  const write = () => ({ visits: `${writer}/${index}` });
  const who = poison ? `${user}\u0000` : user;
  return submissionOf(eventOf(who, { type: `type-${index % 4}` }, index % 3 === 0 ? { write } : {}));
}

/**
 * Reads what is new again and again, as a follower does: everything behind the last seq seen. What shows up behind it is never
 * seen, which is what the test would find.
 */
async function follow(stopped: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  for (let last = false; ; last = stopped()) {
    const rows = await engine.database.query<{ seq: number }>(
      `select seq from (select seq from event where workspace_id = $1 and seq > $2
                        union all select seq from change where workspace_id = $1 and seq > $2) s order by seq`,
      [workspaceId, seen.at(-1) ?? 0],
    );
    seen.push(...rows.map((row) => row.seq));
    if (last) return seen;
    await delay(1);
  }
}

async function assertOneOrder(seen: readonly number[]): Promise<void> {
  const stored = await assertGapless(engine.database, workspaceId);
  assert.deepEqual(seen, stored, 'nothing showed up behind the reader');
  const [head] = await engine.database.query<{ seq: number }>(
    'select seq from workspace_head where workspace_id = $1',
    [workspaceId],
  );
  assert.equal(head!.seq, stored.length);
}

/** More, on a machine that is busy besides, and hardly anything would be stored. */
const maximumCuts = 20;

/** Ends connections that write, at random, while the load lasts. */
async function cutConnections(stopped: () => boolean): Promise<number> {
  let cut = 0;
  while (!stopped() && cut < maximumCuts) {
    await delay(5 + Math.random() * 25);
    cut += await cutConnection(engine.database, '%union all%');
  }
  return cut;
}

/** Waits behind whoever writes by now, also for a process that is no more, of which the server does not know yet. */
async function awaitWriters(): Promise<void> {
  await engine.database.query('update workspace_head set seq = seq where workspace_id = $1', [workspaceId]);
}

test('several processes with roll-backs and lost connections make one gapless order that a reader can follow', {
  timeout: 30_000,
}, async () => {
  const others = await Promise.all([engine.addProcess(), engine.addProcess()]);
  const writers: Ingest[] = [engine.ingest, ...others.map((other) => other.ingest)];
  let stopped = false;
  let readerStopped = false;
  const reader = follow(() => readerStopped);
  const cutter = cutConnections(() => stopped);
  const kinds = new Map<string, number>();
  const load = Promise.all(
    writers.map(async (ingest, writer) => {
      for (let round = 0; round < 15; round++) {
        const outcomes = await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            ingest.submit(workspaceId, mixed(writer, round * 12 + index)),
          ),
        );
        for (const outcome of outcomes) {
          const kind = outcome.kind === 'committed' ? outcome.outcomes[0]!.kind : outcome.kind;
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }
      }
    }),
  );
  await load.finally(() => {
    stopped = true;
  });
  await cutter;
  await manageLinks();
  readerStopped = true;
  const [seen, cut] = await Promise.all([reader, cutter]);
  await assertOneOrder(seen);
  assert.ok(cut > 0, 'no connection was cut');
  assert.ok(kinds.get('quarantined')! > 0 && kinds.get('stored')! > 100);
  assert.equal(await countRows(engine.database, workspaceId, 'quarantine'), kinds.get('quarantined'));
});

/** Changes that do not come in by events take their seq in the same order. */
async function manageLinks(): Promise<void> {
  const [a, b] = await engine.database.query<{ id: string }>(
    'select id from profile where workspace_id = $1 order by id limit 2',
    [workspaceId],
  );
  const options = { dryRun: false, now: new Date(), ...nothingFollows };
  const dry = { ...options, dryRun: true };
  await joinProfiles(engine.database, workspaceId, a!.id, b!.id, dry);
  const joined = await joinProfiles(engine.database, workspaceId, a!.id, b!.id, options);
  await undoLink(engine.database, workspaceId, joined!.link.id, dry);
  await undoLink(engine.database, workspaceId, joined!.link.id, options);
  await joinProfiles(engine.database, workspaceId, a!.id, b!.id, options);
}

test('a process that is killed in mid-load loses nothing that it has acknowledged and leaves no gap', {
  timeout: 30_000,
}, async () => {
  let stopped = false;
  const reader = follow(() => stopped);
  const survivor = (async () => {
    const acknowledged: string[] = [];
    while (!stopped) {
      const outcome = await engine.ingest.submit(workspaceId, submissionOf(eventOf('survivor')));
      if (outcome.kind === 'committed' && outcome.outcomes[0]!.kind === 'stored')
        acknowledged.push(outcome.outcomes[0]!.eventId);
    }
    return acknowledged;
  })();
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++) acknowledged.push(...(await writeUntilKilled()));
  stopped = true;
  acknowledged.push(...(await survivor));
  await awaitWriters();
  const rows = await engine.database.query<{ id: string }>('select id from event where workspace_id = $1', [
    workspaceId,
  ]);
  const stored = new Set(rows.map((row) => row.id));
  assert.deepEqual(
    acknowledged.filter((id) => !stored.has(id)),
    [],
  );
  const seen = await reader;
  const late = await follow(() => true);
  await assertOneOrder([...seen, ...late.slice(seen.length)]);
  const totals = await readTotals(engine.database, workspaceId);
  assert.equal(totals.stored, stored.size);
  assert.equal(totals.received, totals.stored);
});

/** The ids of the events that the child was told were stored. */
async function writeUntilKilled(): Promise<string[]> {
  const script = new URL('./write-until-killed.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(
    process.execPath,
    [script, JSON.stringify(engine.target), String(workspaceId)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (id) => {
    acknowledged.push(id);
    if (acknowledged.length === 150) setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
  });
  const [[, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  assert.equal(signal, 'SIGKILL');
  // The last line may have been cut.
  return acknowledged.filter((id) => id.length === 36);
}
