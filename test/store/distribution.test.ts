import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const folder = join(import.meta.dirname, '..', '..', 'sql');

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
