import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { connectDatabase } from '../../src/store/database.ts';
import { runHere } from '../cli/server-process.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { useFolder } from '../helpers/folder.ts';
import type { Reply } from '../helpers/vendor-client.ts';
import { addTenant } from '../security/two-tenants.ts';
import { urlOf, useInstallation } from './places.ts';
import { type Question, questionsOf } from './questions.ts';

const origin = await useInstallation('first');
const embedded = join(await useFolder(), 'data');
let questions: Question[];
const expected = new Map<Question, Reply>();
let second: TestDatabase;
let place: TestApp | undefined;

before(async () => {
  origin.test.time.now = Date.now();
  const tenant = await addTenant(origin.test, 'moving', '1001');
  questions = await questionsOf(origin, tenant);
  for (const question of questions) expected.set(question, await question.ask(origin));
  second = await createTestDatabase();
});
after(async () => {
  await place?.close();
  await second.drop();
});

it('refuses while a server is at work on the database, and what makes no sense', async () => {
  await origin.refuse(/still connected to the database.*stop it first/, 'copy', '--to', urlOf(second.target));
  const nothing = await origin.run('copy');
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /--to is missing/);
  assert.equal((await origin.run('copy', '--to', 'postgres://[')).code, 2);
  await origin.test.app.close();
  await origin.test.database.close();
});

it('copies an external database into a data folder, with the files beside it, and verifies it there', async () => {
  writeFileSync(join(origin.dataDir, 'credentials.json'), '{}', { mode: 0o600 });
  const said = await origin.succeed('copy', '--to', embedded);
  assert.match(said, /^event +\d+$/m);
  assert.match(said, /moving +order-gapless +ok/);
  assert.doesNotMatch(said, /FAILED/);
  assert.ok(existsSync(join(embedded, 'credentials.json')));
});

it('refuses a target that is not empty, and leaves it as it is', async () => {
  await origin.refuse(/the target is not empty: it has rows in /, 'copy', '--to', embedded);
  const { code, stdout } = await runHere(['verify', '--data-dir', embedded]);
  assert.equal(code, 0, stdout);
});

it('copies that data folder back into another database, where every question is answered as it was', async () => {
  const back = await runHere(['copy', '--data-dir', embedded, '--to', urlOf(second.target)]);
  assert.equal(back.code, 0, back.stderr + back.stdout);
  const database = await connectDatabase(second.target, 4);
  place = await startTestApp({ database, slug: 'later' });
  place.time.now = origin.test.time.now;
  const copied = { ...origin, test: place };
  const differing: string[] = [];
  for (const question of questions) {
    const [was, is] = [expected.get(question)!, await question.ask(copied)];
    if (isOfWorkspace(question) && comparable(was) !== comparable(is))
      differing.push(`${question.name}\n  ${was.status} ${was.text}\n  ${is.status} ${is.text}`);
  }
  assert.deepEqual(differing, []);
});

it('leaves nothing in a target where a table can’t be stored', async () => {
  const third = await createTestDatabase();
  try {
    await third.database.query(`
      create function refuse_row() returns trigger language plpgsql as $$
        begin raise exception 'no such row' using errcode = '23514'; end $$;
      create trigger refuse before insert on touchpoint for each row execute function refuse_row();`);
    await third.database.close();
    const { code, stderr } = await runHere(['copy', '--data-dir', embedded, '--to', urlOf(third.target)]);
    assert.equal(code, 1);
    assert.match(stderr, /the rows of touchpoint can't be stored: no such row/);
    const database = await connectDatabase(third.target, 1);
    const rows = await database.query('select from workspace union all select from event');
    assert.equal(rows.length, 0);
    await database.close();
  } finally {
    await third.drop();
  }
});

it('has no sequence to carry: numbers are counted in rows', async () => {
  const database = await connectDatabase(second.target, 1);
  const sequences = await database.query("select relname from pg_class where relkind = 'S'");
  assert.equal(sequences.length, 0);
  await database.close();
});

/** The rest is of the process, or told anew with each question. */
function isOfWorkspace({ name }: Question): boolean {
  return !/^GET \/throughline\/v1\/(system|workspaces\/:workspace\/keys) by/.test(name);
}

function comparable({ status, bytes }: Reply): string {
  const text = bytes.toString('latin1').replaceAll(/"refused":\d+,"refusedBy":\{[^}]*\}/g, '"refused"');
  return `${status} ${text}`;
}
