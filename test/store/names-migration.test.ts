import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { loadWorkspace } from '../../src/core/workspace/workspace-store.ts';
import { workspaceParts } from '../../src/dialects/registry.ts';
import { names } from '../../src/projections/names/names.ts';
import { migrate } from '../../src/store/migrate.ts';
import { joinDocuments } from '../../src/store/parameters.ts';
import { onlyRow } from '../../src/store/queryable.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import fc from '../helpers/fast-check.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');
const profiles = 1500;
let own: TestDatabase;
let former: string;

/** Letters with and without marks and case, of scripts that any version of Unicode has, what stands between words, and what is folded to more. */
const character = fc.oneof(
  fc.constantFrom(...' \t\n-\'"\\.,:*&|!()_’\u00a0\u0085\u200b\u3000\ufeff\u2028، '),
  fc.constantFrom(...'abzABZ09éÈüÿñÅçßẞΣσςİıǅﬁﷺﾊＡ①林ひ한\u0301\u0308\u064e'),
  fc.integer({ min: 0x20, max: 0x1bff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x1e00, max: 0x2fff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0xf900, max: 0xfdcf }).map((code) => String.fromCodePoint(code)),
  fc.constantFrom('👩‍👩‍👧', '𝓐'),
);
const name = fc.oneof(
  { weight: 8, arbitrary: fc.array(character, { maxLength: 80 }).map((characters) => characters.join('')) },
  { weight: 1, arbitrary: fc.constantFrom(null, 7, true, ['Ann'], { a: 'Ann' }) },
);
const path = fc.constantFrom('firstName', 'base.lastName', 'name', 'fields.full_name', 'fields.city');
const attributes = fc
  .dictionary(path, name, { noNullPrototype: true })
  .map((values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value, 1]])));

before(async () => {
  own = await createTestDatabase();
  former = await mkdtemp(join(tmpdir(), 'tl-sql-'));
  for (const file of await readdir(sql))
    if (file.endsWith('.sql') && file < '000078') await cp(join(sql, file), join(former, file));
  await own.database.query('drop schema public cascade; create schema public');
  await migrate(own.database, former);
  await own.database.query(`
    insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at)
    values (1, gen_random_uuid(), 'w', 'W', 'Europe/Paris', 'EUR', '{}', now());
    insert into workspace_head (workspace_id, seq) values (1, ${profiles});
  `);
  let given: object[] = [];
  // One sample of the run's seed.
  fc.assert(
    fc.property(fc.array(attributes, { minLength: profiles, maxLength: profiles, size: 'max' }), (sample) => {
      given = sample;
    }),
    { numRuns: 1 },
  );
  await own.database.query(
    `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, created_at, updated_at)
     select 1, made.id, 1, false, made.number, made.id, made.id, made.attributes, now(), now()
       from (select gen_random_uuid() as id, number, attributes
               from unnest(string_to_array($1::text, E'\\x1e')::jsonb[]) with ordinality as g (attributes, number)) made`,
    [joinDocuments(given.map((one) => JSON.stringify(one)))],
  );
});
after(async () => {
  await rm(former, { recursive: true });
  await own.drop();
});

it('people of a data folder of before are found by the words that the process makes of their names', async () => {
  await migrate(own.database);
  const workspace = await loadWorkspace(own.database, 1 as WorkspaceId, workspaceParts);
  const named = onlyRow(
    await own.database.query<{ rows: number }>('select count(*)::integer as rows from profile_name'),
  );
  assert.ok(named.rows > profiles / 2);
  assert.deepEqual(await names.verify(own.database, workspace), {
    name: 'names-equal',
    ok: true,
    detail: 'people are found by the words of their names',
  });
});
