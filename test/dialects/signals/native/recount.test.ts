import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readLastJob } from '../../../../src/core/job/job-store.ts';
import { recountJob } from '../../../../src/dialects/signals/conversation/projection/recount-leads.ts';
import {
  campaignsOf,
  type RecountScope,
  requestRecount,
} from '../../../../src/dialects/signals/conversation/recount.ts';
import { JobRunner } from '../../../../src/jobs/run-jobs.ts';
import { useApp } from '../../../helpers/app.ts';
import { verifyWorkspace } from '../../../helpers/derived.ts';
import { ask, at } from '../../../helpers/native-client.ts';
import { workspaceKey } from '../../../native/helpers.ts';
import { delivery, referralTo, SignalsClient, textMessage } from '../client.ts';
import { knowAds } from '../setup.ts';
import { SignalsStore } from '../store.ts';

const leads = 230;
const hour = 3600;
const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;

const test = await useApp();
const client = new SignalsClient(test);

/** Two messages of each lead, two hours apart, the even ones by ad 7. */
before(async () => {
  for (let first = 0; first < leads; first += 115) {
    const messages = Array.from({ length: 115 }, (_, index) => {
      const phone = `336${String(first + index).padStart(8, '0')}`;
      const click = index % 2 === 0 ? { referral: referralTo('7') } : {};
      return [
        textMessage(`a${first + index}`, phone, noon, click),
        textMessage(`b${first + index}`, phone, noon + 2 * hour),
      ];
    }).flat();
    assert.equal((await client.deliver(delivery(...messages))).status, 200);
  }
});

/** Without the recount that the API would ask for. */
const setWindow = (conversationHours: number) =>
  test.store.setSettings({ dialects: { signals: { conversationHours } } });

const countSessions = (adId: string) => new SignalsStore(test).countSessions(adId);

/** As a change of the rules does. */
function askForRecount(scope: RecountScope): Promise<void> {
  return requestRecount(test.database, test.workspace.created.id, scope, new Date());
}

async function recountLeads(scope: RecountScope): Promise<void> {
  await askForRecount(scope);
  await test.app.services.jobs.settle();
}

const readProgress = async () => (await test.native.call('GET', '/recount')).body.recount;

async function failing(): Promise<string[]> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

describe('GET /workspaces/{workspace}/recount', () => {
  it('tells of none before there was one', async () => {
    const { status, body } = await test.native.call('GET', '/recount');
    assert.equal(status, 200);
    assert.deepEqual(body, { recount: null });
  });

  it('shows how far a recount has come, which another process takes up where one ended', async () => {
    await setWindow(1);
    assert.deepEqual([await countSessions('7'), await countSessions('')], [116, 114]);
    assert.deepEqual(await failing(), ['conversations-equal']);
    const { database, workspaces, clock, logger } = test.app.services;
    const first = new JobRunner({ database, clock, logger }, () => [recountJob({ workspaces, clock })]);
    await askForRecount('all');
    await first.look();
    await first.stop();
    const cut = await readProgress();
    assert.deepEqual([cut.campaigns, cut.finishedAt], [null, null]);
    assert.ok(cut.done < leads, `${cut.done} are done`);
    await test.app.services.jobs.settle();
    const finished = await readProgress();
    assert.deepEqual([finished.done, finished.total], [leads, leads]);
    assert.ok(finished.finishedAt);
    assert.deepEqual([await countSessions('7'), await countSessions('')], [116, 344]);
    assert.deepEqual(await failing(), []);
  });

  it('counts the leads of a campaign alone, when that is what was asked for', async () => {
    await knowAds(test, test.workspace, { 7: 'c' });
    await setWindow(24);
    await recountLeads({ campaignId: 'other' });
    assert.deepEqual([await countSessions('7'), await countSessions('')], [116, 344]);
    await recountLeads({ campaignId: 'c' });
    assert.deepEqual((await readProgress()).campaigns, ['c']);
    assert.deepEqual([await countSessions('7'), await countSessions('')], [116, 228]);
    await recountLeads('all');
    assert.deepEqual(await failing(), []);
  });

  it('is what another length of the window has, for past conversations, too', async () => {
    const patch = (conversationHours: unknown) =>
      test.native.call('PATCH', '', { body: { dialects: { signals: { conversationHours } } } });
    assert.equal((await patch(1)).status, 200);
    await test.app.services.jobs.settle();
    assert.deepEqual([await countSessions('7'), await countSessions('')], [116, 344]);
    assert.deepEqual(await failing(), []);
    const { requestedAt } = await readProgress();
    assert.equal((await patch(1)).status, 200);
    assert.equal((await readProgress()).requestedAt, requestedAt);
    for (const hours of [0, -1, 721, 1e308, '24']) assert.equal((await patch(hours)).status, 400);
    // The usual 24 hours are back.
    assert.equal((await patch(null)).status, 200);
    await test.app.services.jobs.settle();
    assert.deepEqual([await countSessions('7'), await countSessions('')], [116, 114]);
  });

  it('begins again, for all that was asked for, when more is asked for meanwhile', async () => {
    const { database } = test;
    const { id } = test.workspace.created;
    const scopes = [];
    for (const scope of [
      { campaignId: 'a' },
      { campaignId: 'b' },
      { campaignId: 'a' },
      'all',
      { campaignId: 'c' },
    ] as const) {
      await requestRecount(database, id, scope, new Date());
      const job = await readLastJob(database, id, 'recount');
      assert.ok(job);
      scopes.push(campaignsOf(job));
    }
    assert.deepEqual(scopes, [['a'], ['a', 'b'], ['a', 'b'], null, null]);
    await test.app.services.jobs.settle();
    assert.ok((await readProgress()).finishedAt);
  });

  it('is its workspace’s', async () => {
    const other = await test.addWorkspace();
    const path = at(test.workspace, '/recount');
    assert.equal((await ask(test, 'GET', path, { key: null })).status, 401);
    assert.equal((await ask(test, 'GET', path, { key: 'wrong' })).status, 401);
    assert.equal((await ask(test, 'GET', path, { key: client.keys.token })).status, 401);
    assert.equal((await ask(test, 'GET', path, { key: await workspaceKey(test, other) })).status, 404);
    assert.equal(
      (await ask(test, 'GET', path, { key: await workspaceKey(test, test.workspace) })).status,
      200,
    );
    assert.equal((await ask(test, 'GET', '/workspaces/nowhere/recount')).status, 404);
  });
});
