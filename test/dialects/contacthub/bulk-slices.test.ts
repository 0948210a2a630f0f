import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { bulkJob } from '../../../src/dialects/contacthub/bulk/bulk-job-kind.ts';
import { cleanUpBulkJobs } from '../../../src/dialects/contacthub/bulk/clean-up.ts';
import { JobRunner } from '../../../src/jobs/run-jobs.ts';
import { useApp } from '../../helpers/app.ts';
import { BulkClient } from './bulk-client.ts';

/** Its own jobs stand still: what is sent waits until a test runs it. */
const test = await useApp();
await test.app.services.jobs.stop();
let client: BulkClient;

beforeEach(async () => {
  client = new BulkClient(test, await test.addWorkspace());
});

/** Fewer than ten rows. */
const pace = { windowBytes: 150, sliceMilliseconds: 0 };

/** A process of its own, that reads a few rows in a slice. */
function runner(services: Partial<typeof test.app.services> = {}, sliceMilliseconds = 0): JobRunner {
  const all = { ...test.app.services, ...services };
  return new JobRunner({ ...test.app.services, logger: pino({ level: 'silent' }) }, () => [
    bulkJob(all, { ...pace, sliceMilliseconds }),
  ]);
}

async function dueOf(bulkJobId: string) {
  const { body } = await client.native.call('GET', '/jobs');
  const job = body.jobs.find((one: { subject: string }) => one.subject === bulkJobId);
  assert.ok(job, JSON.stringify(body));
  assert.equal(job.kind, 'contacthub-bulk');
  return { workspaceId: client.workspace.created.id, id: job.id };
}

const ofPages = { entity: 'EVENT', eventType: 'viewedPage', operation: 'INSERT' };

function pageRows(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => `s-${index},WEB,Page ${index}\n`);
  return `sessionId,context,properties.title\n${rows.join('')}`;
}

async function titles(): Promise<string[]> {
  const { body } = await client.call('GET', '/events?size=1000');
  return body.elements.map((event: { properties: { title: string } }) => event.properties.title).sort();
}

const fifty = Array.from({ length: 50 }, (_, index) => `Page ${index}`).sort();

describe('a file on its way', () => {
  it('is LOADED, then PROCESSING with counts that move, then PROCESSED; results are there at the end alone', async () => {
    const { body: loaded } = await client.send(pageRows(50), ofPages);
    assert.deepEqual([loaded.status, loaded.totalEntities, loaded.processedEntities], ['LOADED', 50, 0]);
    const early = await client.get(`/${loaded.id}/results`);
    assert.equal(early.status, 409);
    const due = await dueOf(loaded.id);
    const seen: number[] = [];
    for (let slice = 0; slice < 20; slice++) {
      await runner().run(due, { slices: 1 });
      const job = await client.read(loaded.id);
      seen.push(job.processedEntities);
      if (job.status === 'PROCESSED') break;
      assert.equal(job.status, 'SCHEDULED');
      assert.equal((await client.get(`/${loaded.id}/results`)).status, 409);
      const { body: native } = await client.native.call('GET', `/jobs/${due.id}`);
      assert.deepEqual(native.progress, { done: job.processedEntities, failed: 0, total: 50 });
    }
    assert.ok(seen.length > 3 && seen.every((count, index) => index === 0 || count > (seen[index - 1] ?? 0)));
    assert.equal(seen.at(-1), 50);
    const results = await client.resultsOf(loaded.id);
    assert.deepEqual(
      results.map(([row]) => Number(row)),
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    assert.deepEqual(await titles(), fifty);
  });

  it('is gone on with by another process when one dies between two slices', async () => {
    const { body: loaded } = await client.send(pageRows(50), ofPages);
    const due = await dueOf(loaded.id);
    await runner().run(due, { slices: 2 });
    assert.equal((await client.read(loaded.id)).status, 'SCHEDULED');
    await runner().runToEnd(due);
    assert.equal((await client.read(loaded.id)).status, 'PROCESSED');
    assert.deepEqual(await titles(), fifty);
    assert.equal((await client.resultsOf(loaded.id)).length, 50);
  });

  it('does no row twice, and goes on where it was, when a process dies behind the rows and before it was told so', async () => {
    const { body: loaded } = await client.send(`${pageRows(50)}s-x,,broken\n`, ofPages);
    const due = await dueOf(loaded.id);
    const { ingest } = test.app.services;
    const deaf = Object.assign(Object.create(ingest), {
      submitAll: async (...sent: Parameters<typeof ingest.submitAll>) => {
        await ingest.submitAll(...sent);
        throw new Error('died');
      },
    });
    const dying = runner({ ingest: deaf });
    for (let death = 1; death <= 2; death++) {
      await assert.rejects(dying.run(due), /died/);
      const done = (await titles()).length;
      assert.ok(done > 0 && done < 50);
      assert.equal((await client.read(loaded.id)).processedEntities, done);
    }
    await runner().runToEnd(due);
    assert.deepEqual(await titles(), fifty);
    const results = await client.resultsOf(loaded.id);
    assert.deepEqual(
      results.map(([row]) => Number(row)),
      Array.from({ length: 51 }, (_, index) => index + 1),
    );
    const ids = results.slice(0, 50).map(([, outcome, id]) => (outcome === 'OK' ? id : outcome));
    assert.equal(new Set(ids).size, 50);
    const { body } = await client.native.call('GET', '/accounting');
    const [hour] = body.hours;
    assert.deepEqual([hour.stored, hour.closes], [50, true]);
  });

  it('does no row before those that could not be stored, though they were sent behind them', async () => {
    const { body: loaded } = await client.send(pageRows(50), ofPages);
    const due = await dueOf(loaded.id);
    const { ingest } = test.app.services;
    let sent = 0;
    const full = Object.assign(Object.create(ingest), {
      submitAll: async (...[id, rows]: Parameters<typeof ingest.submitAll>) =>
        ++sent === 2
          ? rows.map(() => ({ kind: 'retry-later', afterSeconds: 1, cause: 'queue-full' }))
          : ingest.submitAll(id, rows),
    });
    await runner({ ingest: full }, 60_000).run(due, { slices: 1 });
    assert.ok(sent > 2);
    const { processedEntities } = await client.read(loaded.id);
    const first = Array.from({ length: processedEntities }, (_, index) => `Page ${index}`).sort();
    assert.ok(processedEntities > 0 && processedEntities < 20);
    assert.deepEqual(await titles(), first);
    await runner().runToEnd(due);
    assert.deepEqual(await titles(), fifty);
    const results = await client.resultsOf(loaded.id);
    assert.deepEqual(
      results.map(([row]) => Number(row)),
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  it('is read once when two processes are at it', async () => {
    const { body: loaded } = await client.send(pageRows(50), ofPages);
    const due = await dueOf(loaded.id);
    await Promise.all([runner().runToEnd(due), runner().runToEnd(due), runner().runToEnd(due)]);
    assert.deepEqual(await titles(), fifty);
    assert.equal((await client.read(loaded.id)).processedEntities, 50);
    assert.equal((await client.resultsOf(loaded.id)).length, 50);
  });

  it('waits while the workspace is suspended, to add and to delete, and does it all once it is enabled', async () => {
    const { id } = await client.create('ann@example.com');
    const added = await client.send(pageRows(3), ofPages);
    const deleted = await client.send(`id\n${id}\n`, { operation: 'DELETE' });
    const jobs = await Promise.all([added, deleted].map(({ body }) => dueOf(body.id)));
    await client.native.call('PATCH', '', { body: { status: 'suspended' } });
    for (const due of jobs) await assert.rejects(runner().run(due), /suspended|nothing of the workspace/);
    for (const { body } of [added, deleted]) {
      const { status, processedEntities } = await client.read(body.id);
      assert.deepEqual([status, processedEntities], ['LOADED', 0]);
    }
    assert.equal((await client.call('GET', `/customers/${id}`)).status, 200);
    assert.deepEqual(await titles(), []);
    assert.equal((await client.send(pageRows(1), ofPages)).status, 403);
    await client.native.call('PATCH', '', { body: { status: 'enabled' } });
    for (const due of jobs) await runner().runToEnd(due);
    assert.deepEqual(await titles(), ['Page 0', 'Page 1', 'Page 2']);
    assert.equal((await client.call('GET', `/customers/${id}`)).status, 404);
    for (const { body } of [added, deleted]) assert.equal((await client.read(body.id)).status, 'PROCESSED');
  });

  it('waits while the keys of its node are made anew', async () => {
    const { body: loaded } = await client.send('externalId,base.contacts.email\n1,a@example.com\n');
    const due = await dueOf(loaded.id);
    const rule = { uniqueCustomer: { properties: ['externalId'], caseSensitive: false } };
    await client.native.call('PATCH', `/contacthub/nodes/${client.nodeId}`, { body: rule });
    await assert.rejects(runner().run(due), /made anew/);
    assert.equal((await client.read(loaded.id)).status, 'LOADED');
    const reindex = await client.native.call('GET', '/jobs');
    const job = reindex.body.jobs.find((one: { kind: string }) => one.kind === 'contacthub-reindex');
    const all = test.app.services;
    const { reindexJob } = await import('../../../src/dialects/contacthub/node/reindex.ts');
    const other = new JobRunner({ ...all, logger: pino({ level: 'silent' }) }, () => [reindexJob(all)]);
    await other.runToEnd({ workspaceId: due.workspaceId, id: job.id });
    await runner().runToEnd(due);
    assert.deepEqual(
      (await client.resultsOf(loaded.id)).map(([, outcome]) => outcome),
      ['OK'],
    );
  });
});

describe('a node', () => {
  it('has ten LOADED jobs at most, also of twenty that are sent at once; a file that is read makes room', async () => {
    const sent = await Promise.all(Array.from({ length: 20 }, () => client.send(pageRows(1), ofPages)));
    const loaded = sent.filter(({ status }) => status === 201);
    assert.equal(loaded.length, 10);
    for (const { status, body } of sent.filter((reply) => !loaded.includes(reply))) {
      assert.equal(status, 409);
      assert.match(body.message, /10 bulk jobs/);
    }
    assert.equal((await client.get('?status=LOADED')).body.page.totalElements, 10);
    await runner().runToEnd(await dueOf(loaded[0]?.body.id));
    assert.equal((await client.send(pageRows(1), ofPages)).status, 201);
    assert.equal((await client.send(pageRows(1), ofPages)).status, 409);
  });
});

describe('what bulk jobs leave', () => {
  it('is cleared away 30 days after their end: results, files and keys of rows that delete', async () => {
    const before = await countOfEach();
    const { body: old } = await client.send(pageRows(30), ofPages);
    await runner().runToEnd(await dueOf(old.id));
    const { body: event } = await client.call('GET', '/events?size=1');
    const { body: deleting } = await client.send(`id\n${event.elements[0].id}\n`, {
      ...ofPages,
      operation: 'DELETE',
    });
    await runner().runToEnd(await dueOf(deleting.id));
    const day = 24 * 60 * 60 * 1000;
    const kept = await countOfEach();
    assert.deepEqual([kept.bulk_file, kept.dedupe_forever - before.dedupe_forever], [before.bulk_file, 1]);
    await cleanUpBulkJobs(test.database, Date.now() + 29 * day);
    assert.equal((await client.resultsOf(old.id)).length, 30);
    await cleanUpBulkJobs(test.database, Date.now() + 31 * day);
    assert.equal((await client.get(`/${old.id}`)).status, 404);
    assert.deepEqual(await countOfEach(), { bulk_job: 0, bulk_file: 0, bulk_result: 0, dedupe_forever: 0 });
    assert.equal((await titles()).length, 29);
  });
});

async function countOfEach() {
  const count = (table: Parameters<typeof test.store.count>[0]) => test.store.count(table);
  return {
    bulk_job: await count('bulk_job'),
    bulk_file: await count('bulk_file'),
    bulk_result: await count('bulk_result'),
    dedupe_forever: await count('dedupe_forever'),
  };
}
