import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { type App, buildApp } from '../../src/app.ts';
import { prepareWorkspaces } from '../../src/cli/start/prepare-workspaces.ts';
import { loadConfig } from '../../src/config.ts';
import { dialects, projections } from '../../src/dialects/registry.ts';
import { verifyWorkspace } from '../../src/query/verify/verify-workspace.ts';
import type { OpenDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase } from '../helpers/database.ts';
import { useFolder } from '../helpers/folder.ts';
import { bearer, inject, type Reply } from '../helpers/vendor-client.ts';
import { askQuestions, loadState, readStates, type State } from './state.ts';

const dataDir = await useFolder();
const states = await readStates();

/** The steps of a start (src/cli/start.ts). */
async function upgrade(database: OpenDatabase): Promise<App> {
  await migrate(database);
  const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'fatal' });
  const app = await buildApp(loadConfig({ THROUGHLINE_DATA_DIR: dataDir }, []), database, logger);
  await prepareWorkspaces(app.services, dialects);
  await app.http.ready();
  app.services.jobs.start();
  return app;
}

/** As a client of then, by its keys of then. */
class Client {
  readonly #app: App;
  readonly #state: State;

  constructor(app: App, state: State) {
    this.#app = app;
    this.#state = state;
  }

  async native(path: string, method: 'GET' | 'POST' = 'GET'): Promise<Reply['body']> {
    const { workspaceId, adminToken } = this.#state;
    const url = `/throughline/v1/workspaces/${workspaceId}${path}`;
    const { status, body, text } = await inject(
      { app: this.#app },
      { method, url, headers: bearer(adminToken) },
    );
    assert.ok(status < 300, text);
    return body;
  }

  /** Waits for all that was asked for, at the upgrade or since. */
  async untilJobsEnd(): Promise<void> {
    for (;;) {
      const { jobs } = await this.native('/jobs');
      const open = jobs.filter(({ state }: { state: string }) => state === 'waiting' || state === 'running');
      if (open.length === 0) return;
      await delay(20);
    }
  }

  async send(eventName: string): Promise<Reply> {
    const { licenseCode, apiKey } = this.#state;
    const body = { userId: 'after', eventName };
    const url = `/v1/accounts/${licenseCode}/events`;
    return inject({ app: this.#app }, { method: 'POST', url, headers: bearer(apiKey), body });
  }
}

describe('a data folder of a version that was released', () => {
  it('was kept of each that the changelog has', async () => {
    const changelog = await readFile(join(import.meta.dirname, '..', '..', 'CHANGELOG.md'), 'utf8');
    const versions = [...changelog.matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, version]) => version);
    const kept = new Set<string | undefined>(states.map(({ name }) => name));
    assert.deepEqual(
      versions.filter((version) => !kept.has(version)),
      [],
      'npm run keep-release keeps one',
    );
    // Before the first release, the last commits of some days, whose tables differ.
    assert.ok(kept.has('f6dab9a'));
  });

  for (const state of states) {
    it(`of ${state.name} answers after its upgrade as it did before, takes events by its keys, and is verified`, async () => {
      const own = await createTestDatabase();
      await loadState(own.database, state);
      const app = await upgrade(own.database);
      try {
        const client = new Client(app, state);
        await client.untilJobsEnd();
        const answers = await askQuestions((path) => client.native(path));
        assert.deepEqual(answers, state.answers);
        const name = `after ${randomUUID()}`;
        assert.ok((await client.send(name)).status < 300);
        const { events } = await client.native('/events/newest');
        assert.equal(events[0].type, name);
        const workspace = await app.services.workspaces.find(state.workspaceId);
        assert.ok(workspace);
        const { checks } = await verifyWorkspace(own.database, workspace, projections);
        assert.deepEqual(
          checks.filter(({ ok }) => !ok),
          [],
        );
      } finally {
        await app.close();
        await own.drop();
      }
    });
  }
});
