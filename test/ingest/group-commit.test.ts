import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { GroupCommit, type GroupCommitLimits } from '../../src/ingest/group-commit.ts';
import { countRows, type Engine, eventOf, startEngine, submissionOf } from './engine.ts';

interface Work {
  readonly bytes: number;
  readonly size: number;
  readonly name: string;
  readonly yields?: boolean;
  readonly alone?: boolean;
}

let engine: Engine;
let first: WorkspaceId;
let second: WorkspaceId;

before(async () => {
  engine = await startEngine();
  first = engine.workspaceId;
  second = await engine.addWorkspace();
});
after(() => engine.close());

const roomy = { queueBytes: 1_000_000, batchBytes: 1_000_000, batchItems: 1000, waitMilliseconds: 60_000 };
const work = (name: string, part: Partial<Work> = {}): Work => ({ name, bytes: 10, size: 1, ...part });

/** Commits that take until they are let go; which batches there were. `boardsAtOnce`: only the commits take that long. */
function heldCommits(limits: Partial<GroupCommitLimits> = {}, boardsAtOnce = false) {
  const batches: { workspaceId: WorkspaceId; names: string[]; finish: (error?: Error) => void }[] = [];
  const group = new GroupCommit<Work, string>(
    (workspaceId, items, boarded) =>
      new Promise((resolve, reject) => {
        if (boardsAtOnce) setImmediate(boarded);
        const names = items.map((item) => item.name);
        const finish = (error?: Error) => (error ? reject(error) : resolve(names.map((name) => `${name}!`)));
        batches.push({ workspaceId, names, finish });
      }),
    { ...roomy, ...limits },
  );
  return { group, batches };
}

const turn = () => delay(5);

describe('the queue of a workspace', () => {
  it('does not take aboard what has waited too long: it is told so, and what came later is committed', async () => {
    const { group, batches } = heldCommits({ waitMilliseconds: 60 });
    const flying = group.add(first, work('flying'));
    await turn();
    const late = group.add(first, work('late'));
    assert.ok(group.oldestWaitingMilliseconds > 0);
    await delay(80);
    assert.ok(group.oldestWaitingMilliseconds >= 79);
    const fresh = group.add(first, work('fresh'));
    batches[0]!.finish();
    assert.equal(await late, 'waited');
    batches[1]!.finish();
    assert.deepEqual([await flying, await fresh], ['flying!', 'fresh!']);
    assert.equal(group.oldestWaitingMilliseconds, 0);
    assert.deepEqual(
      batches.map(({ names }) => names),
      [['flying'], ['fresh']],
    );
    assert.equal(group.queuedBytes, 0);
  });

  it('commits together what comes in one turn, and while one commit is on its way gathers the next', async () => {
    const { group, batches } = heldCommits();
    const answers = ['a', 'b'].map((name) => group.add(first, work(name)));
    await turn();
    answers.push(...['c', 'd', 'e'].map((name) => group.add(first, work(name))));
    await turn();
    assert.deepEqual(
      batches.map((batch) => batch.names),
      [['a', 'b']],
    );
    batches[0]!.finish();
    await turn();
    batches[1]!.finish();
    assert.deepEqual(await Promise.all(answers), ['a!', 'b!', 'c!', 'd!', 'e!']);
    assert.deepEqual(batches[1]!.names, ['c', 'd', 'e']);
    assert.equal(group.queuedBytes, 0);
    assert.equal(group.queuedItems, 0);
  });

  it('takes half of who is around behind a small batch, and in time all, so that some are answered while others are stored', async () => {
    const { group, batches } = heldCommits();
    const answers = [group.add(first, work('first'))];
    await turn();
    answers.push(...Array.from({ length: 31 }, (_, index) => group.add(first, work(String(index)))));
    for (let done = 0; done < 3; done++) {
      batches[done]!.finish();
      await turn();
    }
    await Promise.all(answers);
    assert.deepEqual(
      batches.map(({ names }) => names.length),
      [1, 16, 15],
    );
    assert.equal(batches.flatMap(({ names }) => names).join(), ['first', ...Array(31).keys()].join());
  });

  it('has the next board behind a small batch once as many wait as are in it, and none behind those two', async () => {
    const { group, batches } = heldCommits({}, true);
    const add = (names: string) => [...names].map((name) => group.add(first, work(name)));
    const answers = add('abc');
    await turn();
    answers.push(...add('de'));
    await turn();
    assert.equal(batches.length, 1);
    answers.push(...add('f'));
    await turn();
    answers.push(...add('ghi'));
    await turn();
    const namesOf = () => batches.map(({ names }) => names.join(''));
    assert.deepEqual(namesOf(), ['abc', 'def']);
    batches[0]!.finish();
    await turn();
    assert.deepEqual(namesOf(), ['abc', 'def', 'ghi']);
    batches[1]!.finish();
    batches[2]!.finish();
    assert.equal((await Promise.all(answers)).join(''), 'a!b!c!d!e!f!g!h!i!');
  });

  it('lets the next grow behind a large one until much waits', async () => {
    const { group, batches } = heldCommits({}, true);
    const answers = [group.add(first, work('large', { size: 300 }))];
    await turn();
    answers.push(group.add(first, work('small')));
    await turn();
    assert.equal(batches.length, 1);
    batches[0]!.finish();
    await turn();
    batches[1]!.finish();
    await Promise.all(answers);
  });

  it('answers queue-full beyond its bytes, over all workspaces, until something is committed', async () => {
    const { group, batches } = heldCommits({ queueBytes: 100 });
    const taken = group.add(first, work('a', { bytes: 60 }));
    assert.equal(group.add(second, work('b', { bytes: 41 })), 'queue-full');
    const other = group.add(second, work('c', { bytes: 40 }));
    assert.equal(group.add(first, work('d', { bytes: 1 })), 'queue-full');
    await turn();
    for (const batch of batches) batch.finish();
    assert.deepEqual(await Promise.all([taken, other]), ['a!', 'c!']);
    assert.notEqual(group.add(first, work('d', { bytes: 100 })), 'queue-full');
  });

  it('gives the bytes back when a commit fails, and rejects that batch alone', async () => {
    const { group, batches } = heldCommits({ queueBytes: 100 });
    const failing = group.add(first, work('a', { bytes: 90 }));
    await turn();
    batches[0]!.finish(new Error('no'));
    await assert.rejects(async () => failing, /no/);
    assert.equal(group.queuedBytes, 0);
    const next = group.add(first, work('b', { bytes: 90 }));
    await turn();
    batches[1]!.finish();
    assert.equal(await next, 'b!');
  });

  it('makes no batch larger than its limits, yet takes one item that is larger alone', async () => {
    const { group, batches } = heldCommits({ batchItems: 10, batchBytes: 500 });
    const items = [
      work('a', { size: 6 }),
      work('b', { size: 4 }),
      work('c', { size: 1 }),
      work('d', { size: 25 }),
      work('e', { bytes: 400 }),
      work('f', { bytes: 200 }),
      work('g', { bytes: 900 }),
    ];
    const answers = items.map((item) => group.add(first, item));
    for (let done = 0; done < 6; done++) {
      await turn();
      batches[done]!.finish();
    }
    await Promise.all(answers);
    assert.deepEqual(
      batches.map((batch) => batch.names.join('')),
      ['ab', 'c', 'd', 'e', 'f', 'g'],
    );
  });

  it('lets others go before what yields, fills the room that they leave with a little of it, and with as much as there is when they are gone', async () => {
    const { group, batches } = heldCommits({ batchItems: 300 });
    const rows = Array.from({ length: 500 }, (_, row) =>
      group.add(first, work(`row ${row}`, { yields: true })),
    );
    await turn();
    const single = group.add(first, work('single'));
    for (let done = 0; done < 2; done++) {
      batches[done]!.finish();
      await turn();
    }
    batches[2]!.finish();
    await Promise.all([...rows, single]);
    assert.deepEqual(
      batches.map(({ names }) => [names.length, names.includes('single')]),
      [
        [300, false],
        [101, true],
        [100, false],
      ],
    );
    assert.equal(batches[1]!.names[0], 'single');
    const all = batches.flatMap(({ names }) => names.filter((name) => name !== 'single'));
    assert.deepEqual(
      all,
      Array.from({ length: 500 }, (_, row) => `row ${row}`),
    );
  });

  it('gives rows that come as one a place in every second batch, however much the others send', async () => {
    const { group, batches } = heldCommits({ batchItems: 300 });
    const others = ['a', 'b', 'c'].map((name) => group.add(first, work(name, { size: 300 })));
    const rows = ['1', '2', '3'].map((name) => group.add(first, work(name, { size: 100, yields: true })));
    for (let done = 0; done < 6; done++) {
      await turn();
      batches[done]!.finish();
    }
    await Promise.all([...others, ...rows]);
    assert.equal(batches.map(({ names }) => names.join('')).join(), '1,a,2,b,3,c');
  });

  it('gives what yields and wants a batch of its own every second one, however many others there are', async () => {
    const { group, batches } = heldCommits();
    const answers = [group.add(first, work('first'))];
    await turn();
    const alone = { yields: true, alone: true };
    answers.push(...['row 1', 'row 2'].map((name) => group.add(first, work(name, alone))));
    for (let done = 0; done < 5; done++) {
      answers.push(group.add(first, work(`other ${done}`)));
      batches[done]!.finish();
      await turn();
    }
    batches[5]?.finish();
    await Promise.all(answers);
    const names = batches.map((batch) => batch.names);
    assert.ok(
      names.some((batch) => batch.join() === 'row 1') && names.some((batch) => batch.join() === 'row 2'),
    );
    assert.ok(names.findIndex((batch) => batch.includes('row 2')) <= 4, JSON.stringify(names));
  });

  it('does not wait for another workspace', async () => {
    const { group, batches } = heldCommits();
    group.add(first, work('slow'));
    await turn();
    const quick = group.add(second, work('quick'));
    await turn();
    batches.find((batch) => batch.workspaceId === second)!.finish();
    assert.equal(await quick, 'quick!');
    batches[0]!.finish();
  });

  it('answers everything that it has taken before it is drained, and takes nothing more', async () => {
    const { group, batches } = heldCommits({ batchItems: 1 });
    const answers = [group.add(first, work('a')), group.add(first, work('b')), group.add(second, work('c'))];
    let drained = false;
    const draining = group.drain().then(() => {
      drained = true;
    });
    assert.equal(group.add(first, work('d')), 'stopping');
    for (let done = 0; done < 3; done++) {
      await turn();
      assert.equal(drained, false);
      batches[done]!.finish();
    }
    assert.deepEqual(await Promise.all(answers), ['a!', 'b!', 'c!']);
    await draining;
    await group.drain();
  });
});

describe('the ingest', () => {
  it('answers retry-later when its queue is full, and stores none of that', async () => {
    const { ingest } = await engine.addProcess({ queueBytes: 1000 });
    const workspaceId = await engine.addWorkspace();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ingest.submit(workspaceId, submissionOf(eventOf(`u${index}`), { bytes: 400 })),
      ),
    );
    const committed = outcomes.filter((outcome) => outcome.kind === 'committed');
    const refused = outcomes.filter((outcome) => outcome.kind === 'retry-later');
    assert.ok(committed.length >= 2 && refused.length > 0);
    assert.deepEqual(refused[0], { kind: 'retry-later', afterSeconds: 1, cause: 'queue-full' });
    assert.equal(await countRows(engine.database, workspaceId, 'event'), committed.length);
    assert.equal(ingest.queuedBytes, 0);
  });

  it('drains by answering all that it took and then answers stopping', async () => {
    const { ingest } = await engine.addProcess();
    const workspaceId = await engine.addWorkspace();
    await ingest.submit(workspaceId, submissionOf({ kind: 'dropped', reason: 'warm-up' }));
    const taking = Array.from({ length: 300 }, (_, index) =>
      ingest.submit(workspaceId, submissionOf(eventOf(`u${index % 7}`))),
    );
    await delay(30);
    await ingest.drain();
    const outcomes = await Promise.all(taking);
    const committed = outcomes.filter((outcome) => outcome.kind === 'committed').length;
    assert.equal(await countRows(engine.database, workspaceId, 'event'), committed);
    assert.ok(committed > 0);
    assert.deepEqual(await ingest.submit(workspaceId, submissionOf(eventOf('late'))), {
      kind: 'retry-later',
      afterSeconds: 1,
      cause: 'stopping',
    });
  });

  it('lets a quiet workspace through while a busy one has a long queue', async () => {
    const busy = await engine.addWorkspace();
    const quiet = await engine.addWorkspace();
    let over = false;
    const flood = Array.from({ length: 400 }, async () => {
      while (!over) await engine.ingest.submit(busy, submissionOf(eventOf('u')));
    });
    await delay(200);
    const waits: number[] = [];
    for (let index = 0; index < 10; index++) {
      const started = performance.now();
      await engine.ingest.submit(quiet, submissionOf(eventOf('u')));
      waits.push(performance.now() - started);
    }
    over = true;
    await Promise.all(flood);
    assert.ok(Math.min(...waits) < 500, `waited ${waits.map(Math.round)} ms`);
    assert.equal(await countRows(engine.database, quiet, 'event'), 10);
  });
});
