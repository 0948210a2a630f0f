import assert from 'node:assert/strict';
import { after } from 'node:test';
import { type Ended, runHere } from '../cli/server-process.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { useFolder } from '../helpers/folder.ts';
import { type Route, useAppWithRoutes } from '../security/routes.ts';

/** An installation: an app on a database that commands can name, with a data folder of its own. */
export interface Installation {
  readonly test: TestApp;
  readonly routes: readonly Route[];
  readonly dataDir: string;
  /** As DATABASE_URL has it. */
  readonly databaseUrl: string;
  /** Runs a command there. */
  run(...args: string[]): Promise<Ended>;
  succeed(...args: string[]): Promise<string>;
  /** Runs a command that has to fail, with nothing said on stdout. */
  refuse(expected: RegExp, ...args: string[]): Promise<void>;
}

/** Closed after the tests of the file. */
export async function useInstallation(slug: string): Promise<Installation> {
  const dataDir = await useFolder();
  const own = await createTestDatabase();
  after(() => own.drop());
  const environment = { THROUGHLINE_DATA_DIR: dataDir };
  const { test, routes } = await useAppWithRoutes({ database: own.database, environment, slug });
  return installationOf(test, routes, dataDir, own);
}

export async function startInstallation(slug: string): Promise<Installation> {
  const dataDir = await useFolder();
  const own = await createTestDatabase();
  const environment = { THROUGHLINE_DATA_DIR: dataDir };
  const test = await startTestApp({ database: own.database, environment, slug });
  after(async () => {
    await test.close();
    await own.drop();
  });
  return installationOf(test, [], dataDir, own);
}

function installationOf(
  test: TestApp,
  routes: readonly Route[],
  dataDir: string,
  { target }: Pick<TestDatabase, 'target'>,
): Installation {
  const databaseUrl = urlOf(target);
  const run = (...args: string[]) => runHere([...args, '--data-dir', dataDir], { DATABASE_URL: databaseUrl });
  return {
    test,
    routes,
    dataDir,
    databaseUrl,
    run,
    async succeed(...args) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stderr + stdout);
      return stdout;
    },
    async refuse(expected, ...args) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 1, stdout);
      assert.match(stderr, expected);
      assert.equal(stdout, '');
    },
  };
}

/** The driver's words for a database, as a URL. */
export function urlOf({ url, options }: TestDatabase['target']): string {
  const { host, port, database, user } = options;
  const made = new URL(url ?? `postgres://${user}@localhost/${database}`);
  if (typeof host === 'string') made.searchParams.set('host', host);
  if (typeof port === 'number') made.searchParams.set('port', String(port));
  return made.href;
}
