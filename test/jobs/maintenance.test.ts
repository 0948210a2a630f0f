import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { hashKey } from '../../src/core/dedupe/dedupe.ts';
import { insertWindowKeys, readWindowKeys } from '../../src/core/dedupe/dedupe-store.ts';
import { coveredAhead, listPartitions } from '../../src/core/dedupe/partitions.ts';
import { listJobs, requestJob } from '../../src/core/job/job-store.ts';
import { createWorkspace } from '../../src/core/workspace/create-workspace.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { maintain } from '../../src/jobs/maintenance.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const logger = pino({ level: 'silent' });
const hour = 60 * 60 * 1000;
const noon = Date.parse('2026-03-01T12:00:00Z');

let own: TestDatabase;
let workspaceId: WorkspaceId;

before(async () => {
  own = await createTestDatabase();
  const workspace = { slug: 'jobs', name: 'jobs', timezone: 'UTC', currency: 'EUR' };
  workspaceId = (await createWorkspace(own.database, workspace, new Date(noon), dialects)).id;
});
after(() => own.drop());
beforeEach(async () => {
  for (const name of await listPartitions(own.database)) {
    await own.database.query(name.endsWith('_rest') ? `delete from ${name}` : `drop table ${name}`);
  }
});

function key(text: string) {
  return { scope: 'webengage-events', hash: hashKey(text), window: 'four-hours' } as const;
}

async function spend(text: string, firstAt: number) {
  await inTransaction(own.database, (tx) =>
    insertWindowKeys(tx, workspaceId, [{ key: key(text), eventId: null, outcome: 'stored', firstAt }]),
  );
}

async function countOf(table: string): Promise<number> {
  const [row] = await own.database.query<{ total: number }>(`select count(*)::int as total from ${table}`);
  return row!.total;
}

describe('maintenance of the dedupe window', () => {
  it('makes the partitions of this hour and the next three, once', async () => {
    await maintain(own.database, noon + 1, logger);
    assert.equal(coveredAhead(await listPartitions(own.database), noon + 1), 4 * hour - 1);
    assert.equal(coveredAhead(await listPartitions(own.database), noon + 4 * hour), 0);
    await maintain(own.database, noon + 2, logger);
    assert.deepEqual(await listPartitions(own.database), [
      'dedupe_window_2026030112',
      'dedupe_window_2026030113',
      'dedupe_window_2026030114',
      'dedupe_window_2026030115',
      'dedupe_window_rest',
    ]);
  });

  it('drops a partition when its window has passed, and not before', async () => {
    await maintain(own.database, noon, logger);
    await spend('a', noon + hour - 1);
    const lastOpen = noon + 5 * hour - 2;
    await maintain(own.database, lastOpen, logger);
    assert.equal((await readWindowKeys(own.database, workspaceId, [key('a')], lastOpen)).size, 1);
    assert.ok((await listPartitions(own.database)).includes('dedupe_window_2026030112'));
    await maintain(own.database, noon + 6 * hour, logger);
    assert.ok(!(await listPartitions(own.database)).includes('dedupe_window_2026030112'));
  });

  it('leaves keys of an hour without a partition in the default one, and clears them in time', async () => {
    await spend('early', noon + 1);
    assert.equal(await countOf('dedupe_window_rest'), 1);
    await maintain(own.database, noon + 2, logger);
    const known = await readWindowKeys(own.database, workspaceId, [key('early')], noon + 3);
    assert.equal(known.size, 1);
    const partitions = await listPartitions(own.database);
    assert.ok(!partitions.includes('dedupe_window_2026030112'), 'the default one holds that hour');
    assert.ok(partitions.includes('dedupe_window_2026030113'), 'the other hours are made all the same');
    await maintain(own.database, noon + 6 * hour, logger);
    assert.equal(await countOf('dedupe_window_rest'), 0);
  });

  it('is safe in several processes at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => maintain(own.database, noon, logger)));
    await maintain(own.database, noon, logger);
    assert.equal((await listPartitions(own.database)).length, 5);
  });

  it('gives way to a transaction that writes keys, and makes up for it later', async () => {
    await inTransaction(own.database, async (tx) => {
      await insertWindowKeys(tx, workspaceId, [
        { key: key('slow'), eventId: null, outcome: 'stored', firstAt: noon - 9 * hour },
      ]);
      await maintain(own.database, noon, logger);
      assert.deepEqual(await listPartitions(own.database), ['dedupe_window_rest']);
    });
    await maintain(own.database, noon, logger);
    assert.equal((await listPartitions(own.database)).length, 5);
  });
});

describe('maintenance of jobs', () => {
  it('deletes what was over 90 days ago, but for the last of its kind and subject', async () => {
    const day = 24 * hour;
    const finish = async (subject: string, at: number) => {
      const now = new Date(at);
      const wanted = { kind: 'counting', subject, requestedBy: 'a test' };
      const id = await requestJob(own.database, workspaceId, wanted, now);
      await own.database.query(
        `update job set state = 'finished', finished_at = $3 where workspace_id = $1 and id = $2`,
        [workspaceId, id, now],
      );
      return id;
    };
    const old = await finish('often', noon - 100 * day);
    const kept = [
      await finish('often', noon - 95 * day),
      await finish('often', noon - 10 * day),
      await finish('once', noon - 100 * day),
    ];
    await maintain(own.database, noon, logger);
    const left = (await listJobs(own.database, workspaceId, null, 10)).map((job) => job.id);
    assert.ok(!left.includes(old));
    assert.deepEqual(left.sort(), kept.slice(1).sort(), 'the one of 95 days ago goes, too');
  });
});
