import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openProbe } from '../../src/store/driver.ts';
import { createSessionPool } from '../../src/store/session-pool.ts';
import {
  CommitInDoubtError,
  inTransaction,
  isConnectionError,
  sqlState,
  type Transaction,
} from '../../src/store/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { fastest } from '../helpers/fastest.ts';

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
  await own.database.query('create table item (id integer primary key, value text)');
  // Checked only at commit, so it makes the server busy or unhappy inside the commit itself.
  await own.database.query(`
    create table pledge (id integer primary key, wait double precision not null);
    create function keep_pledge() returns trigger language plpgsql as $$
      begin
        perform pg_sleep(new.wait);
        if new.id < 0 then raise exception 'no' using errcode = '23514'; end if;
        return new;
      end $$;
    create constraint trigger keep_pledge after insert on pledge
      deferrable initially deferred for each row execute function keep_pledge();`);
});
after(() => own.drop());
beforeEach(async () => {
  await own.database.query('truncate item, pledge');
});

const insert = 'insert into item (id, value) values ($1, $2)';

async function itemIds(): Promise<number[]> {
  const rows = await own.database.query<{ id: number }>('select id from item order by id');
  return rows.map((row) => row.id);
}

async function backendId(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
  return row!.pid;
}

async function killBackend(pid: number): Promise<void> {
  await own.database.query('select pg_terminate_backend($1, 5000)', [pid]);
}

test('statements sent without waiting are committed together, in their order', async () => {
  const counts = await inTransaction(own.database, async (tx) => {
    const answers = [
      tx.query(insert, [1, 'a']),
      tx.query(insert, [2, 'b']),
      tx.query('update item set value = $1', ['c']),
    ];
    return { answers };
  });
  assert.deepEqual(
    (await Promise.all(counts.answers)).map((answer) => answer.count),
    [1, 1, 2],
  );
  assert.deepEqual(await itemIds(), [1, 2]);
});

test('a pipelined transaction costs one round trip, not one per statement', async () => {
  const latencyMs = 30;
  const { path, host, port } = openProbe(own.target, 10_000).options;
  const proxy = createServer((client) => {
    const server = path ? connect(path) : connect(port[0] as number, host[0]);
    client.on('data', (bytes) => void delay(latencyMs).then(() => server.write(bytes)));
    server.on('data', (bytes) => client.write(bytes));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  assert.ok(address && typeof address === 'object');
  const proxied = {
    ...own.target,
    options: { ...own.target.options, host: '127.0.0.1', port: address.port },
  };
  const sessions = createSessionPool(proxied, 1, { statementMilliseconds: 10_000 });
  const write = () =>
    inTransaction({ sessions }, async (tx) => {
      const writes = [1, 2, 3, 4, 5, 6].map((id) => tx.query('select $1::integer', [id]));
      return { writes };
    });
  try {
    await write();
    const elapsed = await fastest(write);
    assert.ok(elapsed < 3 * latencyMs, `took ${elapsed} ms`);
  } finally {
    await sessions.close();
    proxy.close();
  }
});

test('an error of the caller rolls back and the session serves the next transaction', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      await tx.query(insert, [1, 'a']);
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.deepEqual(await itemIds(), []);
  await inTransaction(own.database, (tx) => tx.query(insert, [2, 'b']));
  assert.deepEqual(await itemIds(), [2]);
});

test('a failed statement that nobody awaits fails the transaction with its own error', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      const writes = [tx.query(insert, [1, 'a']), tx.query(insert, [1, 'again']), tx.query(insert, [2, 'b'])];
      return { writes };
    }),
    (error) => sqlState(error) === '23505',
  );
  assert.deepEqual(await itemIds(), []);
});

test('a failed statement that the caller swallows still rolls back', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      await tx.query(insert, [1, 'a']);
      await tx.query('select 1 / $1::integer', [0]).catch(() => {});
    }),
    (error) => sqlState(error) === '22012',
  );
  assert.deepEqual(await itemIds(), []);
});

test('a value that PostgreSQL cannot store shows a state of class 22', async () => {
  const store = (value: string) => inTransaction(own.database, (tx) => tx.query('select $1::jsonb', [value]));
  await assert.rejects(store('{"a":"\\u0000"}'), (error) => sqlState(error)?.startsWith('22') === true);
  await assert.rejects(store('{"a":"\\ud800"}'), (error) => sqlState(error)?.startsWith('22') === true);
  await assert.rejects(store('{"a":1e400000}'), (error) => sqlState(error)?.startsWith('22') === true);
  await assert.rejects(
    inTransaction(own.database, (tx) => tx.query(insert, [1, 'nul \0'])),
    (error) => sqlState(error)?.startsWith('22') === true,
  );
  await assert.rejects(
    store(`${'['.repeat(50_000)}${']'.repeat(50_000)}`),
    (error) => sqlState(error)?.startsWith('54') === true,
  );
});

test('a value that cannot be sent is refused without disturbing its neighbours', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      const good = tx.query(insert, [1, 'a']);
      const bad = tx.query(insert, [2, new Date(Number.NaN)]);
      bad.catch(() => {});
      assert.equal((await good).count, 1);
    }),
    TypeError,
  );
  assert.deepEqual(await itemIds(), []);
  await inTransaction(own.database, (tx) => tx.query(insert, [3, 'c']));
  assert.deepEqual(await itemIds(), [3]);
});

test('a backend killed between two statements is a certain rollback, and nothing runs outside the transaction', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      await tx.query(insert, [1, 'a']);
      await killBackend(await backendId(tx));
      await tx.query(insert, [2, 'b']).catch(() => {});
      await tx.query(insert, [3, 'c']);
    }),
    (error) => isConnectionError(error) && !(error instanceof CommitInDoubtError),
  );
  assert.deepEqual(await itemIds(), []);
  await inTransaction(own.database, (tx) => tx.query(insert, [4, 'd']));
  assert.deepEqual(await itemIds(), [4]);
});

test('a backend killed during a statement before commit was sent is a certain rollback', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      const pid = await backendId(tx);
      const slow = tx.query('select pg_sleep($1)', [10]);
      await delay(50);
      await killBackend(pid);
      await slow;
    }),
    (error) => isConnectionError(error) && !(error instanceof CommitInDoubtError),
  );
});

test('a backend killed while it commits leaves the caller in doubt', async () => {
  await assert.rejects(
    inTransaction(own.database, async (tx) => {
      const pid = await backendId(tx);
      await tx.query('insert into pledge values (1, $1)', [10]);
      void delay(100).then(() => killBackend(pid));
    }),
    CommitInDoubtError,
  );
  await inTransaction(own.database, (tx) => tx.query(insert, [1, 'next']));
});

test('a commit that the server refuses is a certain rollback', async () => {
  await assert.rejects(
    inTransaction(own.database, (tx) => tx.query('insert into pledge values (-1, 0)')),
    (error) => sqlState(error) === '23514',
  );
  assert.equal((await own.database.query('select from pledge')).length, 0);
});

test('a prepared statement whose plan went stale is not run again outside its transaction', async () => {
  await own.database.query('create table shape (id integer)');
  const write = () =>
    inTransaction(own.database, async (tx) => {
      const writes = [tx.query('insert into shape (id) values ($1) returning *', [1])];
      return { writes };
    });
  await write();
  await own.database.query('alter table shape add column extra text');
  await assert.rejects(write(), (error) => error instanceof Error);
  await delay(50);
  assert.equal((await own.database.query('select from shape')).length, 1);
});

test('values keep their kind on the way', async () => {
  const [row] = await own.database.query<Record<string, unknown>>(
    `select $1::bigint as big, $2::numeric as amount, $3::timestamptz as at, $4::jsonb as document, $5::bytea as raw,
            $6::boolean as yes, $7::date as day, $8::text::integer[] as list`,
    [2 ** 53 - 1, '1.10', new Date(1234), '{"a":[1]}', Buffer.from([0, 255]), true, '2024-02-29', '{1,2}'],
  );
  assert.deepEqual(row, {
    big: 2 ** 53 - 1,
    amount: '1.10',
    at: new Date(1234),
    document: { a: [1] },
    raw: Buffer.from([0, 255]),
    yes: true,
    day: '2024-02-29',
    list: '{1,2}',
  });
  await assert.rejects(own.database.query('select 9007199254740993::bigint as big'), RangeError);
});

test('more transactions than sessions wait in line', async () => {
  await Promise.all(
    Array.from({ length: 30 }, (_, id) => inTransaction(own.database, (tx) => tx.query(insert, [id, 'x']))),
  );
  assert.equal((await itemIds()).length, 30);
});
