import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { inSnapshot } from '../../src/store/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());

it('goes on to the next table where the last row of one is longer than what waits to be read', {
  timeout: 30_000,
}, async () => {
  const lengths = await inSnapshot(own.database, async ({ copyOut }) => {
    const read = async (statement: string) => (await text(await copyOut(statement))).length;
    return [
      await read("copy (select repeat('x', 200000)) to stdout"),
      await read('copy (select where false) to stdout'),
      await read("copy (select repeat('x', 70000) from generate_series(1, 3)) to stdout"),
      await read('copy (select 1) to stdout'),
    ];
  });
  assert.deepEqual(lengths, [200_001, 0, 210_003, 2]);
});

it('tells whoever reads of an error that comes with the first rows, and of one that comes before them', {
  timeout: 30_000,
}, async () => {
  for (const statement of [
    'copy (select 1 / (3 - row) from generate_series(1, 5) row) to stdout',
    "copy (select repeat('x', 70000), 1 / (3 - row) from generate_series(1, 5) row) to stdout",
    'copy (select 1 / 0) to stdout',
  ])
    await assert.rejects(
      inSnapshot(own.database, async ({ copyOut }) => text(await copyOut(statement))),
      /division by zero/,
    );
  assert.equal(
    await inSnapshot(own.database, async ({ copyOut }) => text(await copyOut('copy (select 1) to stdout'))),
    '1\n',
  );
});
