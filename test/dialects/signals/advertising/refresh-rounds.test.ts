import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../../src/core/id.ts';
import type { Job } from '../../../../src/core/job/job.ts';
import { claimJob, listJobs } from '../../../../src/core/job/job-store.ts';
import { jobKindsOf } from '../../../../src/dialects/registry.ts';
import { readAdAccount } from '../../../../src/dialects/signals/advertising/ad-account-store.ts';
import {
  putAdAccount,
  putFacebookAccount,
} from '../../../../src/dialects/signals/advertising/manage-accounts.ts';
import {
  requestDueRefreshes,
  startAdvertisingRefresh,
} from '../../../../src/dialects/signals/advertising/refresh-rounds.ts';
import { advertisingOf } from '../../../../src/dialects/signals/connector/connect-advertising.ts';
import { JobRunner } from '../../../../src/jobs/run-jobs.ts';
import type { TestWorkspace } from '../../../helpers/app.ts';
import { useAppWithMeta } from '../connector/advertising-app.ts';
import { fail } from '../connector/graph-server.ts';
import { SignalsStore } from '../store.ts';

const account = '1011872785512566';
const facebook = '2311334042249923';
const now = Date.parse('2026-03-20T10:00:00Z');
const hour = 60 * 60 * 1000;

const { test, graph } = await useAppWithMeta();
let workspace: TestWorkspace;

const stored = () => new SignalsStore(test, workspace);

beforeEach(async () => {
  test.time.now = now;
  graph.reset();
  await test.database.query('delete from ad_account');
  await test.database.query('delete from job');
  workspace = await test.addWorkspace();
  graph.addAccount(account);
  graph.addAd('1', account, '9');
  graph.setDay('1', '2026-03-19', { clicks: 5, impressions: 10, spend: '1' });
});

async function connect(id = account): Promise<void> {
  const advertising = advertisingOf(test.app.services);
  await putFacebookAccount(advertising, workspace.created.id, {
    id: facebook,
    email: undefined,
    accessToken: graph.token,
  });
  const unset = { name: undefined, currency: undefined, timezone: undefined };
  await putAdAccount(advertising, workspace.created.id, { id, facebookAccountId: facebook, ...unset });
}

/** Asks for what is due. */
function look(): Promise<void> {
  return requestDueRefreshes(test.app.services, new AbortController().signal);
}

function settle(): Promise<void> {
  return test.app.services.jobs.settle();
}

async function round(): Promise<void> {
  await look();
  await settle();
}

function listRefreshes(): Promise<Job[]> {
  return listJobs(test.database, workspace.created.id, null, 50);
}

function countRefreshes(): number {
  return graph.requests.filter(({ path }) => path === `act_${account}`).length;
}

const stateOf = async (id = account) => (await readAdAccount(test.database, workspace.created.id, id))!;

describe('the daily refresh of ads', () => {
  it('asks nothing of Meta while no account is connected', async () => {
    await round();
    assert.equal(graph.requests.length, 0);
  });

  it('takes an account when its day has come, and not before', async () => {
    await connect();
    await round();
    assert.equal((await stored().days()).length, 1);
    await round();
    assert.equal(countRefreshes(), 1);
    test.time.now = now + 23 * hour;
    await round();
    assert.equal(countRefreshes(), 1);
    test.time.now = now + 24 * hour;
    await round();
    assert.equal(countRefreshes(), 2);
  });

  it('does it once when several processes look at the same time', async () => {
    await connect();
    await Promise.all([look(), look(), look()]);
    await settle();
    await Promise.all([look(), look()]);
    assert.equal((await listRefreshes()).length, 1);
    assert.equal(countRefreshes(), 1);
  });

  it('takes an account over whose process has died, once its claim is over, and goes on where that was', async () => {
    await connect();
    await look();
    const [asked] = await listRefreshes();
    const due = { workspaceId: workspace.created.id, id: asked!.id };
    await test.app.services.jobs.run(due, { slices: 3 });
    const claim = { by: newId(now), now: new Date(now), until: new Date(now + hour) };
    assert.ok(await claimJob(test.database, due, claim));
    graph.requests.length = 0;
    await round();
    assert.equal(graph.requests.length, 0);
    test.time.now = now + hour;
    await round();
    assert.equal((await stateOf()).refreshState, 'ok');
    const first = graph.requests[0];
    assert.match(first?.path ?? '', /\/insights$/);
    assert.equal(JSON.parse(first?.parameters.time_range ?? '{}').since, '2026-01-04');
  });

  it('leaves room for other jobs: five accounts are asked for at a time', async () => {
    await connect();
    for (let count = 0; count < 6; count++) await connect(`5${count}`);
    await look();
    await look();
    assert.equal((await listRefreshes()).length, 5);
    await round();
    await round();
    assert.equal((await listRefreshes()).length, 7);
  });

  it('does not wait any longer for a rate limit when there is a new token', async () => {
    await connect();
    graph.misbehaviours.push({ ...fail(429, 4, 'later'), headers: { 'retry-after': '900' } });
    await round();
    assert.equal((await stateOf()).refreshState, 'rate-limited');
    test.time.now = now + 60_000;
    await round();
    assert.equal(countRefreshes(), 1);
    await connect();
    await round();
    assert.equal((await stateOf()).refreshState, 'ok');
    assert.equal((await listRefreshes()).length, 1);
  });

  it('goes on with the other accounts when one fails', async () => {
    await connect('404');
    test.time.now = now + 1;
    await connect();
    await round();
    assert.equal((await stateOf('404')).refreshState, 'refused');
    assert.equal((await stateOf()).refreshState, 'ok');
  });

  it('leaves an account alone whose token Meta has refused', async () => {
    await connect();
    await putFacebookAccount(advertisingOf(test.app.services), workspace.created.id, {
      id: facebook,
      email: undefined,
      accessToken: 'EAAB-expired',
    });
    await round();
    graph.requests.length = 0;
    test.time.now = now + 48 * hour;
    await round();
    assert.equal(graph.requests.length, 0);
    assert.equal((await stateOf()).refreshState, 'token-rejected');
  });

  it('breaks off when the process ends, and is done by the next one', async () => {
    await connect();
    await look();
    const { jobs, ...services } = test.app.services;
    const ending: JobRunner = new JobRunner(services, () => jobKindsOf({ ...services, jobs: ending }));
    graph.misbehaviours.push({ silent: true, of: '/insights' });
    Object.assign(advertisingOf({ ...services, jobs: ending }), {
      connectPlatform: advertisingOf(test.app.services).connectPlatform,
    });
    await ending.look();
    while (!graph.requests.some(({ path }) => path.endsWith('/insights')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await ending.stop();
    assert.equal((await stateOf()).refreshState, 'never');
    const [job] = await listRefreshes();
    assert.deepEqual([job?.state, job?.error, job?.attempts], ['waiting', null, 0]);
    await settle();
    assert.equal((await stateOf()).refreshState, 'ok');
    assert.equal(countRefreshes(), 1);
  });

  it('stops when it is told to', async () => {
    await startAdvertisingRefresh(test.app.services).stop();
  });
});
