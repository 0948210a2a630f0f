import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ingest } from '../../src/ingest/ingest.ts';
import type { EditItem, EventItem, RecordView } from '../../src/ingest/item.ts';
import type { Parameter } from '../../src/store/queryable.ts';
import type { Session } from '../../src/store/session.ts';
import type { SessionPool } from '../../src/store/session-pool.ts';
import fc from '../helpers/fast-check.ts';
import {
  assertGapless,
  committed,
  countRows,
  type Engine,
  eventOf,
  nodes,
  readTotals,
  startEngine,
  submissionOf,
  userOf,
} from './engine.ts';
import { readWhoIsWho } from './who-is-who.ts';

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

interface Act {
  readonly user: number;
  readonly isEvent: boolean;
  readonly browser: number;
}

/** Of few enough people that some batches speak of whom the batch before has written to, and of enough that others don't. */
const acts = fc.array(
  fc.record({
    user: fc.nat(600),
    isEvent: fc.boolean(),
    browser: fc.nat(40),
  }),
  { minLength: 1000, maxLength: 1000, size: 'max' },
);

/** What it writes counts what was there, so that whoever goes by what stood there before counts wrong. */
function itemOf({ user, isEvent, browser }: Act, index: number): EventItem | EditItem {
  const more = (name: string, values: Record<string, unknown>) => ({ [name]: Number(values[name] ?? 0) + 1 });
  const hasContact = index % 5 === 0;
  // Whom a batch makes, and the next one looks for.
  const name = index % 200 < 30 && index % 6 === 0 ? `user new ${Math.floor(index / 200)}` : `user ${user}`;
  const subject = userOf(name, {
    contacts: hasContact ? [{ kind: 'email', value: `${name}@example.com` }] : [],
  });
  // One in so many links somebody, and what a batch with a link writes is not seen past.
  const keys = index % 40 === 0 ? [{ kind: 'anonymous', value: `browser ${browser}` } as const] : [];
  const binding = { when: 'always', follows: 'one-record' } as const;
  const companions = keys.map((key) => ({ keys: [key], binding }));
  if (isEvent) return eventOf(subject, {}, { companions, write: ({ values }) => more('events', values) });
  const edit = ({ values }: RecordView) => ({ kind: 'edited', changes: more('edits', values) }) as const;
  return { kind: 'edit', nodeId: nodes.webengage, subject, companions, edit };
}

test('what callers send at once comes to what it comes to one by one, whether batches speak of the same people or not', {
  timeout: 60_000,
}, async () => {
  const seen = watchLocks(engine.database.sessions);
  await fc.assert(
    fc.asyncProperty(acts, async (history) => {
      const submissions = history.map((one, index) =>
        submissionOf(itemOf(one, index), { carriesEvents: one.isEvent }),
      );
      const [together, singly] = [await engine.addWorkspace(), await engine.addWorkspace()];
      const left = submissions.values();
      // Half of them come back later than the others, as over a network, so that one batch is on its way while the next comes together.
      const call = async (_: unknown, caller: number) => {
        for (;;) {
          if (caller % 2 === 0) await delay(1);
          const next = left.next();
          if (next.done) return;
          committed(await engine.ingest.submit(together, next.value));
        }
      };
      await Promise.all(Array.from({ length: 24 }, call));
      for (const submission of submissions) committed(await engine.ingest.submit(singly, submission));
      assert.deepEqual(
        await readWhoIsWho(engine.database, together),
        await readWhoIsWho(engine.database, singly),
      );
    }),
    { numRuns: 1 },
  );
  assert.ok(seen.ahead > 2, `${seen.ahead} batches were worked out before they had the lock`);
});
