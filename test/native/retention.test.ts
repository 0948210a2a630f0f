import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { day, dumpTables, setDialects, trackOcteth } from '../jobs/retention/retention.ts';
import { workspaceKey } from './helpers.ts';

const noon = Date.UTC(2026, 0, 10, 12);

const test = await useApp();

before(async () => {
  test.time.now = noon;
  await setDialects(test, test.workspace, {
    webmarketer: { retentionDurationInDays: 30 },
    octeth: { eventRetentionDays: 180 },
  });
  const client = new WebmarketerClient(test);
  await client.defineType('order', [field('user', 'email', 'mail', { discriminant: true, isPii: true })]);
  for (const mail of ['a@private.example', 'b@private.example'])
    await client.sendFine({ eventType: 'order', nonce: mail, data: { mail } });
  await trackOcteth(test, test.workspace, { Event: 'opened', Email: 'a@private.example' });
});

const run = (body?: object) =>
  ask(test, 'POST', at(test.workspace, '/retention'), body === undefined ? {} : { body });

const nothing = {
  more: false,
  webmarketer: { anonymizedEvents: 0, anonymizedTrash: 0, anonymizedUsers: 0 },
  octeth: { deletedEvents: 0 },
  contacthub: { deletedCustomerEvents: 0 },
};

describe('POST /workspaces/{workspace}/retention', () => {
  it('finds nothing to do before anything is due', async () => {
    const { status, body } = await run();
    assert.equal(status, 200);
    assert.deepEqual(body, { dryRun: false, ...nothing });
  });

  it('counts in a dry run, and changes nothing', async () => {
    test.time.now = noon + 181 * day;
    const before = await dumpTables(test);
    const expected = {
      more: false,
      webmarketer: { anonymizedEvents: 2, anonymizedTrash: 0, anonymizedUsers: 2 },
      octeth: { deletedEvents: 2 },
      contacthub: { deletedCustomerEvents: 0 },
    };
    assert.deepEqual((await run({ dryRun: true })).body, { dryRun: true, ...expected });
    assert.deepEqual(await dumpTables(test), before);
    assert.deepEqual((await run({})).body, { dryRun: false, ...expected });
    assert.deepEqual((await run({ dryRun: true })).body, { dryRun: true, ...nothing });
  });

  it('answers at once with its job where it is not to be waited for', async () => {
    test.time.now += 400 * day;
    await trackOcteth(test, test.workspace, { Event: 'opened', Email: 'late@private.example' });
    test.time.now += 181 * day;
    const { status, body } = await run({ wait: false });
    assert.equal(status, 202, JSON.stringify(body));
    assert.equal(body.kind, 'retention');
    await test.app.services.jobs.settle();
    const job = await test.native.read(`/jobs/${body.id}`);
    assert.equal(job.state, 'finished');
    assert.ok(job.result.deletedEvents > 0, JSON.stringify(job));
    const other = await test.addWorkspace({ slug: 'waits-for-nothing' });
    const without = await ask(test, 'POST', at(other, '/retention'), { body: { wait: false } });
    assert.equal(without.status, 200);
  });

  it('does nothing in a workspace without a policy', async () => {
    const other = await test.addWorkspace({ slug: 'without-policy' });
    await trackOcteth(test, other, { Event: 'opened', Email: 'a@private.example' });
    test.time.now += 5000 * day;
    const { body } = await ask(test, 'POST', at(other, '/retention'));
    assert.deepEqual(body, { dryRun: false, ...nothing });
  });

  it('is for the administrator and for the workspace’s own key', async () => {
    const path = at(test.workspace, '/retention');
    const own = await workspaceKey(test, test.workspace);
    assert.equal((await ask(test, 'POST', path, { key: own })).status, 200);
    const stranger = await workspaceKey(test, await test.addWorkspace({ slug: 'stranger' }));
    assert.equal((await ask(test, 'POST', path, { key: stranger })).status, 404);
    assert.equal((await ask(test, 'POST', path, { key: null })).status, 401);
    const { webmarketer } = test.workspace.credentials;
    assert.equal((await ask(test, 'POST', path, { key: webmarketer.accessToken })).status, 401);
    assert.equal((await ask(test, 'POST', '/workspaces/nowhere/retention')).status, 404);
  });

  for (const body of [{ dryRun: 'yes' }, { days: 1 }, [], 'now']) {
    it(`refuses ${JSON.stringify(body)}`, async () => {
      const reply = await ask(test, 'POST', at(test.workspace, '/retention'), { body });
      assert.equal(reply.status, 400);
    });
  }
});
