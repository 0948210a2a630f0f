import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { useApp } from '../helpers/app.ts';
import { Shop, type ShownRow } from './attribution-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
const shop = new Shop(test);
const span = { since: '2026-03-01', until: '2026-04-01' };
const asked = { conversion: 'webmarketer:order', metric: 'turnover', ...span };

/** The journeys that the removal effect is explained by: C1 > C2 > C3 converts, C1 and C2 > C3 do not. */
before(async () => {
  await shop.open();
  for (const [day, slug] of [
    ['02', 'C1'],
    ['03', 'C2'],
    ['04', 'C3'],
  ] as const)
    await shop.visit('buyer', `2026-03-${day}T10:00:00Z`, shop.campaign(slug));
  await shop.order('buyer', '2026-03-05T10:00:00Z', 100.01);
  await shop.visit('one', '2026-03-02T10:00:00Z', shop.campaign('C1'));
  await shop.visit('two', '2026-03-02T10:00:00Z', shop.campaign('C2'));
  await shop.visit('two', '2026-03-03T10:00:00Z', shop.campaign('C3'));
  await shop.order('nobody', '2026-03-09T10:00:00Z', 7);
});

const post = (body: object, key?: string | null) =>
  test.native.call('POST', '/attribution/models', { body, ...(key === undefined ? {} : { key }) });

/** Has a result made, and waits for it. */
async function make(body: object) {
  const { status, body: job, text } = await post(body);
  assert.equal(status, 202, text);
  for (let tries = 0; tries < 200; tries++) {
    const { state, progress } = await test.native.read(`/jobs/${job.id}`);
    if (state === 'finished') return progress;
    await sleep(50);
  }
  assert.fail('the result is not there in ten seconds');
}

const shares = ({ rows }: { rows: ShownRow[] }) =>
  Object.fromEntries(rows.map(({ label, conversions, value }) => [label, [conversions, value?.amount]]));

describe('data-driven models', () => {
  it('are answered once their result is made: by Markov, what would be lost without each campaign', async () => {
    const early = await shop.ask({ ...asked, model: 'markov' });
    assert.deepEqual([early.status, early.body.error.path], [409, 'querystring/model']);
    assert.match(early.body.error.message, /POST …\/attribution\/models/);
    const progress = await make({ ...asked, model: 'markov', groupBy: 'campaign' });
    assert.ok(progress.done >= 2 && progress.done === progress.total);
    const report = await shop.report({ ...asked, model: 'markov' });
    // 0.5, 1 and 1 of 2.5.
    assert.deepEqual(shares(report), { C1: [0.2, 20], C2: [0.4, 40.01], C3: [0.4, 40] });
    assert.deepEqual(report.unattributed, { conversions: 1, value: { amount: 7, currency: 'EUR' } });
    assert.deepEqual(report.total, {
      conversions: 2,
      value: { amount: 107.01, currency: 'EUR' },
      spend: null,
    });
    const { model, countedFrom, asOf } = report.parameters;
    assert.deepEqual([model, countedFrom, asOf > 0], ['markov', 'model', true]);
    assert.ok(report.rows.every((row: ShownRow) => row.touches === 1 && row.people === 1));
  });

  it('keep their result until it is made anew, and one for each question', async () => {
    await make({ ...asked, model: 'shapley', groupBy: 'campaign' });
    const first = await shop.report({ ...asked, model: 'shapley' });
    assert.deepEqual(
      Object.values(shares(first)).flat().sort(),
      [0.333333333, 0.333333333, 0.333333334, 33.33, 33.34, 33.34],
    );
    await shop.visit('late', '2026-03-20T10:00:00Z', shop.campaign('C1'));
    await shop.order('late', '2026-03-20T11:00:00Z', 50);
    assert.deepEqual(await shop.report({ ...asked, model: 'shapley' }), first);
    await make({ ...asked, model: 'shapley', groupBy: 'campaign' });
    assert.equal((await shop.report({ ...asked, model: 'shapley' })).total.value.amount, 157.01);
    assert.equal((await shop.ask({ ...asked, model: 'shapley', lookbackDays: 7 })).status, 409);
    assert.equal((await shop.ask({ ...asked, model: 'shapley', groupBy: 'channel' })).status, 409);
  });

  it('are listed with what became of them, those that were asked for last first', async () => {
    await make({ ...asked, model: 'shapley', groupBy: 'api', lookbackDays: 7 });
    const { models, next } = await test.native.read('/attribution/models?limit=1');
    const [{ jobId, state, parameters, asOf, progress }] = models;
    assert.deepEqual([models.length, state, progress.done], [1, 'finished', progress.total]);
    assert.deepEqual(
      [parameters.model, parameters.groupBy, parameters.lookbackDays, parameters.event],
      ['shapley', 'api', 7, 'webmarketer:order'],
    );
    const report = await shop.report({ ...asked, model: 'shapley', groupBy: 'api', lookbackDays: 7 });
    assert.equal(asOf, report.parameters.asOf);
    const rest = await test.native.read(`/attribution/models?next=${next}`);
    assert.ok(rest.models.length > 0);
    assert.ok(rest.models.every((one: { jobId: string }) => one.jobId !== jobId));
    const lost = await test.native.call('GET', '/attribution/models?next=x');
    assert.equal(lost.status, 400, lost.text);
    const stranger = await workspaceKey(test, await test.addWorkspace());
    assert.equal((await test.native.call('GET', '/attribution/models', { key: stranger })).status, 404);
    assert.equal((await test.native.call('GET', '/attribution/models', { key: null })).status, 401);
  });

  it('are refused where they make no sense, and to whoever has not the workspace’s key', async () => {
    for (const [query, path] of [
      [{ interval: 'day' }, 'interval'],
      [{ dateOf: 'touch' }, 'dateOf'],
      [{ asOf: 1 }, 'asOf'],
      [{ groupBy: 'source' }, 'groupBy'],
    ] as const) {
      const { status, body } = await shop.ask({ ...asked, model: 'markov', ...query });
      assert.deepEqual([status, body.error.path], [400, `querystring/${path}`]);
    }
    for (const [body, path] of [
      [{ ...asked, model: 'linear' }, 'body/model'],
      [{ ...asked }, 'body/model'],
      [{ model: 'markov' }, 'body/conversion'],
      [{ ...asked, model: 'markov', conversion: 'a:b' }, 'body/conversion'],
      [{ ...asked, model: 'markov', groupBy: 'medium' }, 'body/groupBy'],
      [{ ...asked, model: 'markov', since: '2026-05-01' }, 'body/since'],
      [{ ...asked, model: 'markov', days: 3 }, 'body/days'],
    ] as const) {
      const reply = await post(body);
      assert.deepEqual([reply.status, reply.body.error.path], [400, path], reply.text);
    }
    const other = await test.addWorkspace();
    for (const [key, status] of [
      [null, 401],
      [test.workspace.credentials.webmarketer.accessToken, 401],
      [await workspaceKey(test, other), 404],
    ] as const)
      assert.equal((await post({ ...asked, model: 'markov' }, key)).status, status);
  });
});
