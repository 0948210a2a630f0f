import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { importRates } from '../../../src/core/exchange-rate/import-rates.ts';
import { findSource } from '../../../src/core/workspace/workspace.ts';
import { viewListedAds } from '../../../src/dialects/signals/advertising/query/view-ads.ts';
import type { Queryable } from '../../../src/store/queryable.ts';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { Advertising } from './advertising.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';

const account = '174816537731874';
const campaign = '23851172049950001';
const [first, second] = ['23851172049950328', '23851172049950329'];
const today = new Date().toISOString().slice(0, 10);
const seconds = Math.floor(Date.now() / 1000);

const insightKeys =
  'ad_id date clicks cpc cpm ctr impressions spend currency sessions cost_per_session cvr_clicks_to_sessions unique_users cost_per_unique_user cvr_clicks_to_unique_users engaged cost_per_engagement cvr_unique_users_to_engaged converted cost_per_conversions cvr_unique_users_to_converted events keywords';

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);
const advertising = new Advertising(test);

beforeEach(async () => {
  await advertising.addAdAccount(account, { name: '360dialog.com - Ad-Account', currency: 'EUR' });
  const page = { id: '460293477343848', name: '360dialog' };
  const startTime = '2022-11-01T10:05:08+01:00';
  const ofAccount = { adAccountId: account, campaignId: campaign, page, createdTime: startTime };
  await advertising.addAds(
    [
      {
        ...ofAccount,
        id: first,
        name: 'Spot image',
        adSet: { id: '1', name: 'Spot ad set', status: 'ACTIVE' },
      },
      { id: second, adAccountId: account, name: 'No campaign' },
    ],
    [{ id: campaign, adAccountId: account, name: 'CTWA campaign', status: 'ACTIVE', startTime, page }],
  );
});

const sampleDays = [
  { adId: first, day: '2023-02-27', clicks: 500, impressions: 15_000, spend: 400 },
  { adId: first, day: '2023-02-28', clicks: 41, impressions: 452, spend: 33.3 },
];

async function get(path: string, query: Record<string, string> = {}) {
  const reply = await client.get(path, query);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function getLegacy(path: string, query: Record<string, string> = {}, appId = client.keys.appId) {
  return inject(test, {
    method: 'GET',
    url: `/v1/app/${appId}${path}`,
    query,
    headers: client.authorized,
  });
}

/** Two leads by the first ad: one writes twice, and orders; a third by no ad. */
async function converse(): Promise<void> {
  const byAd = { referral: referralTo(first) };
  const order = { text: { body: 'I am ready to order!' } };
  const sent = delivery(
    textMessage('a1', '33600000001', seconds - 300, byAd),
    textMessage('a2', '33600000001', seconds - 200, order),
    textMessage('b1', '33600000002', seconds - 200, { referral: { ...referralTo(first), ctwa_clid: 'b' } }),
    textMessage('c1', '33600000003', seconds - 200),
  );
  assert.equal((await client.deliver(sent)).status, 200);
}

async function sell(amount: number, currency: string): Promise<void> {
  const event = { action: 'purchase', lead_phone: '33600000001', revenue: { amount, currency } };
  const reply = await inject(test, {
    method: 'POST',
    url: `/clients/${client.keys.clientId}/external-events`,
    headers: { 'content-type': 'application/json' },
    body: { external_event: event, api_key: client.keys.apiKey },
  });
  assert.equal(reply.status, 200, reply.text);
}

describe('GET …/ads/account/{adAccountId}', () => {
  it('gives the vendor’s sample from the sums of the days', async () => {
    await advertising.addDays(sampleDays);
    const page = await get(`/ads/account/${account}`);
    assert.deepEqual(Object.keys(page), ['data', 'total_count', 'offset', 'limit']);
    assert.deepEqual([page.total_count, page.offset, page.limit], [2, 0, 20]);
    const [ad] = page.data;
    assert.deepEqual(Object.keys(ad.insight), insightKeys.split(' '));
    const { clicks, spend, impressions, cpc, cpm, ctr } = ad.insight;
    assert.deepEqual([clicks, spend, impressions, cpc, cpm, ctr], [541, 433.3, 15_452, 0.8, 28.04, 3.5]);
    assert.match(ad.insight.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.equal(ad.insight.currency, 'EUR');
    const { insight, sale_insight: sale, ...facts } = ad;
    const { insight: ofCampaign, ...campaignFacts } = ad.campaign;
    assert.deepEqual([ofCampaign.campaign_id, ofCampaign.cpc, sale], [campaign, 0.8, null]);
    assert.deepEqual(
      { ...facts, campaign: campaignFacts },
      {
        id: first,
        ad_account_id: account,
        ad_account: { name: '360dialog.com - Ad-Account', currency: 'EUR' },
        ad_set: { name: 'Spot ad set', status: 'ACTIVE' },
        name: 'Spot image',
        status: 'ACTIVE',
        created_time: '2022-11-01T09:05:08+00:00',
        updated_time: null,
        campaign: {
          id: campaign,
          ad_account_id: account,
          ad_account: { name: '360dialog.com - Ad-Account', currency: 'EUR' },
          name: 'CTWA campaign',
          status: 'ACTIVE',
          start_time: '2022-11-01T09:05:08+00:00',
          stop_time: null,
          page: { id: '460293477343848' },
          sale_insight: null,
        },
        page: { id: '460293477343848' },
        active_event_groups_count: 0,
      },
    );
  });

  it('gives zeros and empty lists for an ad that nothing happened with', async () => {
    const [, ad] = (await get(`/ads/account/${account}`)).data;
    const { ad_id, date, currency, events, keywords, ...numbers } = ad.insight;
    assert.deepEqual([ad_id, currency, keywords], [second, 'EUR', []]);
    assert.deepEqual(events, { conversation: 0, keyword: 0 });
    assert.ok(Object.values(numbers).every((value) => value === 0));
    assert.deepEqual([ad.campaign, ad.sale_insight], [null, null]);
  });

  it('counts sessions, leads, their engagement and conversions, and the texts they wrote', async () => {
    await advertising.addDays([{ adId: first, day: today, clicks: 4, impressions: 100, spend: 10 }]);
    await converse();
    const conversion = { campaign_id: campaign, type: 'keyword', type_value: 'ready to order' };
    assert.equal((await client.send('POST', '/converted_events', conversion)).status, 200);
    await client.send('POST', '/event_groups', { type: 'keyword', type_value: 'hello there' });
    await client.send('POST', '/event_groups', { type: 'button', ad_id: second });
    await client.send('POST', '/event_groups', { type: 'list', campaign_id: campaign });
    await client.send('POST', '/event_groups', { type: 'link', ad_id: first, campaign_id: campaign });
    const page = await get(`/ads/account/${account}`);
    assert.deepEqual(
      page.data.map((ad: { active_event_groups_count: number }) => ad.active_event_groups_count),
      [3, 2],
    );
    for (const insight of [page.data[0].insight, page.data[0].campaign.insight]) {
      const { sessions, unique_users, engaged, converted, events, keywords } = insight;
      assert.deepEqual([sessions, unique_users, engaged, converted], [2, 2, 1, 1]);
      assert.deepEqual(events, { conversation: 2, keyword: 1 });
      assert.deepEqual(keywords, [{ keyword: 'ready to order', events: 1, cvr: 50 }]);
      assert.deepEqual([insight.cost_per_session, insight.cvr_clicks_to_sessions], [5, 50]);
      assert.deepEqual([insight.cost_per_unique_user, insight.cvr_clicks_to_unique_users], [5, 50]);
      assert.deepEqual([insight.cost_per_engagement, insight.cvr_unique_users_to_engaged], [10, 50]);
      assert.deepEqual([insight.cost_per_conversions, insight.cvr_unique_users_to_converted], [10, 50]);
    }
  });

  it('filters by campaign, pages, and takes the offset as text', async () => {
    const ids = async (query: Record<string, string>) => {
      const page = await get(`/ads/account/${account}`, query);
      return [page.data.map(({ id }: { id: string }) => id), page.total_count, page.offset, page.limit];
    };
    assert.deepEqual(await ids({ campaign_id: campaign }), [[first], 1, 0, 20]);
    assert.deepEqual(await ids({ campaign_id: 'campaign#1' }), [[], 0, 0, 20]);
    assert.deepEqual(await ids({ limit: '1', offset: '1' }), [[second], 2, 1, 1]);
    assert.deepEqual(await ids({ offset: '999999' }), [[], 2, 999_999, 20]);
  });

  it('asks the database as often for many ads as for one', async () => {
    await converse();
    const { services } = test.app;
    const loaded = await services.workspaces.get(test.workspace.created.id);
    const app = findSource(loaded, 'signals', 'app', client.keys.appId)!;
    const countFor = async (limit: number) => {
      let statements = 0;
      const query: Queryable['query'] = (text, parameters) => {
        statements++;
        return test.database.query(text, parameters);
      };
      const filter = { adAccountId: account, campaignId: null };
      await viewListedAds({ query }, { workspace: loaded, app }, filter, null, { limit, offset: 0 });
      return statements;
    };
    assert.equal(await countFor(2), await countFor(1));
  });

  it('refuses a limit or an offset that is out of range, and clamps nothing', async () => {
    for (const query of [{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { offset: '-1' }]) {
      const reply = await client.get(`/ads/account/${account}`, query as Record<string, string>);
      assert.equal(reply.status, 422);
      assert.equal(reply.body.detail[0].loc[0], 'query');
    }
  });

  it('is empty for an account that an app is bound to and nothing is known of, and 404 for others', async () => {
    const page = await get(`/ads/account/${client.keys.adAccountId}`);
    assert.deepEqual(page, { data: [], total_count: 0, offset: 0, limit: 20 });
    for (const id of ['99', 'act_1', '%00', "1'"]) {
      const reply = await client.get(`/ads/account/${encodeURIComponent(decodeURIComponent(id))}`);
      assert.equal(reply.status, 404);
      assert.match(reply.body.detail, /^Not found: there is no .+ here; /);
    }
  });
});

describe('sales of an ad', () => {
  it('are the sum of the revenue in the ad account’s currency, other currencies at the day’s rate', async () => {
    await advertising.addDays([{ adId: first, day: today, clicks: 1, impressions: 1, spend: 150 }]);
    await converse();
    await sell(400, 'EUR');
    await importRates(test.database, [{ currency: 'USD', day: today, perEuro: '1.25' }]);
    await sell(125, 'USD');
    const ad = await get(`/ads/${first}`);
    const { date, ...sale } = ad.sale_insight;
    const expected = { revenue: 500, count: 2, roas: 3.33, cvr: 100, cvr_cost: 75 };
    assert.deepEqual(sale, { ad_id: first, ...expected });
    const ofCampaign = ad.campaign.sale_insight;
    assert.deepEqual([ofCampaign.ad_id, ofCampaign.revenue, ofCampaign.count], [campaign, 500, 2]);
  });

  it('say what no rate is known for, and leave it out of the revenue', async () => {
    await converse();
    await sell(10, 'EUR');
    await sell(70.5, 'ISK');
    await sell(4.5, 'ISK');
    const { sale_insight: sale } = await get(`/ads/${first}`);
    assert.deepEqual([sale.revenue, sale.count], [10, 3]);
    assert.deepEqual(sale.unconverted, [{ currency: 'ISK', revenue: 75 }]);
  });
});

describe('GET …/ads/{adId}', () => {
  it('gives the whole ad, with ids that are larger than 2^53 as they are', async () => {
    const ad = await get(`/ads/${first}`);
    assert.deepEqual([ad.id, ad.campaign.id, ad.insight.ad_id], [first, campaign, first]);
  });

  it('gives an ad that only a message has told of, with the status UNKNOWN', async () => {
    const unknown = '99851172049950328';
    const message = textMessage('u1', '33600000009', seconds - 60, { referral: referralTo(unknown) });
    await client.deliver(delivery(message));
    const ad = await get(`/ads/${unknown}`);
    assert.deepEqual([ad.status, ad.name, ad.campaign, ad.ad_account_id], ['UNKNOWN', null, null, null]);
    assert.deepEqual(
      [ad.ad_account, ad.ad_set, ad.page],
      [{ name: null, currency: null }, { name: null, status: null }, { id: null }],
    );
    assert.equal(ad.insight.sessions, 1);
  });

  it('answers 404 for an ad that is not known', async () => {
    for (const id of ['1', 'abc', '9'.repeat(33)]) {
      for (const path of [`/ads/${id}`, `/ads/${id}/insights`])
        assert.equal((await client.get(path)).status, 404);
      assert.equal((await getLegacy(`/ads/${id}`)).status, 404);
    }
  });
});

describe('GET …/ads/{adId}/insights', () => {
  it('gives an array of days, oldest first, Meta’s numbers and the conversations of each', async () => {
    await advertising.addDays(sampleDays);
    await converse();
    const days = await get(`/ads/${first}/insights`);
    assert.deepEqual(
      days.map((day: { date: string; clicks: number; cpc: number; sessions: number }) => [
        day.date,
        day.clicks,
        day.cpc,
        day.sessions,
      ]),
      [
        ['2023-02-27T00:00:00', 500, 0.8, 0],
        ['2023-02-28T00:00:00', 41, 0.81, 0],
        [`${today}T00:00:00`, 0, 0, 2],
      ],
    );
    assert.deepEqual(Object.keys(days[0]), insightKeys.split(' '));
  });

  it('takes days, both included, each end by itself', async () => {
    await advertising.addDays(sampleDays);
    const count = async (query: Record<string, string>) =>
      (await get(`/ads/${first}/insights`, query)).length;
    assert.equal(await count({ date_from: '2023-02-28' }), 1);
    assert.equal(await count({ date_to: '2023-02-27' }), 1);
    assert.equal(await count({ date_from: '2023-02-27', date_to: '2023-02-28' }), 2);
    assert.equal(await count({ date_from: '2023-02-27T13:00:00', date_to: '2023-02-27T14:00:00+00:00' }), 1);
    assert.equal(await count({ date_from: '2024-01-01' }), 0);
    assert.equal(await count({ date_from: '0001-01-01', date_to: '9999-12-31' }), 2);
  });

  it('refuses dates that are none and an end before its beginning', async () => {
    for (const query of [
      { date_from: 'soon' },
      { date_from: '0001-01-01T00:00:00+14:00' },
      { date_from: '2023-02-28', date_to: '2023-02-27' },
      { level: 'x' },
    ]) {
      const reply = await client.get(`/ads/${first}/insights`, query as Record<string, string>);
      assert.equal(reply.status, 422, reply.text);
    }
  });

  it('gives a summary of each keyword, and of each event that can be a conversion', async () => {
    await advertising.addDays([{ adId: first, day: today, clicks: 4, impressions: 100, spend: 10 }]);
    await client.send('POST', '/event_groups', { type: 'keyword', type_value: 'ready to order' });
    await converse();
    assert.deepEqual(await get(`/ads/${first}/insights`, { level: 'keyword' }), [
      { keyword: 'ready to order', events: 1, cvr: 50, cost_per_event: 10 },
    ]);
    const conversions = await get(`/ads/${first}/insights`, { level: 'conversion' });
    assert.deepEqual(
      conversions.map((one: Record<string, unknown>) => [one.type, one.type_value, one.events, one.cvr]),
      [
        ['conversation', null, 2, 100],
        ['engagement', null, 1, 50],
        ['keyword', 'ready to order', 1, 50],
      ],
    );
    assert.match(conversions[0].type_id, /^[0-9a-f]{24}$/);
    const query = { level: 'conversion', date_to: '2023-01-01' };
    assert.deepEqual(await get(`/ads/${first}/insights`, query), []);
  });
});

describe('the legacy paths', () => {
  it('give the legacy shape, from the days since the first conversion was set up', async () => {
    await advertising.addDays([
      ...sampleDays,
      { adId: first, day: today, clicks: 4, impressions: 100, spend: 10 },
    ]);
    await converse();
    const before = (await getLegacy(`/ads/account/${account}`)).body;
    assert.deepEqual([before.total_count, before.data[0].insight.clicks], [2, 545]);
    const conversion = { campaign_id: campaign, type: 'keyword', type_value: 'ready to order' };
    await client.send('POST', '/converted_events', conversion);
    const reply = await getLegacy(`/ads/account/${account}`, { limit: '1' });
    const { data, ...page } = reply.body;
    assert.deepEqual(page, { total_count: 2, offset: 0, limit: 1 });
    const { date, ...insight } = data[0].insight;
    assert.deepEqual(insight, {
      ad_id: first,
      clicks: 4,
      cpc: 2.5,
      cpm: 100,
      ctr: 4,
      impressions: 100,
      spend: 10,
      sessions: 2,
      unique_users: 2,
      keywords_count: 1,
    });
    assert.deepEqual(
      { ...data[0], insight: undefined },
      {
        id: first,
        app_id: client.keys.appId,
        name: 'Spot image',
        status: 'ACTIVE',
        created_time: '2022-11-01T09:05:08+00:00',
        updated_time: null,
        ad_account: { id: account, name: '360dialog.com - Ad-Account', currency: 'EUR' },
        campaign: { name: 'CTWA campaign', start_time: '2022-11-01T09:05:08+00:00' },
        page: { id: '460293477343848', name: '360dialog' },
        insight: undefined,
      },
    );
    const one = (await getLegacy(`/ads/${first}`)).body;
    assert.deepEqual({ ...one.insight, date }, { ...insight, date });
  });

  it('refuse a limit that is out of range and an account that is not known', async () => {
    assert.equal((await getLegacy(`/ads/account/${account}`, { limit: '101' })).status, 422);
    assert.equal((await getLegacy('/ads/account/99')).status, 404);
    assert.equal((await getLegacy(`/ads/account/${account}`, {}, '1')).status, 404);
  });
});

describe('who may read ads', () => {
  const paths = [`/ads/account/${account}`, `/ads/${first}`, `/ads/${first}/insights`];

  it('is who has a token or an API key of the workspace', async () => {
    const { apiKey } = client.keys;
    for (const path of paths) {
      assert.equal((await client.get(path, {}, { 'x-api-key': apiKey })).status, 200);
      assert.equal((await client.get(path, {}, {})).status, 401);
      assert.equal((await client.get(path, {}, { authorization: 'Bearer wrong' })).status, 401);
      const { webengage } = test.workspace.credentials;
      assert.equal((await client.get(path, {}, { 'x-api-key': webengage.apiKey })).status, 401);
    }
  });

  it('sees nothing of other workspaces', async () => {
    const stranger = new SignalsClient(test, await test.addWorkspace());
    for (const path of paths) {
      assert.equal((await stranger.get(path)).status, 404, path);
      const reply = await stranger.get(path, {}, stranger.authorized, client.keys);
      assert.equal(reply.status, 404, path);
    }
  });
});
