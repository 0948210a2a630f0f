import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Ingest } from '../../src/ingest/ingest.ts';
import type { Parameter } from '../../src/store/queryable.ts';
import type { Session } from '../../src/store/session.ts';
import type { SessionPool } from '../../src/store/session-pool.ts';
import {
  assertGapless,
  committed,
  countRows,
  type Engine,
  eventOf,
  readTotals,
  startEngine,
  submissionOf,
} from './engine.ts';

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

/** With this many events each, more than two batches. */
const callers = 60;
const requestsEach = 5;
const eventsEach = 25;
const knownUsers = 20;
/** One in so many events is of somebody whom nobody knows. */
const eventsPerNewcomer = 1700;

/** How the transactions of the pool went that locked a workspace: whether they had looked for profiles before. */
function watchLocks(sessions: SessionPool): { ahead: number; rolledBack: number } {
  const seen = { ahead: 0, rolledBack: 0 };
  const take = sessions.take.bind(sessions);
  const known = new WeakSet<Session>();
  sessions.take = async () => {
    const session = await take();
    if (known.has(session)) return session;
    known.add(session);
    const send = session.send.bind(session);
    let hasLooked = false;
    session.send = <Row extends object>(text: string, parameters: readonly Parameter[]) => {
      if (text.startsWith('begin')) hasLooked = false;
      else if (text.includes('from identity')) hasLooked = true;
      else if (text.startsWith('update workspace_head set seq = seq') && hasLooked) seen.ahead++;
      else if (text === 'rollback') seen.rolledBack++;
      return send<Row>(text, parameters);
    };
    return session;
  };
  return seen;
}

/** Callers that each wait for their answer; the same events in the same order, whoever sends them. How many were stored. */
async function sendAll(ingest: Ingest): Promise<number> {
  let number = 0;
  const nextEvent = () => {
    const own = number++;
    return eventOf(
      own % eventsPerNewcomer === 0 ? `newcomer-${own / eventsPerNewcomer}` : `user-${own % knownUsers}`,
    );
  };
  const call = async () => {
    for (let sent = 0; sent < requestsEach; sent++) {
      const submission = submissionOf(Array.from({ length: eventsEach }, nextEvent));
      const outcomes = committed(await ingest.submit(engine.workspaceId, submission));
      assert.ok(outcomes.every(({ kind }) => kind === 'stored'));
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return number;
}

test('a batch is worked out while the one before it is being stored, and anew where somebody else has written in between', {
  timeout: 60_000,
}, async () => {
  const seen = watchLocks(engine.database.sessions);
  let stored = await sendAll(engine.ingest);
  assert.ok(seen.ahead > 0, 'batches are worked out before they have the lock');
  assert.equal(seen.rolledBack, 0);
  const other = await engine.addProcess();
  for (let round = 0; round < 10 && seen.rolledBack === 0; round++) {
    const both = await Promise.all([sendAll(engine.ingest), sendAll(other.ingest)]);
    stored += both.reduce((sum, one) => sum + one);
  }
  assert.ok(seen.rolledBack > 0, 'some were worked out by a head that had moved');
  assert.equal(await countRows(engine.database, engine.workspaceId, 'event'), stored);
  await assertGapless(engine.database, engine.workspaceId);
  const totals = await readTotals(engine.database, engine.workspaceId);
  assert.equal(totals.stored, stored);
  const twice = await engine.database.query(
    'select value from identity where workspace_id = $1 group by value having count(*) > 1',
    [engine.workspaceId],
  );
  assert.deepEqual([...twice], [], 'nobody was made by both');
});
