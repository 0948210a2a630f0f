import { pino } from 'pino';
import { type App, buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Clock } from '../../src/core/clock.ts';
import {
  type CreatedWorkspace,
  createWorkspace,
  type NewWorkspace,
} from '../../src/core/workspace/create-workspace.ts';
import { type CredentialsFile, issueKeys } from '../../src/core/workspace/issue-keys.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { OpenDatabase, ReadLimits } from '../../src/store/database.ts';
import { createTestDatabase } from './database.ts';

export interface TestWorkspace {
  readonly created: CreatedWorkspace;
  readonly credentials: CredentialsFile;
}

export interface TestApp {
  readonly app: App;
  readonly database: OpenDatabase;
  /** The first workspace; more with `addWorkspace`. */
  readonly workspace: TestWorkspace;
  /** What the app takes for now: set it to stand at another time. */
  readonly time: { now: number };
  addWorkspace(options?: Partial<NewWorkspace>): Promise<TestWorkspace>;
  close(): Promise<void>;
}

/**
 * The app on a database of its own, with a workspace like the demo one. Requests go in by `app.http.inject`. The clock is the real
 * one until `time.now` is set.
 */
export async function startTestApp(
  options: Partial<NewWorkspace> & { environment?: NodeJS.ProcessEnv; limits?: Partial<ReadLimits> } = {},
): Promise<TestApp> {
  const { environment, limits, ...first } = options;
  const { database, drop } = await createTestDatabase(limits);
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
    const credentials = await issueKeys(database, created, settings.slug ?? slug, now);
    return { created, credentials };
  };
  await app.http.ready();
  return {
    app,
    database,
    workspace: await addWorkspace(first),
    time,
    addWorkspace,
    async close() {
      await app.close();
      await drop();
    },
  };
}
