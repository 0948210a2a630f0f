import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pino } from 'pino';
import { startEmbedded } from '../../src/store/backends/embedded.ts';
import { externalConnection } from '../../src/store/backends/external.ts';
import {
  connectDatabase,
  embeddedTarget,
  type OpenDatabase,
  type ReadLimits,
} from '../../src/store/database.ts';
import { sqlState } from '../../src/store/database-error.ts';
import type { ConnectionTarget } from '../../src/store/driver.ts';
import { migrate } from '../../src/store/migrate.ts';
import { refusedSoFar } from './cluster-forms.ts';

/** The migrated database that each test file's own one is cloned from. */
const TEMPLATE = 'throughline_template';

export interface TestServer {
  /** How to reach it, as text for the environment. */
  address: string;
  stop(): Promise<void>;
}

export interface TestDatabase {
  database: OpenDatabase;
  target: ConnectionTarget;
  drop(): Promise<void>;
}

/**
 * Starts a server for tests in a temporary folder, or takes the one of TEST_DATABASE_URL, and makes the template. Where that names a database of
 * a Citus cluster the tests' databases are spread over the cluster's nodes as that one is.
 */
export async function startTestServer(): Promise<TestServer> {
  const { TEST_DATABASE_URL: given } = process.env;
  const server = given ? undefined : await startTemporaryServer();
  const address = server?.address ?? (await nodesOf(given ?? '')).join(' ');
  try {
    await makeTemplate(address);
  } catch (error) {
    await server?.stop();
    throw error;
  }
  return { address, stop: async () => server?.stop() };
}

/** A database of its own for a test file, cloned from the migrated template. A file that is run alone starts its own server. */
export async function createTestDatabase(limits: Partial<ReadLimits> = {}): Promise<TestDatabase> {
  const address = await serverAddress();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(address, (admin) => admin.query(`create database ${name} template ${TEMPLATE}`));
  const target = targetOf(address, name);
  const database = await connectDatabase(target, 4, limits);
  return {
    database,
    target,
    async drop() {
      await database.close();
      await onServer(address, (admin) => dropDatabase(admin, name));
      assert.deepEqual([...refusedSoFar()], [], 'a cluster takes all that was sent');
    },
  };
}

/** A worker of autovacuum is the superuser's, and nobody else may end it: it is gone in a moment. */
async function dropDatabase(admin: OpenDatabase, name: string, triesLeft = 50): Promise<void> {
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
  } catch (error) {
    if (triesLeft === 0 || sqlState(error) !== '42501') throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
    await dropDatabase(admin, name, triesLeft - 1);
  }
}

let ownServer: Promise<TestServer> | undefined;

async function serverAddress(): Promise<string> {
  const given = process.env.THROUGHLINE_TEST_SERVER;
  if (given) return given;
  if (!ownServer) {
    ownServer = startTestServer();
    after(async () => {
      await (await ownServer)?.stop();
    });
  }
  return (await ownServer).address;
}

async function startTemporaryServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tl-test-'));
  // Else, as root, the server's account could not enter it, and the cluster would go elsewhere and stay there.
  await chmod(dataDir, 0o755);
  const logger = pino({ level: 'warn' });
  // What is lost with the machine is only a test's; crash tests start their own servers with the real settings.
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };
  const server = await startEmbedded({ dataDir, logger, settings });
  return {
    address: JSON.stringify(server.connection),
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(address: string): Promise<void> {
  await onServer(address, async (admin) => {
    await dropDatabase(admin, TEMPLATE);
    await admin.query(`create database ${TEMPLATE}`);
  });
  const nodes = address.startsWith('{') ? [] : address.split(' ');
  if (nodes.length > 1) await makeCluster(nodes);
  const template = await connectDatabase(targetOf(address, TEMPLATE), 2);
  try {
    await migrate(template);
  } finally {
    await template.close();
  }
  if (nodes.length > 1) await onServer(address, leaveAlone);
}

/** The server of a URL, or all of the cluster that its database is spread over, the coordinator first. */
async function nodesOf(url: string): Promise<string[]> {
  const own = await connectDatabase(externalConnection(url), 1);
  try {
    if (!own.capabilities.distributesTables) return [url];
    const workers = await own.query<{ name: string; port: number }>(
      "select nodename as name, nodeport as port from pg_dist_node where groupid > 0 and noderole = 'primary' order by nodeid",
    );
    return [
      url,
      ...workers.map(({ name, port }) => Object.assign(new URL(url), { hostname: name, port }).href),
    ];
  } finally {
    await own.close();
  }
}

/** Few shards: each costs planning, and so long as there are as many as nodes a test's workspaces come to lie on different ones. */
const shards = 4;

async function makeCluster(nodes: readonly string[]): Promise<void> {
  for (const node of nodes)
    await on(targetOf(node, TEMPLATE), (database) => database.query('create extension citus'));
  const [coordinator = '', ...workers] = nodes;
  await on(targetOf(coordinator, TEMPLATE), async (database) => {
    const { hostname, port } = new URL(coordinator);
    await database.query('select citus_set_coordinator_host($1::text, $2::integer)', [
      hostname,
      Number(port),
    ]);
    for (const { hostname: name, port: own } of workers.map((worker) => new URL(worker)))
      await database.query('select citus_add_node($1::text, $2::integer)', [name, Number(own)]);
    await database.query(`alter database ${TEMPLATE} set citus.shard_count = ${shards}`);
  });
}

/** Nobody may be connected to what is cloned, as Citus' own process for each database is. */
async function leaveAlone(admin: OpenDatabase): Promise<void> {
  await admin.query(`alter database ${TEMPLATE} with allow_connections false`);
  await admin.query(
    'select pg_terminate_backend(pid, 5000::bigint) from pg_stat_activity where datname = $1::text',
    [TEMPLATE],
  );
}

/** `address`: of a database of the server, or of each node of a cluster, the coordinator first. */
function targetOf(address: string, database: string): ConnectionTarget {
  if (address.startsWith('{')) return embeddedTarget({ ...JSON.parse(address), database });
  const [first = ''] = address.split(' ');
  const url = new URL(first);
  url.pathname = `/${database}`;
  return externalConnection(url.href);
}

async function onServer(address: string, use: (admin: OpenDatabase) => PromiseLike<unknown>): Promise<void> {
  const nodes = address.startsWith('{') ? [address] : address.split(' ');
  for (const node of nodes) await on(targetOf(node, 'postgres'), use);
}

async function on(
  target: ConnectionTarget,
  use: (database: OpenDatabase) => PromiseLike<unknown>,
): Promise<void> {
  const database = await connectDatabase(target, 2);
  try {
    await use(database);
  } finally {
    await database.close();
  }
}
