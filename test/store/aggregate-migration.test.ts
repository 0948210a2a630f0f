import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');
const id = (number: number) => `00000000-0000-7000-8000-0000000000${number}`;

let own: TestDatabase;
let former: string;

/** The tables as they were when the ids of aggregates' customers were made of what their parts had alike: one of two parts, one of a merged record. */
before(async () => {
  own = await createTestDatabase();
  former = await mkdtemp(join(tmpdir(), 'tl-sql-'));
  for (const name of await readdir(sql))
    if (name.endsWith('.sql') && name < '000082') await cp(join(sql, name), join(former, name));
  await own.database.query('drop schema public cascade; create schema public');
  await migrate(own.database, former);
  await own.database.query(`
    insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
    values (1, gen_random_uuid(), 'w', 'W', 'Europe/Paris', 'EUR', '{}', now());
    insert into workspace_head (workspace_id, seq, config_version, last_node_id) values (1, 9, 1, 3);
    insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, version, created_at, updated_at)
    select 1, p.id::uuid, 1, false, p.seq, p.record::uuid, p.record::uuid, '{}', 1, now(), now()
      from (values ('${id(11)}', '${id(11)}', 1), ('${id(12)}', '${id(12)}', 2), ('${id(13)}', '${id(13)}', 3), ('${id(14)}', '${id(13)}', 4))
        as p (id, record, seq);
    insert into aggregate_part (workspace_id, record_id, node_id, customer_id, created_seq) values
      (1, '${id(11)}', 3, '${id(21)}', 1), (1, '${id(12)}', 3, '${id(21)}', 2), (1, '${id(13)}', 3, '${id(22)}', 3);
    insert into aggregate_customer (workspace_id, id, node_id, created_seq, attributes, version, created_at, updated_at) values
      (1, '${id(21)}', 3, 1, '{}', 1, now(), now()), (1, '${id(22)}', 3, 3, '{}', 1, now(), now());
  `);
});
after(async () => {
  await rm(former, { recursive: true });
  await own.drop();
});

it('customers of aggregates keep their ids when parts bring them along, and a rebuild finds out the rest of merged records', async () => {
  await migrate(own.database);
  const parts = await own.database.query<{ profile_id: string; customer_id: string; own: string | null }>(
    'select profile_id, customer_id, own, alike, since from aggregate_part where workspace_id = 1 order by since',
  );
  const [one, two, three, four] = parts;
  assert.deepEqual(
    [one, three].map((part) => part?.customer_id),
    [id(21), id(22)],
  );
  assert.equal(new Set(parts.map((part) => part.customer_id)).size, 4);
  assert.deepEqual(
    [two, four].map((part) => part?.own),
    [id(21), null],
  );
  const customers = await own.database.query<{ id: string; alike: string }>(
    'select id, alike from aggregate_customer where workspace_id = 1',
  );
  assert.deepEqual(
    customers.map((one) => one.id === one.alike),
    [true, true],
  );
  const jobs = await own.database.query<{ subject: string }>(
    "select subject from job where workspace_id = 1 and kind = 'rebuild'",
  );
  assert.deepEqual(
    jobs.map(({ subject }) => subject),
    ['aggregateParts'],
  );
});
