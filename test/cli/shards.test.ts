import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { listShards } from '../../src/core/workspace/shard-store.ts';
import { connectDatabase } from '../../src/store/database.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { letNodesGo, standInForCitus } from '../helpers/citus.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { CommandProcess, makeDataFolder, runHere } from './server-process.ts';

let own: TestDatabase;
let url: string;

before(async () => {
  own = await createTestDatabase();
  ({ url } = await standInForCitus(own));
});
after(() => own.drop());

const command = (...args: string[]) => runHere(args, { DATABASE_URL: url });

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await command(...args);
  assert.equal(code, 0, stderr + stdout);
  return stdout;
}

async function refuse(expected: RegExp, ...args: string[]): Promise<void> {
  const { code, stderr } = await command(...args);
  assert.equal(code, 1, stderr);
  assert.match(stderr, expected);
}

async function told(): Promise<string[]> {
  const rows = await own.database.query<{ what: string }>('delete from told returning what');
  return rows.map(({ what }) => what).sort();
}

describe('throughline migrate, on a cluster', () => {
  it('distributes, says over which nodes, and what is amiss', async () => {
    await own.database.query('insert into exchange_rate (currency, day, per_euro) values ($1, $2, 1)', [
      'USD',
      '2026-01-01',
    ]);
    const said = await succeed('migrate');
    assert.match(said, /^000001_distribute$/m);
    assert.match(
      said,
      /^\d+ tables are distributed by workspace in 2 shards over 2 nodes \(one:5433, two:5434\); \d+ are on every node, 3 are the coordinator's alone$/m,
    );
    assert.match(said, /^the coordinator is known as localhost, .*citus_set_coordinator_host/m);
    assert.match(
      said,
      /^rows of before the distribution were left on the coordinator, and are gone now: exchange_rate$/m,
    );
    assert.ok((await told()).includes('empty exchange_rate'));
    assert.doesNotMatch(said, /there is no worker|no replica identity of/);
  });

  it('says so where there is no worker, and where a table’s rows can’t be told apart', async () => {
    await inTransaction(own.database, async (tx) => {
      await tx.query('update pg_dist_node set isactive = groupid = 0, shouldhaveshards = true');
      await tx.query('alter table event replica identity default');
    });
    const said = await succeed('migrate');
    assert.match(said, /^up to date$/m);
    assert.match(said, /over one node \(localhost:5432\)/);
    assert.match(said, /^there is no worker yet/m);
    assert.match(said, /^shards can't be moved while they are written: no replica identity of event$/m);
    await own.database.query('update pg_dist_node set isactive = true, shouldhaveshards = groupid > 0');
  });

  it('is refused by a worker, which it names', async () => {
    await own.database.query('update pg_dist_local_group set groupid = 1');
    await refuse(/is a worker of a Citus cluster: name its coordinator in DATABASE_URL/, 'migrate');
    await own.database.query('update pg_dist_local_group set groupid = 0');
  });
});

describe('throughline shards', () => {
  it('lists where workspaces are, moves one with whoever shares its shard, and isolates one', async () => {
    for (const slug of ['shop-a', 'shop-b', 'shop-c']) await succeed('workspace', 'create', slug);
    const lines = (await succeed('shards', 'list')).trim().split('\n').slice(2);
    const places = new Map(lines.map((line) => [line.split(/ +/)[0], line.split(/ +/).slice(1)]));
    assert.deepEqual([...places.keys()].sort(), ['shop-a', 'shop-b', 'shop-c']);
    const [shard, node, bytes] = places.get('shop-a') ?? [];
    assert.deepEqual(places.get('shop-c'), [shard, node, bytes]);
    assert.match(bytes ?? '', /^\d+000$/);
    const other = node === 'one:5433' ? 'two:5434' : 'one:5433';
    await refuse(
      /no node three:1 holds shards; there are one:5433, two:5434/,
      'shards',
      'move',
      'shop-a',
      'three:1',
    );
    await refuse(/is on .* already/, 'shards', 'move', 'shop-a', String(node));
    await refuse(/there is no workspace "x"/, 'shards', 'move', 'x', other);
    await told();
    const moved = await succeed('shards', 'move', 'shop-a', other);
    assert.match(moved, new RegExp(`^shard ${shard} with shop-a, shop-c is on ${other} now$`, 'm'));
    for (const slug of ['shop-a', 'shop-c']) assert.match(moved, new RegExp(`^${slug} +\\S+ +ok`, 'm'));
    assert.doesNotMatch(moved, /^shop-b /m);
    const from = String(node).replace(':', ' ');
    assert.deepEqual(await told(), [`move ${shard} ${from} ${other.replace(':', ' ')} auto`]);

    const isolated = await succeed('shards', 'isolate', 'shop-c');
    assert.match(isolated, /^shop-c has shard \d+ for itself now, on one:5433$/m);
    assert.match(isolated, /^shop-a +\S+ +ok/m);
    assert.match((await told()).join(), /^isolate workspace_head \d+ CASCADE block_writes$/);
    await refuse(
      /the cluster refused: table workspace_head has already been isolated/,
      'shards',
      'isolate',
      'shop-c',
    );
    const after = await succeed('shards', 'list');
    assert.doesNotMatch(after, new RegExp(`^shop-c +${shard} `, 'm'));
  });

  it('are those of a cluster', async () => {
    const { code, stderr } = await command('shards');
    assert.deepEqual([code, /list, move or isolate\?/.test(stderr)], [2, true]);
    const plain = await createTestDatabase();
    const { host, port, database, user } = plain.target.options;
    const address = plain.target.url ?? `postgres://${user}@localhost/${database}?host=${host}&port=${port}`;
    const refused = await runHere(['shards', 'list'], { DATABASE_URL: address });
    await plain.drop();
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.match(refused.stderr, /the database is not distributed/);
  });
});

it('a server on a cluster tells of each node whether the coordinator reaches it, and is ready without one', async () => {
  const database = await connectDatabase(own.target, 4);
  const app = await buildApp(loadConfig({ DATABASE_URL: url }, []), database, pino({ level: 'silent' }));
  try {
    const { statusCode, body } = await app.http.inject('/readyz');
    const { status, nodes } = JSON.parse(body);
    assert.deepEqual([statusCode, status], [200, 'ready']);
    assert.deepEqual(nodes, [
      { node: 'localhost:5432', up: true },
      { node: 'one:5433', up: true },
      { node: 'two:5434', up: false },
    ]);
    const metrics = (await app.http.inject('/metrics')).body;
    assert.match(metrics, /^throughline_database_node_up\{node="one:5433"\} 1$/m);
    assert.match(metrics, /^throughline_database_node_up\{node="two:5434"\} 0$/m);
    assert.deepEqual(
      (await listShards(database)).map(({ id }) => id),
      ['one:5433', 'two:5434'],
    );
  } finally {
    await app.close();
    await database.close();
  }
});

describe('while the node of a workspace is away', () => {
  it('commands say of which workspaces, and a server starts, serves the others, and sees to it when it is back', async () => {
    const folder = await makeDataFolder();
    after(() => folder.remove());
    const demo = JSON.parse(await succeed('workspace', 'create', 'demo'));
    const other = JSON.parse(await succeed('workspace', 'create', 'shop-e'));
    await letNodesGo(own);
    await own.database.query("insert into away select id from workspace where slug = 'demo'");
    assert.match(await succeed('workspace', 'list'), /^demo +\S+ +demo +UTC +EUR +email,phone +enabled$/m);
    const { code, stdout } = await command('verify');
    assert.equal(code, 1);
    assert.match(stdout, /^demo +reached +FAILED +its rows can't be read: connection to the remote node/m);
    assert.match(stdout, /^shop-e +order-gapless +ok/m);

    const server = new CommandProcess(['start', '--data-dir', folder.path, '--port', '0'], {
      DATABASE_URL: url,
      LOG_LEVEL: 'info',
    });
    await server.untilListening();
    const baseUrl = /listening on (http:\S+)/.exec(server.stdout)?.[1] ?? assert.fail(server.stdout);
    const send = async ({ webengage: { licenseCode, apiKey } }: typeof demo) =>
      fetch(`${baseUrl}/v1/accounts/${licenseCode}/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ userId: 'ada', eventName: 'seen' }),
      });
    assert.match(server.stderr, /a node of the database is away; its workspaces wait for it/);
    assert.equal((await fetch(`${baseUrl}/readyz`)).status, 200);
    const refused = await send(demo);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
    assert.equal((await send(other)).status, 201);
    await own.database.query('delete from away');
    assert.equal((await send(demo)).status, 201);
    assert.equal((await server.stop()).code, 0, server.stderr);
  });
});
