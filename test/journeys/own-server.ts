import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createWorkspace } from '../../src/core/workspace/create-workspace.ts';
import { issueKeys } from '../../src/core/workspace/issue-keys.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { type EmbeddedServer, startEmbedded } from '../../src/store/backends/embedded.ts';
import { connectDatabase, embeddedTarget, type OpenDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { TestWorkspace } from '../helpers/app.ts';
import { fetchFrom } from './send.ts';
import { prepareVendors, type Send } from './vendors.ts';

const logger = pino({ level: 'silent' });
// Commits are not what is tested here; with fsync the load would mostly wait.
const settings = { fsync: 'off', full_page_writes: 'off' };

export interface OwnServer {
  /** The database's files. */
  readonly dataFolder: string;
  readonly workspace: TestWorkspace;
  /** The test's own connections, for its own questions and deeds. */
  readonly operator: OpenDatabase;
  /** To the app, over the network. */
  readonly send: Send;
  /** Of the database's server. */
  readonly pid: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * The app on a port, with a workspace that all vendors can send to, and on a database server of its own that a test can stop, start
 * and freeze. All of it is closed after the tests of the file.
 */
export async function useOwnServer(name: string): Promise<OwnServer> {
  const closing: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const close of closing.reverse()) await close();
  });
  const folder = await mkdtemp(join(tmpdir(), `tl-${name}-`));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const startServer = () => startEmbedded({ dataDir, logger, settings });
  let server: EmbeddedServer = await startServer();
  closing.push(() => server.stop());
  const database = await connectDatabase(embeddedTarget(server.connection), 4);
  closing.push(() => database.close());
  const operator = await connectDatabase(embeddedTarget(server.connection), 1);
  closing.push(() => operator.close());
  await migrate(database);
  const app = await buildApp(loadConfig({}, []), database, logger);
  closing.push(() => app.close());
  const now = new Date();
  const created = await createWorkspace(
    database,
    { slug: name, name, timezone: 'Europe/Paris', currency: 'EUR' },
    now,
    dialects,
  );
  const credentials = await issueKeys(database, dialects, created, now);
  const send = fetchFrom(await app.http.listen({ host: '127.0.0.1', port: 0 }));
  await prepareVendors(send, credentials);
  return {
    dataFolder: join(dataDir, 'postgres'),
    workspace: { created, credentials },
    operator,
    send,
    get pid() {
      return server.pid!;
    },
    stop: () => server.stop(),
    async start() {
      server = await startServer();
    },
  };
}

/** The status of /readyz, and what it says of the database; that may be a second old. */
export async function readReadiness(send: Send): Promise<{ status: number; database: string }> {
  const { status, text } = await send({ method: 'GET', path: '/readyz', headers: {} });
  return { status, database: JSON.parse(text).database };
}
