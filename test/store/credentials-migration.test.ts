import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');

let own: TestDatabase;
let former: string;

/** The tables as they were before credentials were of kinds, with what a workspace had then. */
before(async () => {
  own = await createTestDatabase();
  former = await mkdtemp(join(tmpdir(), 'tl-sql-'));
  for (const name of await readdir(sql))
    if (name.endsWith('.sql') && name < '000016') await cp(join(sql, name), join(former, name));
  await own.database.query('drop schema public cascade; create schema public');
  await migrate(own.database, former);
  await own.database.query(`
    insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
    values (1, gen_random_uuid(), 'w', 'W', 'UTC', 'EUR', '{}', now());
    insert into account (dialect, name, id, workspace_id, password_hash, public_key, settings, created_at) values
      ('octeth', 'w-octeth', '00000000-0000-7000-8000-000000000001', 1, 'scrypt$a$b', null, '{}', now()),
      ('webmarketer', 'client', '00000000-0000-7000-8000-000000000002', 1, null, 'PEM',
       '{"serviceAccountEmail": "w@x", "privateKeyId": "kid"}', now());
    insert into credential (secret_hash, id, workspace_id, dialect, role, name, settings, created_at, expires_at) values
      ('\\x01', '00000000-0000-7000-8000-000000000011', 1, 'octeth', 'user', 'w user', '{}', now(), null),
      ('\\x02', '00000000-0000-7000-8000-000000000012', 1, 'octeth', 'user', 'session of w user',
       '{"madeFrom": "00000000-0000-7000-8000-000000000011"}', now(), now() + interval '1 day'),
      ('\\x03', '00000000-0000-7000-8000-000000000013', 1, 'octeth', 'user', 'session of w-octeth', '{}', now(), now() + interval '1 day'),
      ('\\x04', '00000000-0000-7000-8000-000000000014', 1, 'webmarketer', 'refresh-token', 'client', '{"clientId": "client"}', now(), now() + interval '1 day'),
      ('\\x05', '00000000-0000-7000-8000-000000000015', 1, 'webmarketer', 'service-account', 'client', '{}', now(), now() + interval '1 hour'),
      ('\\x06', '00000000-0000-7000-8000-000000000016', null, 'native', 'admin', 'administrator', '{}', now(), null);
    insert into dialect_binding (dialect, kind, external_id, workspace_id, settings)
    values ('signals', 'app', '1', 1, '{"appSecret": "hmac", "verifyToken": "agreed"}');
  `);
});
after(async () => {
  await rm(former, { recursive: true });
  await own.drop();
});

it('what was issued before has its kind, what it was made from and what it is checked by', async () => {
  await migrate(own.database);
  const rows = await own.database.query<Record<string, string | null>>(
    `select kind, dialect, subject, right(made_from::text, 2) as maker, settings::text as settings,
            case kind when 'verify-token' then (verifier = encode(sha256('agreed'), 'hex'))::text else verifier end as verifier
       from credential order by kind, right(id::text, 2)`,
  );
  assert.deepEqual(
    rows.map(({ kind, dialect, subject, maker, verifier, settings }) =>
      [kind, dialect, subject, maker, verifier, settings].join(' | '),
    ),
    [
      'access-token | webmarketer |  | 02 |  | {}',
      'app-secret | signals | 1 |  | hmac | {}',
      'key | octeth |  |  |  | {}',
      'key | native |  |  |  | {}',
      'password | octeth | w-octeth |  | scrypt$a$b | {}',
      'refresh-token | webmarketer |  | 02 |  | {}',
      'service-account-key | webmarketer | client |  | PEM | {"privateKeyId": "kid"}',
      'session | octeth |  | 11 |  | {}',
      'session | octeth |  | 01 |  | {}',
      'verify-token | signals | 1 |  | true | {}',
    ],
  );
  const [binding] = await own.database.query<{ settings: object }>('select settings from dialect_binding');
  assert.deepEqual(binding?.settings, {});
});
