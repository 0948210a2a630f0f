import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase } from '../../src/store/database.ts';
import { isConnectionError } from '../../src/store/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());

/** How many connections the database still has, seen by how many statements the server runs at once. */
async function countWorkingConnections(): Promise<number> {
  const rows = await Promise.all(
    Array.from({ length: 16 }, () =>
      own.database.query<{ pid: number }>('select pg_backend_pid() as pid, pg_sleep(0.03)'),
    ),
  );
  return new Set(rows.map(([row]) => row?.pid)).size;
}

/** In every way that the driver can meet a lost connection: also one that it has not noticed yet. */
test('every statement is answered, and no connection less is there, however often connections are lost', {
  timeout: 30_000,
}, async () => {
  const size = await countWorkingConnections();
  assert.ok(size > 1);
  let loaded = true;
  const unexpected: unknown[] = [];
  const load = async (): Promise<void> => {
    while (loaded) {
      await own.database.query('select $1::integer', [1]).catch((error: unknown) => {
        if (!isConnectionError(error)) unexpected.push(error);
      });
      // From the phase of the event loop between reading and closing sockets.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const clients = Array.from({ length: 8 }, load);
  for (let round = 0; round < 60; round++) {
    await delay(5 + Math.random() * 15);
    await own.database
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where pid <> pg_backend_pid() and datname = current_database() and application_name = 'throughline'`,
      )
      .catch(() => {});
  }
  loaded = false;
  await Promise.all(clients);
  assert.deepEqual(unexpected, []);
  assert.equal(await countWorkingConnections(), size);
});

test('no connection outlives its database, however many statements were under way', async () => {
  const ours = () =>
    own.database.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`,
    );
  const before = new Set((await ours()).map(({ pid }) => pid));
  for (let round = 0; round < 3; round++) {
    const database = await connectDatabase(own.target, 8);
    const statements = Array.from({ length: 28 }, (_, index) =>
      database.query(index === 5 ? 'select nothing' : 'select pg_sleep(0.05)'),
    );
    const answers = Promise.allSettled(statements);
    await Promise.race(statements).catch(() => {});
    await database.close();
    await answers;
  }
  let left: { pid: number }[] = [];
  for (let tries = 0; tries < 20; tries++) {
    left = (await ours()).filter(({ pid }) => !before.has(pid));
    if (left.length === 0) break;
    await delay(50);
  }
  assert.deepEqual(left, []);
});
