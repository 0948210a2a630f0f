import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { pino } from 'pino';
import { scrubEmbedded } from '../../src/store/backends/embedded.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startTestApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { useFolder } from '../helpers/folder.ts';
import { bob, defineOrder, tellOf } from './person.ts';
import { address, mark, phone, plant, plantLate } from './plant.ts';

const logger = pino({ level: 'fatal' });
const dataDir = await useFolder();

/** The ways in which a value can stand in a file. A letter of the mark is escaped in none of JSON and percent-encoding. */
const spellings = [
  ...[mark, mark.toLowerCase(), mark.toUpperCase()].map((value) => Buffer.from(value).toString('hex')),
  mark.toLowerCase(),
  ...[phone.slice(1), address].flatMap((value) => [value, Buffer.from(value).toString('hex')]),
];

/** The files of the data folder in which something of the person stands. */
async function search(): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = (await readFile(path)).toString('latin1').toLowerCase();
    for (const spelling of spellings) {
      const at = bytes.indexOf(spelling);
      if (at >= 0) found.push(`${path.slice(dataDir.length)}: ${bytes.slice(Math.max(0, at - 60), at + 60)}`);
    }
  }
  return found;
}

it('leaves no byte of an erased person in the data folder, once it is scrubbed', async (t) => {
  const database = await openDatabase({ dataDir, databaseUrl: undefined, databasePoolSize: 4 }, logger);
  await migrate(database);
  const test = await startTestApp({ database, environment: { THROUGHLINE_DATA_DIR: dataDir } });
  let isOpen = true;
  t.after(() => isOpen && test.close());
  await defineOrder(test);
  const extendedProperties = { nickname: { type: 'string', indexed: true } };
  const events = { viewedPage: { extended: { motto: { type: 'string', indexed: true } } } };
  const dialects = { contacthub: { extendedProperties, events } };
  assert.equal((await test.native.call('PATCH', '', { body: { dialects } })).status, 200);
  const id = await plant(test);
  await tellOf(test, bob);
  // As autovacuum does by itself: samples of values go to the statistics.
  await test.database.query('analyze');
  assert.ok((await search()).length > 0);
  assert.ok((await test.store.quarantined()).length >= 3);
  const { status, body } = await test.native.call('POST', `/people/${id}/erase`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.finished, true);
  await plantLate(test);
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  isOpen = false;
  await test.close();
  await scrubEmbedded({ dataDir, logger });
  assert.deepEqual(await search(), []);
  const again = await openDatabase({ dataDir, databaseUrl: undefined, databasePoolSize: 4 }, logger);
  const [kept] = await again.query<{ total: number }>(
    'select count(*) as total from event where properties::text <> $1',
    ['{}'],
  );
  await again.close();
  assert.equal(kept?.total, 7, 'of who was not erased');
});
