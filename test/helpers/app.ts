import { after, beforeEach } from 'node:test';
import { pino } from 'pino';
import { type App, buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Clock } from '../../src/core/clock.ts';
import { createWorkspace, type NewWorkspace } from '../../src/core/workspace/create-workspace.ts';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { issueKeys } from '../../src/core/workspace/issue-keys.ts';
import type { PlacedWorkspace } from '../../src/core/workspace/place.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { OpenDatabase, ReadLimits } from '../../src/store/database.ts';
import { createTestDatabase } from './database.ts';
import { NativeClient } from './native-client.ts';
import { Store } from './store.ts';

export interface TestWorkspace {
  readonly created: PlacedWorkspace;
  readonly credentials: CredentialsFile;
}

export interface TestApp {
  readonly app: App;
  readonly database: OpenDatabase;
  /** The workspace that the tests stand in: the first, or a fresh one for each. More with `addWorkspace`. */
  workspace: TestWorkspace;
  /** What the app takes for now: set it to stand at another time. */
  readonly time: { now: number };
  /** The native API of that workspace. */
  readonly native: NativeClient;
  /** What is stored of that workspace. */
  readonly store: Store;
  addWorkspace(options?: Partial<NewWorkspace>): Promise<TestWorkspace>;
  close(): Promise<void>;
}

export interface TestAppOptions extends Partial<NewWorkspace> {
  readonly environment?: NodeJS.ProcessEnv;
  readonly limits?: Partial<ReadLimits>;
  /** Where it is not one of the tests' server: a migrated one, which the app's end closes. */
  readonly database?: OpenDatabase;
}

/**
 * The app on a database of its own, with a workspace like the demo one. Requests go in by `app.http.inject`. The clock is the real
 * one until `time.now` is set.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { environment, limits, database: given, ...first } = options;
  const { database, drop } = given
    ? { database: given, drop: () => given.close() }
    : await createTestDatabase(limits);
  const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'fatal' });
  const time = { now: 0 };
  const clock: Clock = () => time.now || Date.now();
  const app = await buildApp(loadConfig({ ...environment }, []), database, logger, clock);
  let workspaces = 0;
  const addWorkspace = async (settings: Partial<NewWorkspace> = {}): Promise<TestWorkspace> => {
    const slug = `test-${++workspaces}`;
    const now = new Date(clock());
    const created = await createWorkspace(
      database,
      { slug, name: slug, timezone: 'Europe/Paris', currency: 'EUR', ...settings },
      now,
      dialects,
    );
    const credentials = await issueKeys(database, dialects, created, now);
    return { created, credentials };
  };
  await app.http.ready();
  const test: TestApp = {
    app,
    database,
    workspace: await addWorkspace(first),
    time,
    get native() {
      return new NativeClient(test);
    },
    get store() {
      return new Store(test);
    },
    addWorkspace,
    async close() {
      await app.close();
      await drop();
    },
  };
  return test;
}

/**
 * The app for the tests of a file, closed after them: `const test = await useApp()` at its top. It is started at once and not in a
 * `before`, because those of a file run side by side, and what a file prepares in its own needs the app. With `freshWorkspace` each
 * test stands in a new workspace.
 */
export async function useApp({
  freshWorkspace = false,
  ...options
}: TestAppOptions & { freshWorkspace?: boolean } = {}): Promise<TestApp> {
  let test: TestApp | undefined;
  // Before the start, so that the app is closed before the server is stopped that its database may have had to start.
  after(() => test?.close());
  const started = await startTestApp(options);
  test = started;
  if (freshWorkspace)
    beforeEach(async () => {
      const { environment, limits, database, ...settings } = options;
      started.workspace = await started.addWorkspace(settings);
    });
  return started;
}
