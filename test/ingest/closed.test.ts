import assert from 'node:assert/strict';
import { it } from 'node:test';
import { configureWorkspace } from '../../src/core/workspace/manage-workspaces.ts';
import { WorkspaceCache } from '../../src/core/workspace/workspace-cache.ts';
import { workspaceParts } from '../../src/dialects/registry.ts';
import { requestWorkspaceDeletion } from '../../src/jobs/delete-workspace.ts';
import { useApp } from '../helpers/app.ts';
import { bearer, inject } from '../helpers/vendor-client.ts';

const test = await useApp({ freshWorkspace: true });

/** What another process works with, of which this one has not heard yet. */
const elsewhere = () => ({
  ...test.app.services,
  workspaces: new WorkspaceCache(test.database, workspaceParts),
});

async function send(eventName: string): Promise<number> {
  const { webengage } = test.workspace.credentials;
  const reply = await inject(test, {
    method: 'POST',
    url: `/v1/accounts/${webengage.licenseCode}/events`,
    headers: bearer(webengage.apiKey),
    body: { eventName, userId: 'ann' },
  });
  return reply.status;
}

it('what comes in at the moment when another process suspends the workspace is refused under the lock', async () => {
  const { id } = test.workspace.created;
  assert.equal(await send('Before'), 201);
  await configureWorkspace(elsewhere(), [], id, { status: 'suspended' }, new Date());
  const statuses = await Promise.all(Array.from({ length: 20 }, () => send('After')));
  assert.deepEqual(new Set(statuses), new Set([403]));
  assert.deepEqual(
    (await test.store.events()).map(({ type }) => type),
    ['Before'],
  );
  await configureWorkspace(elsewhere(), [], id, { status: 'enabled' }, new Date());
  await test.app.services.workspaces.reload(id);
  assert.equal(await send('Again'), 201);
});

it('what comes in at the moment when another process deletes the workspace is refused, and leaves nothing', async () => {
  const { id } = test.workspace.created;
  assert.equal(await send('Before'), 201);
  const unheard = { ...elsewhere(), authenticator: { async forget() {} } };
  await requestWorkspaceDeletion(unheard, id, 'a test', new Date());
  assert.ok([401, 403].includes(await send('After')));
  await test.app.services.jobs.settle();
  assert.ok([401, 403].includes(await send('Later')));
  assert.deepEqual(await test.store.countAllRows(), {});
});
