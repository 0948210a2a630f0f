import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/run.ts';
import { loadConfig } from '../../src/config.ts';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const patienceMilliseconds = 30_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line of Throughline as a process of its own: of the sources, or of the `launcher` of an installed package. */
export class CommandProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(args: string[], environment: NodeJS.ProcessEnv = {}, launcher?: string) {
    const { DATABASE_URL, PORT, HOST, LOG_LEVEL, THROUGHLINE_DATA_DIR, ...inherited } = process.env;
    const [program, ...first] = launcher === undefined ? [process.execPath, main] : [launcher];
    this.child = spawn(program, [...first, ...args], {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, ...environment },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) =>
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr }),
      );
    });
  }

  /** Waits for the line that the server prints last when it takes requests. */
  async untilListening(milliseconds = patienceMilliseconds): Promise<this> {
    const deadline = performance.now() + milliseconds;
    while (!this.stdout.includes('Ctrl-C stops')) {
      if (this.child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`the server did not start: ${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Runs a command to its end, as a process. */
export function run(args: string[], environment?: NodeJS.ProcessEnv): Promise<Ended> {
  return new CommandProcess(args, environment).ended;
}

/** What the command says on whose behalf something is written; else it is this process's own. */
const saying = new AsyncLocalStorage<{ stdout: string; stderr: string }>();
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = new Proxy(process[name].write, {
    apply(write, stream, [chunk, ...rest]) {
      const said = saying.getStore();
      if (!said) return Reflect.apply(write, stream, [chunk, ...rest]);
      said[name] += chunk;
      return true;
    },
  });
}

/** Runs a command to its end within this process: of one of its own the start takes longest, by far. */
export async function runHere(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const readConfig = (configFlags: string[]) => loadConfig(environment, configFlags);
  const code = await saying.run(said, () => runCommandLine(args, readConfig));
  return { code, signal: null, ...said };
}

export function startServer(dataDir: string, ...args: string[]): Promise<CommandProcess> {
  return new CommandProcess(['start', '--data-dir', dataDir, '--port', '0', ...args]).untilListening();
}

export interface DataFolder {
  readonly path: string;
  readonly credentialsPath: string;
  credentials(): Promise<CredentialsFile>;
  remove(): Promise<void>;
}

/** An empty data folder, which the account that runs PostgreSQL can enter where the tests run as root. */
export async function makeDataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'tl-cli-'));
  await chmod(path, 0o755);
  const credentialsPath = join(path, 'credentials.json');
  return {
    path,
    credentialsPath,
    credentials: async () => JSON.parse(await readFile(credentialsPath, 'utf8')),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

type Refusal = readonly [code: 1 | 2, expected: RegExp, ...args: string[]];

/** A server on a data folder of its own, and commands beside it. */
export class OwnServer {
  readonly folder: DataFolder;
  readonly #environment: NodeJS.ProcessEnv;
  process: CommandProcess;

  constructor(folder: DataFolder, process: CommandProcess, environment: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.process = process;
    this.#environment = environment;
  }

  stop(signal?: NodeJS.Signals): Promise<Ended> {
    return this.process.stop(signal);
  }

  async start(): Promise<void> {
    this.process = await startServer(this.folder.path);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Runs a command on the server's folder. */
  run(...args: string[]): Promise<Ended> {
    return runHere([...args, '--data-dir', this.folder.path], this.#environment);
  }

  async succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async fail(...[code, expected, ...args]: Refusal): Promise<void> {
    const ended = await this.run(...args);
    assert.equal(ended.code, code, ended.stdout);
    assert.match(ended.stderr, expected);
    assert.equal(ended.stdout, '');
  }

  async refuse(...refusals: Refusal[]): Promise<void> {
    for (const refusal of refusals) await this.fail(...refusal);
  }
}

/** A server for the tests of a file: `const server = await useServer()` at its top. `environment` is that of the commands. */
export async function useServer(environment: NodeJS.ProcessEnv = {}): Promise<OwnServer> {
  const folder = await makeDataFolder();
  const server = new OwnServer(folder, await startServer(folder.path), environment);
  after(async () => {
    await server.stop();
    await folder.remove();
  });
  return server;
}

/** Sends an event by the WebEngage API. */
export function sendEvent(
  credentials: CredentialsFile,
  body: unknown = { userId: 'ada', eventName: 'Added to Cart' },
  key: string = credentials.webengage.apiKey,
): Promise<Response> {
  return fetch(`${credentials.baseUrl}/v1/accounts/${credentials.webengage.licenseCode}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
