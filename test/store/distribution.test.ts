import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const folder = join(import.meta.dirname, '..', '..', 'sql');

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());

function migrations(): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

it('distributes or copies every table that a migration makes', () => {
  const text = migrations();
  const made = [...text.matchAll(/create table (\w+) (?!partition of)/g)].map((match) => match[1]!);
  const distribution = readdirSync(join(folder, 'citus'))
    .map((name) => readFileSync(join(folder, 'citus', name), 'utf8'))
    .join('\n');
  const placed = [...distribution.matchAll(/create_(?:reference|distributed)_table\('(\w+)'/g)].map(
    (match) => match[1]!,
  );
  assert.deepEqual([...made].sort(), [...placed].sort());
});

it('leads the key of every tenant table with the workspace', () => {
  for (const [, table, body] of migrations().matchAll(/create table (\w+) \(\n([\s\S]*?)\n\)/g)) {
    if (!body!.includes('workspace_id integer not null,')) continue;
    for (const [, columns] of body!.matchAll(/(?:primary key|unique) \(([^)]*)\)/g)) {
      if (table === 'dialect_binding' || table === 'account') continue;
      assert.match(columns!, /^workspace_id\b/, `a key of ${table} does not lead with workspace_id`);
    }
  }
});

it('tells the rows of every table apart, so that shards can be moved while they are written', async () => {
  const rows = await own.database.query<{ name: string }>(
    `select c.relname::text as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relreplident <> 'i'
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  );
  assert.deepEqual(
    rows.map(({ name }) => name),
    [],
  );
});

it('returns from a change no more than its rows have: Citus refuses what a statement returns by a function that is not immutable', () => {
  const files = globSync('src/**/*.ts', { cwd: join(import.meta.dirname, '..', '..') });
  const returned = files.flatMap((file) =>
    [
      ...readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8').matchAll(
        /\breturning\s[^`']*?\b(pg_\w+|now|clock_timestamp|txid_\w+|random|gen_random_uuid)\(/g,
      ),
    ].map(([text]) => `${file}: ${text}`),
  );
  assert.deepEqual(returned, []);
});

it('compares in each `when` of a case: Citus makes a cast of the short form where a statement writes', () => {
  const files = globSync('src/**/*.ts', { cwd: join(import.meta.dirname, '..', '..') });
  const short = files.flatMap((file) =>
    [
      ...readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8').matchAll(
        /\bcase\s+[\w.]+\s+when\b.*/g,
      ),
    ].map(([text]) => `${file}: ${text}`),
  );
  assert.deepEqual(short, []);
});
