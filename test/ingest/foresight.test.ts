import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { lookUnderHeadLock, underHeadLock } from '../../src/core/workspace/under-head-lock.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { readsNothingOf } from '../../src/ingest/foresight.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import type { EditItem, EventItem, RecordView } from '../../src/ingest/item.ts';
import type { Reading } from '../../src/ingest/reading.ts';
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

const twinOf = (pair: number, isFirst: boolean) => `user twin ${pair} ${isFirst ? 'a' : 'b'}`;

/** Makes pairs of customers that are one record. */
async function makeTwins(workspaceId: WorkspaceId): Promise<void> {
  for (const pair of [0, 1, 2, 3, 4]) {
    const keys = [true, false].map((isFirst) => ({ kind: 'user', value: twinOf(pair, isFirst) }) as const);
    for (const subject of [...keys.map(({ value }) => userOf(value)), userOf('', { keys, unitesKeys: true })])
      committed(await engine.ingest.submit(workspaceId, submissionOf(eventOf(subject))));
  }
}

/** What it writes counts what was there, so that whoever goes by what stood there before counts wrong. */
function itemOf({ user, isEvent, browser }: Act, index: number): EventItem | EditItem {
  const more = (name: string, values: Record<string, unknown>) => ({ [name]: Number(values[name] ?? 0) + 1 });
  const hasContact = index % 5 === 0;
  // Whom a batch makes, and the next one looks for.
  const [block, place] = [Math.floor(index / 200), index % 200];
  const isShared = index % 6 === 0 && place < 30;
  // Two of one record, of whom one batch writes to the one and the next to the other.
  const isTwin = index % 6 === 0 && place >= 100 && place < 130;
  const name = isShared ? `user new ${block}` : isTwin ? twinOf(block, index % 12 === 0) : `user ${user}`;
  const subject = userOf(name, {
    contacts: hasContact ? [{ kind: 'email', value: `${name}@example.com` }] : [],
  });
  // One in so many links somebody, and what a batch with a link writes is not seen past.
  const keys =
    index % 40 === 0 && !isTwin ? [{ kind: 'anonymous', value: `browser ${browser}` } as const] : [];
  const binding = { when: 'always', follows: 'one-record' } as const;
  const companions = keys.map((key) => ({ keys: [key], binding }));
  if (isEvent && !isTwin)
    return eventOf(subject, {}, { companions, write: ({ values }) => more('events', values) });
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
      for (const workspaceId of [together, singly]) await makeTwins(workspaceId);
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

test('what is made anew between two batches leaves a name at the head, and what is only looked at leaves none', async () => {
  const workspaceId = await engine.addWorkspace();
  const readLast = async () => {
    const [head] = await engine.database.query<{ last_batch: string | null }>(
      'select last_batch from workspace_head where workspace_id = $1',
      [workspaceId],
    );
    return head!.last_batch;
  };
  const before = await readLast();
  await lookUnderHeadLock(engine.database, workspaceId, async () => {});
  assert.equal(await readLast(), before);
  await underHeadLock(engine.database, workspaceId, async () => {});
  assert.notEqual(await readLast(), before);
});

test('a batch is read anew that has found a record of which the batch before has written to another part', () => {
  const subject = userOf('ann');
  const found = { sought: subject, profileId: 'one', created: false, nodeId: nodes.webengage, newKeys: [] };
  const resolution = { kind: 'resolved', subject: found, companions: [], links: [], cappedLinks: 0 } as const;
  const item = eventOf(subject);
  const reading = {
    items: [[{ submission: submissionOf(item), index: 0, prepared: item }]],
    resolved: [{ dialect: 'webengage', item, resolution }],
    subjects: { profiles: [], members: [{ id: 'one' }, { id: 'another' }] },
  } as unknown as Reading;
  const keys = new Set<string>();
  assert.equal(readsNothingOf(reading, { profileIds: new Set(['somebody else']), keys }), true);
  assert.equal(readsNothingOf(reading, { profileIds: new Set(['another']), keys }), false);
});
