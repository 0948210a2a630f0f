import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { splitStatements } from '../../src/store/split-statements.ts';

it('ends a statement at its semicolon alone', () => {
  const cases: [text: string, statements: string[]][] = [
    ['', []],
    ['-- nothing; at all\n;;\n/* ; */', []],
    ['select 1', ['select 1']],
    ['select 1; select 2;\n', ['select 1', 'select 2']],
    [
      "-- why; so\nselect 'a;''b;' as \"c;\" -- d;\n from e;",
      ["-- why; so\nselect 'a;''b;' as \"c;\" -- d;\n from e"],
    ],
    ['select 4 / 2 - 1 /* ; */;select 3', ['select 4 / 2 - 1 /* ; */', 'select 3']],
    [
      'do $$ begin perform 1; end $$; create function f() returns text as $x$ select $$;$$; $x$; select $1',
      [
        'do $$ begin perform 1; end $$',
        'create function f() returns text as $x$ select $$;$$; $x$',
        'select $1',
      ],
    ],
  ];
  for (const [text, statements] of cases) assert.deepEqual(splitStatements(text), statements, text);
});

it('loses nothing of a migration', () => {
  const folder = join(import.meta.dirname, '..', '..', 'sql');
  const bare = (text: string) => text.replace(/[\s;]/g, '');
  for (const file of globSync('**/*.sql', { cwd: folder })) {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.equal(bare(splitStatements(text).join('')), bare(text), file);
  }
});
