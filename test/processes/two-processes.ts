import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { CommandProcess, type DataFolder, makeDataFolder } from '../cli/server-process.ts';

const patienceMilliseconds = 60_000;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client that keeps one connection, and so stays with the process that took it. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  ask({ method = 'GET', path, headers = {}, body }: Asked): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        this.#baseUrl + path,
        {
          method,
          agent: this.#agent,
          headers: { ...headers, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
        },
        async (reply) => {
          let received = '';
          for await (const chunk of reply.setEncoding('utf8')) received += chunk;
          resolve({ status: reply.statusCode!, headers: reply.headers, text: received });
        },
      );
      sent.on('error', reject).end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

interface LogLine {
  readonly process?: number;
  readonly of?: number;
  readonly pid?: number;
  readonly msg: string;
}

/** A server of two processes that take requests, and a client with a connection to each. */
export class TwoProcesses {
  readonly folder: DataFolder;
  readonly process: CommandProcess;
  readonly credentials: CredentialsFile;
  #clients: readonly Client[] = [];

  private constructor(folder: DataFolder, process: CommandProcess, credentials: CredentialsFile) {
    this.folder = folder;
    this.process = process;
    this.credentials = credentials;
  }

  static async start(folder: DataFolder): Promise<TwoProcesses> {
    const process = new CommandProcess(
      ['start', '--data-dir', folder.path, '--port', '0', '--processes', '2'],
      { LOG_REQUESTS: 'true', LOG_LEVEL: 'info' },
    );
    await process.untilListening(2 * patienceMilliseconds);
    const started = new TwoProcesses(folder, process, await folder.credentials());
    started.#clients = [await started.reach(1), await started.reach(2)];
    return started;
  }

  /** Of the first process, of the second. */
  get clients(): readonly [Client, Client] {
    const [first, second] = this.#clients;
    assert.ok(first && second);
    return [first, second];
  }

  /** A client of a process, which the log tells. */
  async reach(number: number): Promise<Client> {
    return this.until(`process ${number} answers`, async () => {
      const client = new Client(this.credentials.baseUrl);
      const before = this.log.length;
      const { status } = await client.ask({ path: '/healthz' });
      assert.equal(status, 200);
      const answered = () => this.log.slice(before).find(({ msg }) => msg === 'answered');
      await this.until('the answer is logged', async () => answered());
      if (answered()?.process === number) return client;
      client.close();
      return undefined;
    });
  }

  get log(): LogLine[] {
    return this.process.stderr
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  }

  get native(): string {
    return `/throughline/v1/workspaces/${this.credentials.workspace.id}`;
  }

  get admin(): Record<string, string> {
    return { authorization: `Bearer ${this.credentials.admin.token}` };
  }

  /** Asks again and again until there is an answer. */
  async until<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
    const deadline = performance.now() + patienceMilliseconds;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      assert.ok(performance.now() < deadline, `${what}: not in time\n${this.process.stderr}`);
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    if (this.process.child.exitCode === null && this.process.child.signalCode === null)
      await this.process.stop('SIGKILL');
  }
}

export async function makeFolder(): Promise<DataFolder> {
  const folder = await makeDataFolder();
  after(() => folder.remove());
  return folder;
}
