import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { readAdAccount } from '../../../src/dialects/signals/advertising/ad-account-store.ts';
import { insertStubAds } from '../../../src/dialects/signals/advertising/ad-store.ts';
import { readFacebookAccount } from '../../../src/dialects/signals/advertising/facebook-account-store.ts';
import {
  putAdAccount,
  putFacebookAccount,
} from '../../../src/dialects/signals/advertising/manage-accounts.ts';
import { refreshAdAccount } from '../../../src/dialects/signals/advertising/refresh-ad-account.ts';
import { advertisingOf } from '../../../src/dialects/signals/connector/connect-advertising.ts';
import type { TestWorkspace } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { delivery, referralTo, textMessage } from './client.ts';
import { post, useAppWithMeta } from './connector/advertising-app.ts';
import { fail } from './connector/graph-server.ts';
import { SignalsStore } from './store.ts';

const account = '1011872785512566';
const facebook = '2311334042249923';
const [first, second] = ['23851172049950328', '23851172049950329'];
const campaign = '23851172049950001';
const limited = { ...fail(429, 4, 'later'), headers: { 'retry-after': '300' } };
const now = Date.parse('2026-03-20T10:00:00Z');

const { test, graph } = await useAppWithMeta();
let workspace: TestWorkspace;

const stored = () => new SignalsStore(test, workspace);

beforeEach(async () => {
  test.time.now = now;
  graph.reset();
  workspace = await test.addWorkspace();
  await connect();
  graph.addAccount(account);
  graph.addCampaign(campaign, account);
  graph.addAd(first, account, campaign);
  graph.addAd(second, account, campaign);
  graph.setDay(first, '2026-03-19', { clicks: 541, impressions: 15452, spend: '433.30' });
});

async function connect(accessToken = graph.token): Promise<void> {
  const advertising = advertisingOf(test.app.services);
  const { id } = workspace.created;
  await putFacebookAccount(advertising, id, { id: facebook, email: 'a@example.com', accessToken });
  const wanted = { id: account, facebookAccountId: facebook, name: undefined, currency: undefined };
  await putAdAccount(advertising, id, { ...wanted, timezone: undefined });
}

function refreshAccount() {
  return post(test, workspace, `/ads/account/${account}/refresh`);
}

function firstDayAsked(): string {
  const first = graph.requests.find(({ path }) => path.endsWith('/insights'));
  return JSON.parse(first?.parameters.time_range ?? '{}').since;
}

async function stateOf(id = account) {
  return (await readAdAccount(test.database, workspace.created.id, id))!;
}

const campaignStatuses = async () => (await stored().adCampaigns()).map(({ status }) => status);

describe('refreshing an account', () => {
  it('brings its properties, campaigns, ads and ninety days of numbers', async () => {
    graph.pages.push({ id: '460293477343848', name: '360dialog' });
    graph.setDay(first, '2025-12-21', { clicks: 1, impressions: 2, spend: '0.5' });
    graph.setDay(first, '2025-12-20', { clicks: 9, impressions: 9, spend: '9' });
    const reply = await refreshAccount();
    assert.deepEqual([reply.status, reply.body], [200, { success: true }]);
    assert.deepEqual(await stored().days(), [
      { adId: first, day: '2025-12-21', clicks: 1, impressions: 2, spend: '0.5' },
      { adId: first, day: '2026-03-19', clicks: 541, impressions: 15452, spend: '433.30' },
    ]);
    const [ad] = await stored().ads();
    assert.deepEqual(ad, {
      id: first,
      adAccountId: account,
      campaignId: campaign,
      adSetName: 'Spot ad set',
      pageId: '460293477343848',
      pageName: '360dialog',
      name: `Ad ${first}`,
      status: 'ACTIVE',
    });
    const state = await stateOf();
    assert.deepEqual(
      [state.refreshState, state.currency, state.timezone, state.backfilledFrom],
      ['ok', 'EUR', 'Europe/Berlin', '2025-12-21'],
    );
    assert.equal(state.nextRefreshAt!.getTime(), now + 24 * 60 * 60 * 1000);
    assert.deepEqual(await stored().adCampaigns(), [
      {
        id: campaign,
        name: `Campaign ${campaign}`,
        status: 'ACTIVE',
        pageId: '460293477343848',
        startTime: new Date('2022-11-30T13:05:08Z'),
      },
    ]);
  });

  it('takes what Meta has corrected, and takes away what it names no longer', async () => {
    graph.setDay(second, '2026-03-10', { clicks: 5, impressions: 50, spend: '5' });
    await refreshAccount();
    test.time.now = now + 24 * 60 * 60 * 1000;
    graph.days.length = 0;
    graph.setDay(first, '2026-03-19', { clicks: 540, impressions: 15452, spend: '432.10' });
    assert.equal((await refreshAccount()).status, 200);
    assert.deepEqual(await stored().days(), [
      { adId: first, day: '2026-03-19', clicks: 540, impressions: 15452, spend: '432.10' },
    ]);
  });

  it('asks again for the last 28 days only, and for all since the last refresh after a pause', async () => {
    await refreshAccount();
    graph.requests.length = 0;
    test.time.now = now + 24 * 60 * 60 * 1000;
    await refreshAccount();
    const sinceOf = () =>
      graph.requests
        .filter(({ path }) => path.endsWith('/insights'))
        .map(({ parameters }) => JSON.parse(parameters.time_range!).since as string)
        .sort()[0];
    assert.equal(sinceOf(), '2026-02-21');
    graph.requests.length = 0;
    test.time.now = now + 61 * 24 * 60 * 60 * 1000;
    await refreshAccount();
    assert.equal(sinceOf(), '2026-02-22');
  });

  it('keeps an ad that was archived or deleted, with its numbers', async () => {
    graph.setDay(second, '2026-03-18', { clicks: 5, impressions: 50, spend: '5' });
    await refreshAccount();
    graph.ads[0]!.effective_status = 'ARCHIVED';
    graph.ads.splice(1, 1);
    graph.days.splice(1, 1);
    assert.equal((await refreshAccount()).status, 200);
    const ads = await stored().ads();
    assert.deepEqual(
      ads.map(({ id, status, name }) => [id, status, name]),
      [
        [first, 'ARCHIVED', `Ad ${first}`],
        [second, 'DELETED', `Ad ${second}`],
      ],
    );
    assert.equal((await stored().days()).length, 2);
  });

  it('learns what an ad is of which only a message has told', async () => {
    const deleted = '23851172049959999';
    await insertStubAds(test.database, workspace.created.id, [first!, deleted, '4711'], new Date(now));
    graph.addAd(deleted, account, campaign, { effective_status: 'DELETED' });
    await refreshAccount();
    const ads = await stored().ads();
    assert.deepEqual(
      ads.map(({ id, status }) => [id, status]),
      [
        [first, 'ACTIVE'],
        [second, 'ACTIVE'],
        [deleted, 'DELETED'],
        ['4711', 'UNKNOWN'],
      ],
    );
  });

  it('asks Meta for nothing that a message calls an ad and that is no id', async () => {
    await insertStubAds(test.database, workspace.created.id, ['me/accounts', '12?x=1'], new Date(now));
    assert.equal((await refreshAccount()).status, 200);
    assert.ok(graph.requests.every(({ path }) => !/accounts|^12/.test(path)));
  });

  it('goes on where it was cut off', async () => {
    graph.misbehaviours.push({ status: 500, text: '', of: '/insights', after: 3 });
    for (let count = 0; count < 5; count++)
      graph.misbehaviours.push({ status: 500, text: '', of: '/insights' });
    assert.equal((await refreshAccount()).status, 503);
    assert.equal((await stateOf()).refreshedAt, null);
    graph.requests.length = 0;
    assert.equal((await refreshAccount()).status, 200);
    assert.equal(firstDayAsked(), '2026-01-11');
    assert.equal((await stateOf()).backfilledFrom, '2025-12-21');
  });

  it('begins anew when it was cut off a day ago: what was read then may have been corrected', async () => {
    graph.misbehaviours.push({ ...limited, of: '/insights', after: 3 });
    assert.equal((await refreshAccount()).status, 429);
    graph.requests.length = 0;
    test.time.now = now + 24 * 60 * 60 * 1000;
    assert.equal((await refreshAccount()).status, 200);
    assert.equal(firstDayAsked(), '2025-12-22');
  });

  it('is a job that counts the days that are read, and says why it waits', async () => {
    graph.misbehaviours.push({ ...limited, of: '/insights', after: 3 });
    assert.equal((await refreshAccount()).status, 429);
    const told = async () => {
      const { jobs } = (await ask(test, 'GET', at(workspace, '/jobs'))).body;
      const { kind, subject, state, progress, result, error, requestedBy, dueAt } = jobs[0];
      assert.deepEqual(
        [jobs.length, kind, subject, requestedBy],
        [1, 'ad-account-refresh', account, `${workspace.created.slug} hub-token`],
      );
      return { state, progress, result, error, dueAt };
    };
    const waiting = await told();
    assert.match(waiting.error, /later/);
    assert.deepEqual(
      { ...waiting, error: '' },
      {
        state: 'waiting',
        progress: { done: 21, failed: 0, total: 90 },
        result: null,
        error: '',
        dueAt: new Date(now + 15 * 60 * 1000).toISOString(),
      },
    );
    assert.equal((await refreshAccount()).status, 200);
    const over = await told();
    assert.deepEqual([over.state, over.result, over.error], ['finished', { days: 69 }, null]);
  });

  it('goes on without the caller when that takes too long', async () => {
    const advertising = advertisingOf(test.app.services);
    const limits = { deadline: Date.now() };
    const outcome = await refreshAdAccount(advertising, workspace.created.id, account, limits, 'a test');
    assert.deepEqual(outcome, { kind: 'out-of-time' });
    assert.equal((await stateOf()).refreshState, 'incomplete');
    test.time.now = now + 60_000;
    await test.app.services.jobs.settle();
    assert.equal((await stateOf()).refreshState, 'ok');
    assert.equal((await stored().days()).length, 1);
  });

  it('is one at a time', async () => {
    graph.misbehaviours.push({ silent: true, of: 'act_' });
    const slow = refreshAccount();
    while (graph.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const other = await refreshAccount();
    assert.equal(other.status, 409);
    assert.equal(other.headers['retry-after'], '10');
    assert.equal((await slow).status, 200);
  });
});

describe('refreshing a campaign or an ad', () => {
  it('of campaigns of an account brings all of the account', async () => {
    const reply = await post(test, workspace, `/campaigns/account/${account}/refresh`);
    assert.deepEqual([reply.status, reply.body], [200, { success: true }]);
    assert.equal((await stored().days()).length, 1);
  });

  it('brings the campaign’s ads and numbers', async () => {
    await refreshAccount();
    graph.campaigns[0]!.name = 'Renamed';
    graph.addAd('23851172049950400', account, campaign);
    graph.setDay('23851172049950400', '2026-03-20', { clicks: 1, impressions: 2, spend: '3' });
    const reply = await post(test, workspace, `/campaigns/${campaign}/refresh`);
    assert.deepEqual([reply.status, reply.body], [200, { success: true }]);
    assert.equal((await stored().adCampaigns())[0]?.name, 'Renamed');
    assert.equal((await stored().ads()).length, 3);
    assert.equal((await stored().days()).length, 2);
  });

  it('notes that a campaign is gone', async () => {
    await refreshAccount();
    graph.campaigns.length = 0;
    assert.equal((await post(test, workspace, `/campaigns/${campaign}/refresh`)).status, 200);
    assert.deepEqual(await campaignStatuses(), ['DELETED']);
  });

  it('notes of a campaign that one of its ads is gone', async () => {
    await refreshAccount();
    graph.ads.splice(1, 1);
    assert.equal((await post(test, workspace, `/campaigns/${campaign}/refresh`)).status, 200);
    assert.deepEqual(
      (await stored().ads()).map(({ id, status }) => [id, status]),
      [
        [first, 'ACTIVE'],
        [second, 'DELETED'],
      ],
    );
  });

  it('brings one ad and its numbers, and no other', async () => {
    await refreshAccount();
    graph.ads[0]!.name = 'Renamed';
    graph.ads[1]!.name = 'Renamed too';
    graph.setDay(first!, '2026-03-20', { clicks: 1, impressions: 2, spend: '3' });
    assert.equal((await post(test, workspace, `/ads/${first}/refresh`)).status, 200);
    const ads = await stored().ads();
    assert.deepEqual(
      ads.map(({ name }) => name),
      ['Renamed', `Ad ${second}`],
    );
    assert.equal((await stored().days()).length, 2);
  });

  it('finds the account of an ad of which only a message has told', async () => {
    const other = '174816537731874';
    graph.addAccount(other, { currency: 'USD' });
    graph.addAd('555', other, campaign);
    await insertStubAds(test.database, workspace.created.id, ['555', '556'], new Date(now));
    assert.equal((await post(test, workspace, '/ads/555/refresh')).status, 200);
    assert.equal((await stateOf(other)).currency, 'USD');
    assert.equal((await post(test, workspace, '/ads/556/refresh')).status, 409);
  });
});

describe('an ad that comes to a campaign', () => {
  it('has the messages of its leads counted anew by what is set for the campaign', async () => {
    const { clientId, appId, token } = workspace.credentials.signals;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const base = `/v1/clients/${clientId}/apps/${appId}`;
    const message = textMessage('wamid.1', '33639981234', now / 1000 - 60, { referral: referralTo(first) });
    const send = (url: string, body: object) => inject(test, { method: 'POST', url, headers, body });
    const countConverted = async () => {
      await test.app.services.jobs.settle();
      const url = `${base}/events?date_from=2026-03-01&date_to=2026-03-31&event_type=converted`;
      const reply = await inject(test, { method: 'GET', url, headers });
      return reply.body.total_count;
    };
    await send(`/webhooks/whatsapp/${appId}`, delivery(message));
    const conversion = { campaign_id: campaign, type: 'keyword', type_value: 'hello' };
    assert.equal((await send(`${base}/converted_events`, conversion)).status, 200);
    assert.equal(await countConverted(), 0);
    assert.equal((await post(test, workspace, `/ads/${first}/refresh`)).status, 200);
    assert.equal(await countConverted(), 1);
    graph.ads[0]!.campaign_id = '4711';
    await refreshAccount();
    assert.equal(await countConverted(), 0);
  });
});

describe('what goes wrong at Meta', () => {
  it('is 502 for a refused token, which is not asked by again until there is a new one', async () => {
    await connect('EAAB-expired');
    const reply = await refreshAccount();
    assert.equal(reply.status, 502);
    assert.match(reply.body.detail, /needs a new one/);
    assert.deepEqual(
      [(await stateOf()).refreshState, (await stateOf()).nextRefreshAt],
      ['token-rejected', null],
    );
    const facebookAccount = await readFacebookAccount(test.database, workspace.created.id, facebook);
    assert.equal(facebookAccount!.tokenState, 'rejected');
    graph.requests.length = 0;
    assert.equal((await refreshAccount()).status, 502);
    assert.equal(graph.requests.length, 0);
    await connect();
    assert.equal((await refreshAccount()).status, 200);
  });

  it('is said in the log without the token', async () => {
    const advertising = advertisingOf(test.app.services);
    const { logger } = advertising;
    const lines: string[] = [];
    Object.assign(advertising, {
      logger: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    });
    await connect('EAAB-expired');
    await refreshAccount();
    Object.assign(advertising, { logger });
    assert.match(lines.join(''), /needs a new one/);
    assert.match(lines.join(''), new RegExp(facebook));
    assert.ok(!lines.join('').includes('EAAB'));
  });

  it('is 429 with the time to wait for a rate limit', async () => {
    graph.misbehaviours.push({ status: 429, text: '', headers: { 'retry-after': '300' } });
    const reply = await refreshAccount();
    assert.deepEqual([reply.status, reply.headers['retry-after']], [429, '300']);
    assert.equal((await stateOf()).refreshState, 'rate-limited');
    assert.equal((await stateOf()).nextRefreshAt!.getTime(), now + 15 * 60 * 1000);
  });

  it('is 503 for faults that do not end', async () => {
    for (let count = 0; count < 6; count++) graph.misbehaviours.push({ status: 500, text: 'x' });
    const reply = await refreshAccount();
    assert.equal(reply.status, 503);
    assert.equal((await stateOf()).refreshState, 'unreachable');
  });

  it('is 502 for an answer that is none, and nothing is stored of it', async () => {
    graph.misbehaviours.push({ body: { data: [{ ad_id: 5 }] }, of: 'insights' });
    const reply = await refreshAccount();
    assert.equal(reply.status, 502);
    assert.equal((await stored().days()).length, 0);
    assert.match((await stateOf()).refreshError!, /ad_id/);
  });

  it('is 502 for what the token has no permission to read, which is not taken for deleted', async () => {
    await refreshAccount();
    const hidden = fail(400, 200, 'Requires ads_read permission');
    graph.misbehaviours.push({ ...hidden, of: `batch:${first}` }, { ...hidden, of: `batch:${campaign}` });
    assert.equal((await post(test, workspace, `/ads/${first}/refresh`)).status, 502);
    assert.equal((await post(test, workspace, `/campaigns/${campaign}/refresh`)).status, 502);
    graph.ads.shift();
    graph.misbehaviours.push({ ...hidden, of: `batch:${first}` });
    assert.equal((await refreshAccount()).status, 200);
    const ads = await stored().ads();
    assert.deepEqual(
      ads.map(({ status }) => status),
      ['ACTIVE', 'ACTIVE'],
    );
    assert.deepEqual(await campaignStatuses(), ['ACTIVE']);
  });

  it('is 409 without a connection', async () => {
    const { adAccountId } = workspace.credentials.signals;
    const reply = await post(test, workspace, `/ads/account/${adAccountId}/refresh`);
    assert.equal(reply.status, 409);
  });
});

describe('who may not refresh', () => {
  const paths = [
    `/ads/account/${account}/refresh`,
    `/ads/${first}/refresh`,
    `/campaigns/account/${account}/refresh`,
    `/campaigns/${campaign}/refresh`,
  ];
  for (const path of paths) {
    it(`is everybody without the workspace’s key: ${path}`, async () => {
      await refreshAccount();
      graph.requests.length = 0;
      const other = await test.addWorkspace();
      assert.equal((await post(test, workspace, path, null)).status, 401);
      assert.equal((await post(test, workspace, path, 'wrong')).status, 401);
      assert.equal((await post(test, workspace, path, other.credentials.signals.token)).status, 404);
      assert.equal((await post(test, workspace, path, workspace.credentials.webengage.apiKey)).status, 401);
      const reply = await post(test, other, path);
      assert.equal(reply.status, 404);
      assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
      assert.equal(graph.requests.length, 0);
    });
  }

  it('nor is an id that is none looked for', async () => {
    for (const path of ['/ads/abc/refresh', '/ads/account/act_1/refresh', '/campaigns/1e5/refresh'])
      assert.equal((await post(test, workspace, path)).status, 404);
  });
});
