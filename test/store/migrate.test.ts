import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { migrate } from '../../src/store/migrate.ts';
import { StartupError } from '../../src/store/startup-error.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;
let folder: string;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());
beforeEach(async () => {
  // The template has the real schema; these tests bring their own.
  await own.database.sql.unsafe('drop schema public cascade; create schema public');
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
    (error) => error instanceof StartupError && /000001_first was edited/.test(error.message),
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
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(folder, 'citus'));
  await writeFile(join(folder, 'citus', '000001_distribute.sql'), 'create table distributed (id integer)');
  const distributed = { ...own.database, capabilities: { ownsServer: false, distributesTables: true } };
  assert.deepEqual(await migrate(distributed, folder), {
    applied: ['000001_first', '000002_second', '000001_distribute'],
  });
});
