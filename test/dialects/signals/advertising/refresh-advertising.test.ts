import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  claimAdAccount,
  readAdAccount,
} from '../../../../src/dialects/signals/advertising/ad-account-store.ts';
import {
  putAdAccount,
  putFacebookAccount,
} from '../../../../src/dialects/signals/advertising/manage-accounts.ts';
import { refreshAdAccount } from '../../../../src/dialects/signals/advertising/refresh-ad-account.ts';
import {
  refreshDueAccounts,
  startAdvertisingRefresh,
} from '../../../../src/dialects/signals/advertising/refresh-advertising.ts';
import { advertisingOf } from '../../../../src/dialects/signals/connector/connect-advertising.ts';
import type { TestApp, TestWorkspace } from '../../../helpers/app.ts';
import { readDays, startWithMeta } from '../connector/advertising-app.ts';
import type { GraphServer } from '../connector/graph-server.ts';

const account = '1011872785512566';
const facebook = '2311334042249923';
const now = Date.parse('2026-03-20T10:00:00Z');
const hour = 60 * 60 * 1000;

let test: TestApp;
let graph: GraphServer;
let close: () => Promise<void>;
let workspace: TestWorkspace;

before(async () => {
  ({ test, graph, close } = await startWithMeta());
});
after(() => close());
beforeEach(async () => {
  test.time.now = now;
  graph.reset();
  await test.database.query('delete from ad_account');
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

function round(signal = new AbortController().signal): Promise<void> {
  return refreshDueAccounts(advertisingOf(test.app.services), signal);
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
    assert.equal((await readDays(test, workspace)).length, 1);
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
    const advertising = advertisingOf(test.app.services);
    const limits = { deadline: Date.now() + 60_000, signal: new AbortController().signal };
    const refresh = () => refreshAdAccount(advertising, workspace.created.id, account, limits, true);
    const outcomes = await Promise.all([refresh(), refresh(), refresh()]);
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ['busy', 'busy', 'refreshed']);
    assert.equal(countRefreshes(), 1);
  });

  it('takes an account over whose process has died, once its claim is over', async () => {
    await connect();
    const claim = { now: new Date(now), until: new Date(now + hour), onlyIfDue: true };
    await claimAdAccount(test.database, workspace.created.id, account, claim);
    await round();
    assert.equal(countRefreshes(), 0);
    test.time.now = now + hour;
    await round();
    assert.equal(countRefreshes(), 1);
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
    const stopping = new AbortController();
    graph.misbehaviours.push({ silent: true, of: '/insights' });
    const broken = round(stopping.signal);
    while (!graph.requests.some(({ path }) => path.endsWith('/insights')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    stopping.abort();
    await broken;
    assert.equal((await stateOf()).refreshState, 'incomplete');
    test.time.now = now + 60_000;
    await round();
    assert.equal((await stateOf()).refreshState, 'ok');
  });

  it('stops when it is told to', async () => {
    await startAdvertisingRefresh(advertisingOf(test.app.services)).stop();
  });
});
