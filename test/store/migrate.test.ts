import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { findMigrationProblems } from '../../scripts/check-migrations.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StartupError } from '../../src/store/startup-error.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const released = join(import.meta.dirname, '..', '..', 'sql');

let own: TestDatabase;
let folder: string;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());
beforeEach(async () => {
  // The template has the real schema; these tests bring their own.
  await own.database.query('drop schema public cascade; create schema public');
  folder = await mkdtemp(join(tmpdir(), 'tl-sql-'));
  await writeMigration('000001_first.sql', 'create table first (id integer); insert into first values (1);');
  await writeMigration('000002_second.sql', 'create table second (id integer); select pg_sleep(0.05);');
});
afterEach(() => rm(folder, { recursive: true }));

function writeMigration(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}

test('migrations run in order, once', async () => {
  assert.deepEqual(await migrate(own.database, folder), { applied: ['000001_first', '000002_second'] });
  assert.deepEqual(await migrate(own.database, folder), { applied: [] });
  await writeMigration('000003_third.sql', 'alter table second add column name text');
  assert.deepEqual(await migrate(own.database, folder), { applied: ['000003_third'] });
});

test('of several that migrate at once each migration runs in exactly one', async () => {
  const results = await Promise.all(Array.from({ length: 4 }, () => migrate(own.database, folder)));
  assert.deepEqual(results.flatMap((result) => result.applied).sort(), ['000001_first', '000002_second']);
  assert.equal((await own.database.query('select from first')).length, 1);
});

test('a migration that fails leaves nothing of itself', async () => {
  await writeMigration('000003_broken.sql', 'create table third (id integer); select 1 / 0;');
  await assert.rejects(migrate(own.database, folder), /division by zero/);
  const [left] = await own.database.query<{ third: string | null; applied: number }>(
    `select to_regclass('third')::text as third, (select count(*) from schema_migration) as applied`,
  );
  assert.deepEqual({ ...left }, { third: null, applied: 2 });
});

test('an applied migration that was edited is refused by name', async () => {
  await migrate(own.database, folder);
  await writeMigration('000001_first.sql', 'create table first (id bigint);');
  await assert.rejects(
    migrate(own.database, folder),
    (error) =>
      error instanceof StartupError &&
      /another text of migration 000001_first .*start the version that last ran on it.*sql\/000001_first\.sql/.test(
        error.message,
      ),
  );
});

test('a database newer than the code is refused', async () => {
  await migrate(own.database, folder);
  await rm(join(folder, '000002_second.sql'));
  await assert.rejects(
    migrate(own.database, folder),
    (error) => error instanceof StartupError && /newer than this version.*000002_second/.test(error.message),
  );
});

test('a file that is not named like a migration is refused', async () => {
  await writeMigration('3_third.sql', 'select 1');
  await assert.rejects(migrate(own.database, folder), StartupError);
});

test('the distribution runs after the tables where the backend distributes them', async () => {
  await mkdir(join(folder, 'citus'));
  await writeFile(join(folder, 'citus', '000001_distribute.sql'), 'create table distributed (id integer)');
  const distributed = { ...own.database, capabilities: { ownsServer: false, distributesTables: true } };
  assert.deepEqual(await migrate(distributed, folder), {
    applied: ['000001_first', '000002_second', '000001_distribute'],
  });
});

/** The files as they were before conversations' recount had a migration of its own, changed by `edit`. */
async function writeFormerMigrations(edit: (name: string, text: string) => [string, string]): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
  for (const name of (await readdir(released)).filter((file) => /^0000(0\d|1[0-5])_.*\.sql$/.test(file))) {
    await writeMigration(...edit(name, await readFile(join(released, name), 'utf8')));
  }
}

/** Two workspaces with stored messages; of the first a recount of one campaign has ended. */
async function storeMessages(): Promise<void> {
  await own.database.query(`
    insert into event_type (workspace_id, id, public_id, dialect, name, version, created_at, updated_at)
      select w, 1, gen_random_uuid(), 'signals', 'message', 1, now(), now() from generate_series(1, 2) as w;
    insert into conversation_recount (workspace_id, campaign_ids, total, done, requested_at, updated_at, finished_at)
      values (1, '["c"]', 5, 5, now(), now(), now())`);
}

async function readRecounts(): Promise<object[]> {
  const rows = await own.database.query(
    `select workspace_id as workspace, input->'campaignIds' as campaigns, state = 'waiting' as waits
       from job where kind = 'recount' order by workspace_id`,
  );
  return [...rows];
}

const recountsOfAll = [1, 2].map((workspace) => ({ workspace, campaigns: null, waits: true }));

async function assertRecordsAreReleased(): Promise<void> {
  const records = await own.database.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migration order by number',
  );
  const lines = records.map(({ name, checksum }) => `${checksum}  ${name}.sql`);
  assert.deepEqual(
    lines,
    (await readManifest()).filter((line) => !line.includes('citus/')),
  );
}

async function readManifest(): Promise<string[]> {
  return (await readFile(join(released, 'SHA256SUMS'), 'utf8')).trim().split('\n');
}

test('a database of 4fb7fbe, whose migration 15 was number 19, is brought to now', async () => {
  await writeFormerMigrations((name, text) => [
    name.replace('000015_touchpoints', '000019_touchpoints'),
    text,
  ]);
  assert.equal((await migrate(own.database, folder)).applied.at(-1), '000019_touchpoints_by_time');
  await storeMessages();
  const { applied } = await migrate(own.database);
  assert.ok(applied.includes('000016_recount_stored_messages'));
  assert.ok(!applied.includes('000015_touchpoints_by_time'));
  assert.deepEqual(await readRecounts(), recountsOfAll);
  await assertRecordsAreReleased();
});

test('a database of 533fbf7, whose messages were never folded, has them folded', async () => {
  await writeFormerMigrations((name, text) => [name, text]);
  await migrate(own.database, folder);
  await storeMessages();
  await migrate(own.database);
  assert.deepEqual(await readRecounts(), recountsOfAll);
  await assertRecordsAreReleased();
});

test('a database of 81d28fb, which applied the edited migration 13, is brought to now', async () => {
  await writeFormerMigrations((name, text) => [
    name,
    name.startsWith('000013')
      ? `${text}
-- Messages that were stored before these tables were there: the job that takes up recounts folds their leads.
insert into conversation_recount (workspace_id, total, done, requested_at, updated_at)
select distinct workspace_id, 0, 0, now(), now() from event_type where dialect = 'signals' and name = 'message';
`
      : text,
  ]);
  await migrate(own.database, folder);
  await own.database.query(`insert into conversation_recount (workspace_id, total, done, requested_at, updated_at, finished_at)
    values (7, 3, 3, now(), now(), now())`);
  await storeMessages();
  await migrate(own.database);
  const finished = { workspace: 7, campaigns: null, waits: false };
  assert.deepEqual(await readRecounts(), [...recountsOfAll, finished]);
  await assertRecordsAreReleased();
});

test('every migration is as it was when it was first applied', () => {
  assert.deepEqual(findMigrationProblems(), []);
});
