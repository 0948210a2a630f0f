import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import type { Prepared } from '../../../src/ingest/item.ts';
import type { Submission } from '../../../src/ingest/submission.ts';
import {
  committed,
  countRows,
  type Engine,
  editOf,
  eventOf,
  foreverKey,
  readTotals,
  startEngine,
  submissionOf,
  userOf,
  windowKey,
} from '../../ingest/engine.ts';

const start = Date.UTC(2026, 2, 1, 12);
const hour = 60 * 60 * 1000;
const violation: Prepared = {
  kind: 'violation',
  type: 'bad',
  occurredAt: start,
  violation: { rule: 'missing-field', path: '/name', detail: {} },
};

let engine: Engine;
let workspaceId: WorkspaceId;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());
beforeEach(async () => {
  engine.time.now = start;
  workspaceId = await engine.addWorkspace();
});

async function submit(submission: Submission) {
  return committed(await engine.ingest.submit(workspaceId, submission))[0]!;
}

const submitTogether = (submissions: readonly Submission[]) => Promise.all(submissions.map(submit));

function now(item: Prepared, dedupe: Submission['dedupe']): Submission {
  return submissionOf(item, { receivedAt: engine.time.now, ...(dedupe && { dedupe }) });
}

/** Has the configuration at hand, so that what is submitted together is taken in that order. */
const warmUp = () => submit(now({ kind: 'dropped', reason: 'warm-up' }, undefined));

const countEvents = () => countRows(engine.database, workspaceId, 'event');

describe('a key that counts for ever', () => {
  it('stores once and answers repeats with the first event, years later too', async () => {
    const first = await submit(now(eventOf('a'), foreverKey(1)));
    engine.time.now += 5 * 365 * 24 * hour;
    const repeat = await submit(now(eventOf('a'), foreverKey(1)));
    assert.ok(first.kind === 'stored');
    assert.deepEqual(repeat, { kind: 'duplicate', eventId: first.eventId, first: 'stored' });
    assert.equal(await countEvents(), 1);
  });

  it('is another key in another scope and in another workspace', async () => {
    const conversion = { ...foreverKey(1), scope: 'octeth-conversion' } as const;
    const first = await submit(now(eventOf('a'), foreverKey(1)));
    const second = await submit(now(eventOf('a'), conversion));
    workspaceId = await engine.addWorkspace();
    const third = await submit(now(eventOf('a'), foreverKey(1)));
    assert.deepEqual([first.kind, second.kind, third.kind], ['stored', 'stored', 'stored']);
  });

  it('folds repeats in one batch', async () => {
    const outcomes = await submitTogether(Array.from({ length: 5 }, () => now(eventOf('a'), foreverKey(1))));
    const [first] = outcomes;
    assert.ok(first?.kind === 'stored');
    for (const repeat of outcomes.slice(1))
      assert.deepEqual(repeat, { kind: 'duplicate', eventId: first.eventId, first: 'stored' });
    assert.equal(await countEvents(), 1);
    const totals = await readTotals(engine.database, workspaceId);
    assert.deepEqual(totals, { received: 5, stored: 1, duplicate: 4, quarantined: 0, dropped: 0 });
  });

  it('holds between processes that get the same call at once', async () => {
    const other = await engine.addProcess();
    const rounds = 30;
    const outcomes = await Promise.all(
      Array.from({ length: rounds }, async (_, key) =>
        Promise.all(
          [engine.ingest, other.ingest].map(
            async (ingest) =>
              committed(await ingest.submit(workspaceId, now(eventOf('a'), foreverKey(key))))[0]!,
          ),
        ),
      ),
    );
    for (const pair of outcomes) {
      assert.deepEqual(pair.map((outcome) => outcome.kind).sort(), ['duplicate', 'stored']);
      const [a, b] = pair;
      assert.ok('eventId' in a! && 'eventId' in b! && a.eventId === b.eventId);
    }
    assert.equal(await countEvents(), rounds);
  });

  it('holds for a repeat that comes while the first is in flight', async () => {
    const first = submit(now(eventOf('a'), foreverKey(1)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const repeat = submit(now(eventOf('a'), foreverKey(1)));
    const [one, two] = await Promise.all([first, repeat]);
    assert.ok(one.kind === 'stored');
    assert.deepEqual(two, { kind: 'duplicate', eventId: one.eventId, first: 'stored' });
  });

  it('covers what was dropped and what was only saved', async () => {
    const upsert = editOf('a', { name: 'A' });
    const save = () => submissionOf(upsert, { carriesEvents: false, dedupe: foreverKey(1) });
    const drop = () => now({ kind: 'dropped', reason: 'reserved' }, foreverKey(2));
    assert.deepEqual([(await submit(save())).kind, (await submit(drop())).kind], ['saved', 'dropped']);
    assert.deepEqual(await submit(save()), { kind: 'duplicate', eventId: null, first: 'saved' });
    assert.deepEqual(await submit(drop()), { kind: 'duplicate', eventId: null, first: 'dropped' });
  });
});

describe('a failed first attempt', () => {
  const unknownProfile = eventOf(userOf('nobody', { expects: 'known' }));

  it('does not burn the key when the profile did not exist', async () => {
    assert.equal((await submit(now(unknownProfile, foreverKey(1)))).kind, 'refused');
    assert.equal((await submit(now(eventOf('a'), foreverKey(1)))).kind, 'stored');
    assert.equal((await submit(now(eventOf('a'), foreverKey(1)))).kind, 'duplicate');
  });

  it('burns it when another item of the same request was stored', async () => {
    const bulk = () =>
      submissionOf([unknownProfile, eventOf('a')], { dedupe: foreverKey(1), receivedAt: start });
    await submit(bulk());
    assert.equal((await submit(bulk())).kind, 'duplicate');
    assert.equal(await countEvents(), 1);
  });

  it('does not burn the key when nothing was committed', async () => {
    const faulty = submissionOf(eventOf('a'), {
      dedupe: foreverKey(1),
      prepare: () => {
        throw new Error('the dialect has a bug');
      },
    });
    await assert.rejects(submit(faulty));
    assert.equal((await submit(now(eventOf('a'), foreverKey(1)))).kind, 'stored');
  });
});

describe('a key whose refused call may be corrected', () => {
  it('takes the same body for a repeat and another for a new attempt', async () => {
    const first = await submit(now(violation, foreverKey(1, 100)));
    assert.ok(first.kind === 'quarantined');
    assert.deepEqual(await submit(now(violation, foreverKey(1, 100))), {
      kind: 'duplicate',
      eventId: first.quarantineId,
      first: 'quarantined',
    });
    const corrected = await submit(now(eventOf('a'), foreverKey(1, 101)));
    assert.ok(corrected.kind === 'stored');
    for (const body of [100, 101, 102]) {
      const late = await submit(now(eventOf('a'), foreverKey(1, body)));
      assert.deepEqual(late, { kind: 'duplicate', eventId: corrected.eventId, first: 'stored' });
    }
    assert.equal(await countEvents(), 1);
  });

  it('does so within one batch as well', async () => {
    await warmUp();
    const outcomes = await submitTogether([
      now(violation, foreverKey(1, 100)),
      now(violation, foreverKey(1, 100)),
      now(violation, foreverKey(1, 101)),
      now(violation, foreverKey(1, 100)),
      now(eventOf('a'), foreverKey(1, 102)),
      now(eventOf('a'), foreverKey(1, 103)),
      now(eventOf('mate'), undefined),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['quarantined', 'duplicate', 'quarantined', 'duplicate', 'stored', 'duplicate', 'stored'],
    );
    assert.equal((await submit(now(eventOf('a'), foreverKey(1, 104)))).kind, 'duplicate');
    assert.equal(await countEvents(), 2);
  });

  it('knows each refused body again, whatever was tried since', async () => {
    const attempt = async (body: number) => {
      const outcome = await submit(now(violation, foreverKey(1, body)));
      if (outcome.kind === 'quarantined') return outcome.quarantineId;
      return outcome.kind === 'duplicate' && outcome.first === 'quarantined' ? outcome.eventId : null;
    };
    const [first, second] = [await attempt(100), await attempt(101)];
    assert.ok(first && second && first !== second);
    assert.deepEqual([await attempt(100), await attempt(101)], [first, second]);
  });

  it('spends a key without a body for good', async () => {
    assert.equal((await submit(now(violation, foreverKey(1)))).kind, 'quarantined');
    assert.equal((await submit(now(eventOf('a'), foreverKey(1)))).kind, 'duplicate');
  });
});

describe('a key that counts for four hours', () => {
  it('is a repeat after 3:59:59 and new after 4:00:00', async () => {
    const first = await submit(now(eventOf('a'), windowKey(1)));
    engine.time.now = start + 4 * hour - 1000;
    assert.ok(first.kind === 'stored');
    assert.deepEqual(await submit(now(eventOf('a'), windowKey(1))), {
      kind: 'duplicate',
      eventId: first.eventId,
      first: 'stored',
    });
    engine.time.now = start + 4 * hour;
    assert.equal((await submit(now(eventOf('a'), windowKey(1)))).kind, 'stored');
    engine.time.now = start + 8 * hour - 1000;
    assert.equal((await submit(now(eventOf('a'), windowKey(1)))).kind, 'duplicate');
    assert.equal(await countEvents(), 2);
  });

  it('is not prolonged by repeats', async () => {
    for (const hours of [0, 1, 2, 3]) {
      engine.time.now = start + hours * hour;
      await submit(now(eventOf('a'), windowKey(1)));
    }
    engine.time.now = start + 4 * hour;
    assert.equal((await submit(now(eventOf('a'), windowKey(1)))).kind, 'stored');
  });

  it('holds at a process whose clock is behind', async () => {
    await submit(now(eventOf('a'), windowKey(1)));
    engine.time.now = start - 1500;
    assert.equal((await submit(now(eventOf('a'), windowKey(1)))).kind, 'duplicate');
  });
});

describe('the profile of a repeat', () => {
  const orphans = async () =>
    engine.database.query(
      `select e.id from event e left join profile p on p.workspace_id = e.workspace_id and p.id = e.profile_id
        where e.workspace_id = $1 and p.id is null`,
      [workspaceId],
    );

  for (const [place, together] of [
    ['an earlier batch', false],
    ['the same batch', true],
  ] as const) {
    it(`is made by the next event that names it, when the repeat of ${place} named another user`, async () => {
      const first = now(eventOf('a'), foreverKey(1));
      const rest = [now(eventOf('b'), foreverKey(1)), now(eventOf('b'), undefined)];
      await warmUp();
      if (!together) await submit(first);
      const outcomes = await submitTogether(together ? [first, ...rest] : rest);
      assert.deepEqual(
        outcomes.slice(-2).map((outcome) => outcome.kind),
        ['duplicate', 'stored'],
      );
      assert.equal((await orphans()).length, 0);
      const again = await submit(now(eventOf('b'), undefined));
      const last = outcomes.at(-1)!;
      assert.ok(again.kind === 'stored' && last.kind === 'stored' && again.profileId === last.profileId);
      assert.equal(await countRows(engine.database, workspaceId, 'profile'), 2);
    });
  }

  it('is made by the next event that names it, when the first of the batch was quarantined', async () => {
    await warmUp();
    const outcomes = await submitTogether([
      now(violation, foreverKey(1)),
      now(eventOf('b'), foreverKey(1)),
      now(eventOf('b'), undefined),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['quarantined', 'duplicate', 'stored'],
    );
    assert.equal((await orphans()).length, 0);
  });

  it('gets no key and no link from a repeat', async () => {
    await submit(now(eventOf('a'), foreverKey(1)));
    const withMail = (user: string) =>
      eventOf(userOf(user, { contacts: [{ kind: 'email', value: 'x@x.fr' }] }));
    await submitTogether([now(withMail('a'), foreverKey(1)), now(withMail('b'), undefined)]);
    assert.equal(await countRows(engine.database, workspaceId, 'link'), 0);
    const keys = await engine.database.query<{ value: string }>(
      'select value from identity where workspace_id = $1 order by value',
      [workspaceId],
    );
    assert.deepEqual(
      keys.map((key) => key.value),
      ['a', 'b', 'x@x.fr'],
    );
  });
});
