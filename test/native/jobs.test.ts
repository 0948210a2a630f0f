import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestJob } from '../../src/core/job/job-store.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
const other = await test.addWorkspace();

function request(subject: string, minute: number): Promise<string> {
  const now = new Date(Date.UTC(2026, 0, 1, 0, minute));
  const wanted = { kind: 'counting', subject, input: { secret: 1 }, requestedBy: 'a test' };
  return requestJob(test.database, test.workspace.created.id, wanted, now);
}

describe('GET …/jobs', () => {
  it('lists the jobs of the workspace, newest first, page by page', async () => {
    const ids: string[] = [];
    for (let minute = 0; minute < 3; minute++) ids.unshift(await request(`number ${minute}`, minute));
    const first = await ask(test, 'GET', at(test.workspace, '/jobs?limit=2'));
    assert.equal(first.status, 200);
    assert.deepEqual(
      first.body.jobs.map((job: { id: string }) => job.id),
      ids.slice(0, 2),
    );
    const second = await ask(test, 'GET', at(test.workspace, `/jobs?limit=2&next=${first.body.next}`));
    assert.deepEqual(
      second.body.jobs.map((job: { id: string }) => job.id),
      ids.slice(2),
    );
    assert.equal(second.body.next, null);
    assert.deepEqual((await ask(test, 'GET', at(other, '/jobs'))).body, { jobs: [], next: null });
  });

  it('refuses a next that no page has given, naming it', async () => {
    const id = '00000000-0000-7000-8000-000000000000';
    const beyond = [`999999999999999/${id}`, `+033658-09-27T01:46:39.999Z/${id}`];
    for (const next of ['abc', ...beyond.map((text) => Buffer.from(text).toString('base64url'))]) {
      const reply = await ask(test, 'GET', at(test.workspace, `/jobs?next=${next}`));
      assert.deepEqual([reply.status, reply.body.error.path], [400, 'querystring/next']);
    }
  });
});

describe('GET …/jobs/{jobId}', () => {
  it('shows a job and how far it has come', async () => {
    const id = await request('shown', 10);
    const reply = await ask(test, 'GET', at(test.workspace, `/jobs/${id}`));
    const requestedAt = '2026-01-01T00:10:00.000Z';
    assert.deepEqual(reply.body, {
      id,
      kind: 'counting',
      subject: 'shown',
      state: 'waiting',
      progress: { done: 0, failed: 0, total: null },
      result: null,
      error: null,
      attempts: 0,
      requestedBy: 'a test',
      requestedAt,
      dueAt: requestedAt,
      startedAt: null,
      updatedAt: requestedAt,
      finishedAt: null,
    });
  });

  it('is 404 for one that is not there, or another workspace’s', async () => {
    const id = await request('own', 20);
    assert.equal((await ask(test, 'GET', at(other, `/jobs/${id}`))).status, 404);
    const key = await workspaceKey(test, other);
    assert.equal((await ask(test, 'GET', at(test.workspace, `/jobs/${id}`), { key })).status, 404);
    assert.equal((await ask(test, 'GET', at(test.workspace, `/jobs/${crypto.randomUUID()}`))).status, 404);
  });
});

describe('/metrics', () => {
  it('says how many jobs wait and since when, of no workspace in particular', async () => {
    const read = async () => (await inject(test, { method: 'GET', url: '/metrics' })).text;
    const before = await read();
    const count = Number(/^throughline_jobs_due (\d+)$/m.exec(before)?.[1]);
    assert.ok(count > 0, before);
    assert.match(before, /^throughline_jobs_lag_seconds [1-9]\d*(\.\d+)?$/m);
    assert.ok(!before.includes(test.workspace.created.publicId));
  });
});
