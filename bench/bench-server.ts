import { type ChildProcess, fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { runtimeEnvironment, runtimeFlags } from '../scripts/runtime.js';
import { loadConfig } from '../src/config.ts';
import type { CredentialsFile } from '../src/core/workspace/credentials-file.ts';
import { WorkspaceCache } from '../src/core/workspace/workspace-cache.ts';
import { workspaceParts } from '../src/dialects/registry.ts';
import { type OpenDatabase, openDatabase } from '../src/store/database.ts';

export interface Ready {
  readonly address: string;
  readonly credentials: CredentialsFile;
}

/** The server under measurement, and its database beside it, to fill and to compare with. */
export interface BenchServer extends Ready {
  /** Of its process; PostgreSQL's are below it. */
  readonly pid: number;
  readonly database: OpenDatabase;
  readonly workspaces: WorkspaceCache;
  ask<Reply>(question: object): Promise<Reply>;
  /** Makes a workspace in Paris's time zone and answers its keys. */
  addWorkspace(slug: string): Promise<CredentialsFile>;
  /** Calls the API and answers the reply's body. @throws Error when it is no success */
  call(method: string, path: string, token: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts server.ts in a process of its own, with a data folder that `stop` removes. */
export async function startBenchServer({ profile }: { profile: boolean }): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  await chmod(dataDir, 0o755);
  const child = fork(join(import.meta.dirname, 'server.ts'), [dataDir], {
    // As scripts/run-pinned.js starts it.
    execArgv: [...runtimeFlags, ...(profile ? ['--cpu-prof', '--cpu-prof-dir=.bench'] : [])],
    env: {
      ...runtimeEnvironment,
      ...process.env,
      // A bench's flood stands for one from many addresses, which no limit of an address holds.
      THROUGHLINE_ADDRESS_MESSAGES: '0',
      THROUGHLINE_ADDRESS_BYTES: '0',
    },
  });
  const end = async () => {
    child.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const ready = await answerOf<Ready>(child);
    const config = loadConfig(process.env, ['--data-dir', dataDir]);
    const database = await openDatabase(config, pino({ level: 'error' }), 'attach');
    const call = (method: string, path: string, token: string, body?: object) =>
      callApi(`${ready.address}${path}`, method, token, body);
    return {
      ...ready,
      pid: child.pid ?? 0,
      database,
      workspaces: new WorkspaceCache(database, workspaceParts),
      call,
      ask(question) {
        child.send(question);
        return answerOf(child);
      },
      async addWorkspace(slug) {
        const body = { slug, timezone: 'Europe/Paris' };
        const made = await call('POST', '/throughline/v1/workspaces', ready.credentials.admin.token, body);
        return (made as { credentials: CredentialsFile }).credentials;
      },
      async stop() {
        await database.close();
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.send({ ask: 'stop' });
        await ended;
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Runs a server that does nothing but HTTP (bare-server.ts) while `measure` does. */
export async function withBareServer<Measured>(
  measure: (address: string) => Promise<Measured>,
): Promise<Measured> {
  const child = fork(join(import.meta.dirname, 'bare-server.ts'), [], { execArgv: [...runtimeFlags] });
  try {
    const { address } = await answerOf<{ address: string }>(child);
    return await measure(address);
  } finally {
    child.kill('SIGTERM');
  }
}

function answerOf<Reply>(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`the server ended with ${code}`));
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      resolve(message as Reply);
    });
  });
}

async function callApi(url: string, method: string, token: string, body?: object): Promise<unknown> {
  const reply = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
  return JSON.parse(text);
}
