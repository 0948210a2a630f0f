import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { dialects } from '../../../src/dialects/registry.ts';
import { requestDueRetention } from '../../../src/jobs/retention-rounds.ts';
import { field, WebmarketerClient } from '../../dialects/webmarketer/client.ts';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { day, dumpTables, findFaults, retain, setDialects, tablesWith, trackOcteth } from './retention.ts';

const noon = Date.UTC(2026, 0, 10, 12);
const total = 600;

const test = await useApp();

/** 600 events of 600 users, and 600 website events: three slices of each. */
before(async () => {
  test.time.now = noon;
  await setDialects(test, test.workspace, {
    webmarketer: { retentionDurationInDays: 10 },
    octeth: { eventRetentionDays: 10 },
  });
  const client = new WebmarketerClient(test);
  await client.defineType('order', [
    field('user', 'email', 'mail', { discriminant: true, isPii: true }),
    field('statistic', 'number', 'articles'),
  ]);
  const sending = Array.from({ length: total }, async (_, index) => {
    const mail = `somebody${index}@private.example`;
    await client.sendFine({ eventType: 'order', nonce: `n${index}`, data: { mail, articles: index } });
    await trackOcteth(test, test.workspace, { Event: 'opened', Email: `visitor${index % 7}@shop.example` });
  });
  await Promise.all(sending);
  await client.send({ eventType: 'order', nonce: 'bad', data: { mail: 'not somebody@private.example' } });
  test.time.now = noon + 11 * day;
});

const rowsLeft = async (): Promise<number> => {
  const [row] = await test.database.query<{ left: number }>(
    `select count(*) as left from event e
       join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id
      where e.properties::text like '%@private.example%' or t.dialect = 'octeth'`,
  );
  return row!.left;
};

const lastJob = async () => (await ask(test, 'GET', at(test.workspace, '/jobs'))).body.jobs[0];

describe('retention', () => {
  it('changes nothing in a dry run, which counts what a run then does', async () => {
    const before = await dumpTables(test);
    const dry = await ask(test, 'POST', at(test.workspace, '/retention'), { body: { dryRun: true } });
    assert.deepEqual(await dumpTables(test), before);
    // Seven visitors, and an identify event for each.
    assert.deepEqual(dry.body, {
      dryRun: true,
      more: false,
      webmarketer: { anonymizedEvents: total, anonymizedTrash: 1, anonymizedUsers: total },
      octeth: { deletedEvents: total + 7 },
      contacthub: { deletedCustomerEvents: 0 },
    });
  });

  it('shows how far it has come, while it is not at its end', async () => {
    await retain(test, test.workspace, { slices: 1 });
    const left = await rowsLeft();
    assert.ok(left > 0 && left < 2 * total + 7);
    const job = await lastJob();
    assert.deepEqual([job.kind, job.state, job.result], ['retention', 'waiting', null]);
    assert.deepEqual(job.progress, { done: 250, failed: 0, total: null });
  });

  it('loses nothing when a slice fails: all of it is undone, and it says so and is tried again later', async () => {
    const before = await dumpTables(test);
    // The last statements of a slice fail.
    await test.database.query(
      `alter table retention_progress add constraint crash check (scan <> 'events') not valid`,
    );
    const reply = await ask(test, 'POST', at(test.workspace, '/retention'));
    await test.database.query('alter table retention_progress drop constraint crash');
    assert.equal(reply.status, 500);
    const after = await dumpTables(test);
    for (const [table, rows] of before)
      if (!['retention_progress', 'job'].includes(table)) assert.equal(after.get(table), rows, table);
    const job = await lastJob();
    assert.deepEqual([job.state, job.attempts, job.progress.done], ['waiting', 1, 250]);
    assert.match(job.error, /crash/);
    assert.ok(Date.parse(job.dueAt) > test.time.now);
    assert.deepEqual(await findFaults(test), []);
    await test.app.services.jobs.settle();
    assert.equal((await lastJob()).progress.done, 250, 'it is not tried before its time');
  });

  it('comes to its end one slice at a time, by several processes at once, each slice once', async () => {
    for (let more = true, calls = 0; more; calls++) {
      const reports = await Promise.all([1, 2].map(() => retain(test, test.workspace, { slices: 1 })));
      more = reports.every((report) => report.more);
      assert.ok(calls < 50);
    }
    const job = await lastJob();
    assert.deepEqual(job.result, {
      anonymizedEvents: total,
      anonymizedTrash: 1,
      anonymizedUsers: total,
      deletedEvents: total + 7,
      deletedCustomerEvents: 0,
    });
    assert.deepEqual([job.state, job.progress.done], ['finished', 3 * total + 8]);
    assert.equal(await rowsLeft(), 0);
    assert.deepEqual(tablesWith(await dumpTables(test), '@private.example'), []);
    assert.deepEqual(await findFaults(test), []);
  });

  it('is asked for once a day, where there is a policy', async () => {
    const other = await test.addWorkspace();
    const { jobs } = test.app.services;
    const round = async () => {
      await requestDueRetention({ ...test.app.services, dialects }, new AbortController().signal);
      await jobs.settle();
    };
    const visit = () =>
      trackOcteth(test, test.workspace, { Event: 'opened', Email: 'visitor1@shop.example' });
    await visit();
    test.time.now += 10.5 * day;
    await round();
    assert.equal(await rowsLeft(), 0);
    const job = await lastJob();
    assert.deepEqual([job.requestedBy, job.result.deletedEvents], ['schedule', 1]);
    test.time.now -= 10.5 * day;
    await visit();
    test.time.now += 10.6 * day;
    await round();
    assert.equal(await rowsLeft(), 1);
    assert.equal((await lastJob()).id, job.id);
    test.time.now += day;
    await round();
    assert.equal(await rowsLeft(), 0);
    assert.deepEqual((await ask(test, 'GET', at(other, '/jobs'))).body.jobs, []);
    await visit();
    test.time.now += 2 * day;
    await visit();
    test.time.now += 9 * day;
    await retain(test, test.workspace, { slices: 1 });
    test.time.now += 2 * day;
    await retain(test);
    assert.equal(await rowsLeft(), 1, 'the rest of a run does what was due when it began');
    await round();
    assert.equal(await rowsLeft(), 0, 'and the next one follows at once');
    assert.deepEqual(await findFaults(test), []);
  });
});
