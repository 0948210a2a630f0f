import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { releaseClaims } from '../../src/core/job/due-job-store.ts';
import type { JobRequest } from '../../src/core/job/job.ts';
import { claimJob, readJob, requestJob, restartJob } from '../../src/core/job/job-store.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { lockHead } from '../../src/core/workspace/workspace-store.ts';
import type { JobKind, LockedSlice } from '../../src/jobs/job-kind.ts';
import { JobRunner } from '../../src/jobs/run-jobs.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { useApp } from '../helpers/app.ts';

const minute = 60_000;

const test = await useApp({ freshWorkspace: true });
let workspaceId: WorkspaceId;
let time: number;
/** What slices did, in order. */
let did: string[];

beforeEach(() => {
  workspaceId = test.workspace.created.id;
  time = Date.now();
  did = [];
});

afterEach(() => test.database.query('delete from job where workspace_id = $1', [workspaceId]));

/** Counts to the number that was asked for, one a slice. */
const counting: JobKind = { name: 'counting', under: 'head-lock', slice: async (slice) => count(slice) };

function count({ job }: Pick<LockedSlice, 'job'>) {
  const at = Number(job.cursor?.at ?? 0) + 1;
  const total = Number(job.input.total);
  did.push(`${job.input.name ?? ''}${at}`);
  return {
    cursor: { at },
    progress: { done: at, failed: 0, total },
    ...(at === total ? { result: { counted: at } } : {}),
  };
}

function runnerOf(...kinds: JobKind[]): JobRunner {
  return new JobRunner(
    { database: test.database, clock: () => time, logger: pino({ level: 'silent' }) },
    () => kinds,
  );
}

function ask(request: Partial<JobRequest> = {}): Promise<string> {
  const whole = { kind: 'counting', input: { total: 3 }, requestedBy: 'a test', ...request };
  return requestJob(test.database, workspaceId, whole, new Date(time));
}

async function read(id: string) {
  const job = await readJob(test.database, workspaceId, id);
  assert.ok(job);
  return job;
}

describe('a job', () => {
  it('is done slice by slice, and shows how far it has come', async () => {
    const id = await ask();
    const runner = runnerOf(counting);
    const partly = await runner.run({ workspaceId, id }, { slices: 2 });
    assert.ok(partly !== 'busy');
    assert.deepEqual([partly.state, partly.progress], ['waiting', { done: 2, failed: 0, total: 3 }]);
    await runner.settle();
    const job = await read(id);
    assert.deepEqual(did, ['1', '2', '3']);
    assert.deepEqual([job.state, job.result, job.progress.done], ['finished', { counted: 3 }, 3]);
    assert.ok(job.startedAt && job.finishedAt);
  });

  it('is one with another of its kind and subject that is open, and a new one after its end', async () => {
    const first = await ask();
    assert.equal(await ask(), first);
    assert.notEqual(await ask({ subject: 'other' }), first);
    await runnerOf(counting).settle();
    assert.notEqual(await ask(), first);
  });

  it('goes on from the last slice that was stored when its process dies', async () => {
    const id = await ask();
    const dead = {
      by: '00000000-0000-7000-8000-000000000001',
      now: new Date(time),
      until: new Date(time + minute),
    };
    await runnerOf(counting).run({ workspaceId, id }, { slices: 1 });
    assert.ok(await claimJob(test.database, { workspaceId, id }, dead));
    const runner = runnerOf(counting);
    assert.equal(await runner.run({ workspaceId, id }), 'busy');
    await runner.settle();
    assert.deepEqual(did, ['1'], 'it is held by the one that died');
    time += minute;
    await runner.settle();
    assert.deepEqual(did, ['1', '2', '3']);
  });

  it('stores nothing of a slice whose claim has run out', async () => {
    const id = await ask();
    const thief = {
      by: '00000000-0000-7000-8000-000000000002',
      now: new Date(time),
      until: new Date(time + minute),
    };
    const slow: JobKind = {
      name: 'counting',
      under: 'claim',
      slice: async (slice) => {
        const step = count(slice);
        time += 2 * minute;
        await claimJob(
          test.database,
          { workspaceId, id },
          { ...thief, now: new Date(time), until: new Date(time + minute) },
        );
        return step;
      },
    };
    await runnerOf(slow).settle();
    const job = await read(id);
    assert.deepEqual([job.cursor, job.state], [null, 'running']);
  });

  it('begins again when it is asked for anew while a slice is under way', async () => {
    const id = await ask();
    let isFirst = true;
    const interrupted: JobKind = {
      name: 'counting',
      under: 'claim',
      slice: async (slice) => {
        const step = count(slice);
        if (isFirst) {
          isFirst = false;
          await inTransaction(test.database, async (tx) => {
            await lockHead(tx, workspaceId);
            await restartJob(tx, workspaceId, id, { total: 2, name: 'anew-' }, new Date(time));
          });
        }
        return step;
      },
    };
    await runnerOf(interrupted).settle();
    assert.deepEqual(did, ['1', 'anew-1', 'anew-2']);
    assert.deepEqual((await read(id)).result, { counted: 2 });
  });

  it('is done once, however many processes look', async () => {
    const ids = await Promise.all(
      [1, 2, 3, 4].map((name) => ask({ subject: String(name), input: { total: 5, name } })),
    );
    await Promise.all([1, 2, 3].map(() => runnerOf(counting).settle()));
    for (const id of ids) assert.equal((await read(id)).state, 'finished');
    assert.equal(did.length, 20);
    assert.equal(new Set(did).size, 20);
  });

  it('that fails is tried again, later each time, and says why', async () => {
    const id = await ask();
    let failures = 2;
    const failing: JobKind = {
      name: 'counting',
      under: 'head-lock',
      slice: async (slice) => {
        if (failures-- > 0) throw new Error('there is no paper');
        return count(slice);
      },
    };
    const runner = runnerOf(failing);
    await runner.settle();
    let job = await read(id);
    assert.deepEqual([job.state, job.error, job.attempts], ['waiting', 'there is no paper', 1]);
    time += 5_000;
    await runner.settle();
    assert.equal((await read(id)).attempts, 2);
    time += 5_000;
    await runner.settle();
    assert.equal((await read(id)).attempts, 2, 'ten seconds have not passed');
    time += 5_000;
    await runner.settle();
    job = await read(id);
    assert.deepEqual([job.state, job.error, job.attempts], ['finished', null, 0]);
  });

  it('that fails for ten hours is given up, and a new one can be asked for', async () => {
    const id = await ask();
    const hopeless: JobKind = {
      name: 'counting',
      under: 'head-lock',
      slice: () => Promise.reject(new Error('no')),
    };
    const runner = runnerOf(hopeless);
    for (let attempts = 0; attempts < 20; attempts++) {
      await runner.settle();
      time += 60 * minute;
    }
    const job = await read(id);
    assert.deepEqual([job.state, job.attempts, job.error], ['failed', 20, 'no']);
    assert.notEqual(await ask(), id);
  });

  it('is not given up for a database that can’t work, however long: it goes on when that can again', async () => {
    const id = await ask();
    let isFull = true;
    const unlucky: JobKind = {
      name: 'counting',
      under: 'head-lock',
      slice: async (slice) => {
        if (isFull)
          await slice.tx.query(
            `do $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`,
          );
        return count(slice);
      },
    };
    const runner = runnerOf(unlucky);
    for (let attempts = 0; attempts < 25; attempts++) {
      await runner.settle();
      time += 60 * minute;
    }
    assert.equal((await read(id)).state, 'waiting');
    isFull = false;
    await runner.settle();
    assert.equal((await read(id)).state, 'finished');
  });

  it('of processes that live no more is gone on with at once where somebody knows that, whatever their clock was', async () => {
    const id = await ask();
    const dead = {
      by: '00000000-0000-7000-8000-000000000003',
      now: new Date(time),
      until: new Date(time + 180 * minute),
    };
    assert.ok(await claimJob(test.database, { workspaceId, id }, dead));
    await releaseClaims(test.database);
    await runnerOf(counting).settle();
    assert.equal((await read(id)).state, 'finished');
  });

  it('ends early when the process stops, and is another’s at once', async () => {
    const id = await ask({ input: { total: 1000 } });
    const stopped = runnerOf(counting);
    await stopped.look();
    await stopped.stop();
    const job = await read(id);
    assert.equal(job.state, 'waiting');
    assert.ok(job.progress.done < 1000);
    const next = await runnerOf(counting).run({ workspaceId, id }, { slices: 1 });
    assert.ok(next !== 'busy' && next.progress.done === job.progress.done + 1);
  });
});
