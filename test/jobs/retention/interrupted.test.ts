import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { dialects } from '../../../src/dialects/registry.ts';
import { retainAll } from '../../../src/jobs/retention-rounds.ts';
import { Client, field } from '../../dialects/webmarketer/client.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { day, dumpTables, findFaults, retain, setDialects, tablesWith, trackOcteth } from './retention.ts';

const noon = Date.UTC(2026, 0, 10, 12);
const total = 600;
const logger = pino({ level: 'silent' });

let test: TestApp;

/** 600 events of 600 users, and 600 website events: three slices of each. */
before(async () => {
  test = await startTestApp();
  test.time.now = noon;
  await setDialects(test, test.workspace, {
    webmarketer: { retentionDurationInDays: 10 },
    octeth: { eventRetentionDays: 10 },
  });
  const client = new Client(test);
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
after(() => test.close());

const rowsLeft = async (): Promise<number> => {
  const [row] = await test.database.query<{ left: number }>(
    `select count(*) as left from event e
       join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id
      where e.properties::text like '%@private.example%' or t.dialect = 'octeth'`,
  );
  return row!.left;
};

describe('retention', () => {
  it('changes nothing in a dry run, which counts what a run then does', async () => {
    const before = await dumpTables(test);
    const dry = await retain(test, test.workspace, { dryRun: true });
    assert.deepEqual(await dumpTables(test), before);
    // Seven visitors, and an identify event for each.
    assert.deepEqual(dry, {
      anonymizedEvents: total,
      anonymizedTrash: 1,
      anonymizedUsers: total,
      deletedEvents: total + 7,
      more: false,
    });
  });

  it('loses nothing when a slice fails: all of it is undone, and done by the next run', async () => {
    await retain(test, test.workspace, { slices: 1 });
    const left = await rowsLeft();
    assert.ok(left > 0 && left < 2 * total + 7);
    const before = await dumpTables(test);
    // The last but one statement of a slice fails.
    await test.database.query(
      `alter table retention_progress add constraint crash check (scan <> 'events') not valid`,
    );
    await assert.rejects(retain(test, test.workspace, { slices: 1 }));
    await test.database.query('alter table retention_progress drop constraint crash');
    const after = await dumpTables(test);
    for (const [table, rows] of before)
      if (table !== 'retention_progress') assert.equal(after.get(table), rows, table);
    assert.deepEqual(await findFaults(test), []);
  });

  it('comes to its end one slice at a time, by several processes at once', async () => {
    const counts = { anonymizedEvents: 250, deletedEvents: 0 };
    for (let more = true, calls = 0; more; calls++) {
      const reports = await Promise.all([1, 2].map(() => retain(test, test.workspace, { slices: 1 })));
      more = reports.some((report) => report.more);
      for (const report of reports) {
        counts.anonymizedEvents += report.anonymizedEvents;
        counts.deletedEvents += report.deletedEvents;
      }
      assert.ok(calls < 50);
    }
    assert.deepEqual(counts, { anonymizedEvents: total, deletedEvents: total + 7 });
    assert.equal(await rowsLeft(), 0);
    assert.deepEqual(tablesWith(await dumpTables(test), '@private.example'), []);
    assert.deepEqual(await findFaults(test), []);
  });

  it('is done by the job once a day', async () => {
    const { database, workspaces } = test.app.services;
    const lines: string[] = [];
    const services = {
      database,
      workspaces,
      dialects,
      clock: () => test.time.now,
      logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    };
    const stopping = new AbortController();
    const visit = () =>
      trackOcteth(test, test.workspace, { Event: 'opened', Email: 'visitor1@shop.example' });
    await visit();
    test.time.now += 10.5 * day;
    await retainAll(services, stopping.signal);
    assert.equal(await rowsLeft(), 0);
    assert.equal(lines.length, 1);
    const { workspace, deletedEvents, msg } = JSON.parse(lines[0]!);
    assert.deepEqual([workspace, deletedEvents, msg], [test.workspace.created.id, 1, 'retention']);
    test.time.now -= 10.5 * day;
    await visit();
    test.time.now += 10.6 * day;
    await retainAll(services, stopping.signal);
    assert.equal(await rowsLeft(), 1);
    test.time.now += day;
    await retainAll({ ...services, logger }, stopping.signal);
    assert.equal(await rowsLeft(), 0);
    assert.deepEqual(await findFaults(test), []);
  });
});
