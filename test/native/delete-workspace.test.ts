import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { issueKeys } from '../../src/core/workspace/issue-keys.ts';
import { deleteWorkspaceJob, requestWorkspaceDeletion } from '../../src/jobs/delete-workspace.ts';
import { JobRunner } from '../../src/jobs/run-jobs.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { Store } from '../helpers/store.ts';
import { bearer, inject } from '../helpers/vendor-client.ts';
import { addTenant, type Tenant } from '../security/two-tenants.ts';

const test = await useApp();
const doomed = await addTenant(test, 'alpha', '1001');
const other = await addTenant(test, 'beta', '1002');

const rowsOf = (tenant: Tenant) => new Store(test, tenant.workspace).countAllRows();

/** As another process does. */
function runnerOf(rowsPerSlice: number): JobRunner {
  const { services } = test.app;
  const { jobDatabase: database, clock } = services;
  const kinds = () => [deleteWorkspaceJob(services, rowsPerSlice)];
  return new JobRunner({ database, clock, logger: pino({ level: 'silent' }) }, kinds);
}

/** Waits for what goes on in the background of a workspace: its rows are the same afterwards. */
async function settled({ workspace }: Tenant): Promise<void> {
  const path = at(workspace);
  await test.app.services.jobs.settle();
  const { conversions } = (await ask(test, 'GET', `${path}/conversions`)).body;
  for (const { id } of conversions) {
    const report = await ask(test, 'GET', `${path}/attribution?conversion=${id}&model=linear`);
    assert.equal(report.status, 200, report.text);
  }
}

it('is for the administrator, and takes no other workspace with it', async () => {
  const path = at(doomed.workspace);
  assert.equal((await ask(test, 'DELETE', path, { key: doomed.nativeKey })).status, 403);
  assert.equal((await ask(test, 'DELETE', '/workspaces/nobody')).status, 404);
  await settled(other);
  const before = await rowsOf(other);
  assert.ok(Object.keys(await rowsOf(doomed)).length > 25, 'the workspace has something in many tables');

  // A slice at a time, so that what is between them can be looked at.
  const workspaceId = doomed.workspace.created.id;
  const id = await requestWorkspaceDeletion(test.app.services, workspaceId, 'a test', new Date());
  const due = { workspaceId, id };

  const { webengage } = doomed.credentials;
  const sent = await inject(test, {
    method: 'POST',
    url: `/v1/accounts/${webengage.licenseCode}/events`,
    headers: bearer(webengage.apiKey),
    body: { eventName: 'Late', userId: 'ann' },
  });
  assert.equal(sent.status, 401);
  assert.equal((await ask(test, 'GET', path)).body.status, 'deleting');
  assert.equal((await ask(test, 'GET', `${path}/accounting`)).status, 409);
  assert.equal((await ask(test, 'PATCH', path, { body: { status: 'enabled' } })).status, 409);
  const listed = await ask(test, 'GET', '/workspaces');
  assert.ok(!listed.text.includes(doomed.workspace.created.publicId), 'it is listed no more');

  const runner = runnerOf(50);
  const part = await runner.run(due, { slices: 2 });
  assert.ok(part !== 'busy' && part.progress.done === 100, JSON.stringify(part));
  assert.equal((await ask(test, 'GET', `${path}/jobs/${id}`)).body.progress.done, 100);

  // What was on its way when it was closed goes, too.
  await issueKeys(test.database, [], doomed.workspace.created, new Date(), { admin: 'workspace' });
  const end = await runnerOf(1000).runToEnd(due);
  assert.ok(end?.state === 'finished');
  assert.deepEqual(await rowsOf(doomed), {});
  assert.deepEqual(await rowsOf(other), before);
  const [{ counts }] = (await ask(test, 'GET', '/deleted-workspaces')).body.workspaces;
  assert.deepEqual(end.result, counts);
  for (const table of ['event', 'profile', 'job', 'workspace_head'])
    assert.ok(counts[table] > 0, `nothing of ${table} was deleted`);
  assert.equal((await ask(test, 'GET', path)).status, 404);
  assert.equal((await ask(test, 'DELETE', path)).status, 404);
});

it('leaves its slug free for another, which gets neither its number nor its id', async () => {
  const made = await ask(test, 'POST', '/workspaces', { body: { slug: 'gamma' } });
  const gone = await ask(test, 'DELETE', '/workspaces/gamma');
  assert.deepEqual([gone.status, gone.body.finished, gone.body.counts.workspace_head], [200, true, 1]);
  const again = await ask(test, 'POST', '/workspaces', { body: { slug: 'gamma' } });
  assert.equal(again.status, 201, again.text);
  assert.notEqual(again.body.workspace.id, made.body.workspace.id);
  const found = await ask(test, 'GET', '/workspaces/gamma');
  assert.equal(found.body.id, again.body.workspace.id);
  const key = made.body.credentials.admin.token;
  assert.equal((await ask(test, 'GET', '/workspaces/gamma', { key })).status, 401);
});
