import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { Advertising } from './advertising.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';

const account = '174816537731874';
const campaign = '23851172049950001';
const quiet = '23851172049950002';
const [first, second, third] = ['23851172049950328', '23851172049950329', '23851172049950330'];
const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);
const advertising = new Advertising(test);

/** A campaign with two ad sets and three ads, two days, and two leads by different ads; and one with nothing. */
beforeEach(async () => {
  await advertising.addAdAccount(account, { name: 'Advertiser', currency: 'USD' });
  const facts = { adAccountId: account, name: 'Spot image', status: 'ACTIVE' };
  const ad = (id: string, adSet: string) => ({
    id,
    adAccountId: account,
    campaignId: campaign,
    adSet: { id: adSet, name: `Set ${adSet}`, status: 'PAUSED' },
  });
  await advertising.addAds(
    [ad(first, '1'), ad(second, '1'), ad(third, '2')],
    [
      {
        ...facts,
        id: campaign,
        startTime: '2022-11-01T10:05:08+01:00',
        stopTime: '2022-11-30T14:05:08+01:00',
        page: { id: '460293477343848' },
      },
      { ...facts, id: quiet },
    ],
  );
  await advertising.addDays([
    { adId: first, day: '2025-03-03', clicks: 1, impressions: 3, spend: 0.1 },
    { adId: second, day: '2025-03-03', clicks: 2, impressions: 3, spend: 0.2 },
    { adId: third, day: '2025-03-04', clicks: 4, impressions: 6, spend: 3 },
  ]);
  const sent = delivery(
    textMessage('a', '33600000001', noon, { referral: referralTo(first) }),
    textMessage('b', '33600000002', noon, { referral: referralTo(third) }),
    textMessage('c', '33600000002', noon + 60),
  );
  assert.equal((await client.deliver(sent)).status, 200);
});

async function get(path: string, query: Record<string, string> = {}) {
  const reply = await client.get(path, query);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

describe('GET …/campaigns/account/{adAccountId}', () => {
  it('gives a page of campaigns, ratios from the sums of all their ads', async () => {
    const { data, ...page } = await get(`/campaigns/account/${account}`);
    assert.deepEqual(page, { total_count: 2, offset: 0, limit: 20 });
    const { insight, ...facts } = data[0];
    assert.deepEqual(facts, {
      id: campaign,
      ad_account_id: account,
      ad_account: { name: 'Advertiser', currency: 'USD' },
      name: 'Spot image',
      status: 'ACTIVE',
      start_time: '2022-11-01T09:05:08+00:00',
      stop_time: '2022-11-30T13:05:08+00:00',
      page: { id: '460293477343848' },
      sale_insight: null,
    });
    const { date, ...figures } = insight;
    assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.deepEqual(figures, {
      campaign_id: campaign,
      clicks: 7,
      cpc: 0.47,
      cpm: 275,
      ctr: 58.33,
      impressions: 12,
      spend: 3.3,
      currency: 'USD',
      sessions: 2,
      cost_per_session: 1.65,
      cvr_clicks_to_sessions: 28.57,
      unique_users: 2,
      cost_per_unique_user: 1.65,
      cvr_clicks_to_unique_users: 28.57,
      engaged: 1,
      cost_per_engagement: 3.3,
      cvr_unique_users_to_engaged: 50,
      converted: 0,
      cost_per_conversions: 0,
      cvr_unique_users_to_converted: 0,
      events: { conversation: 2, keyword: 0 },
      keywords: [],
    });
    assert.equal(data[1].insight.cpc, 0);
  });

  it('pages, and refuses what is out of range', async () => {
    const page = await get(`/campaigns/account/${account}`, { limit: '1', offset: '1' });
    assert.deepEqual([page.data[0].id, page.total_count, page.offset, page.limit], [quiet, 2, 1, 1]);
    for (const query of [{ limit: '101' }, { limit: '0' }, { offset: '-1' }]) {
      const reply = await client.get(`/campaigns/account/${account}`, query as Record<string, string>);
      assert.equal(reply.status, 422);
    }
  });
});

describe('GET …/campaigns/{campaignId}', () => {
  it('gives the campaign as the list does', async () => {
    const [listed] = (await get(`/campaigns/account/${account}`)).data;
    const { insight, ...facts } = await get(`/campaigns/${campaign}`);
    assert.deepEqual(
      { ...facts, insight: { ...insight, date: '' } },
      {
        ...listed,
        insight: { ...listed.insight, date: '' },
      },
    );
  });

  it('answers 404 for one that is not known', async () => {
    for (const id of ['1', 'abc'])
      for (const path of [`/campaigns/${id}`, `/campaigns/${id}/insights`, `/campaigns/account/${id}`])
        assert.match((await client.get(path)).body.detail, /^Not found: there is no .+ here; /);
  });
});

describe('GET …/campaigns/{campaignId}/insights', () => {
  const path = `/campaigns/${campaign}/insights`;

  it('gives, as the vendor’s sample, a page with the campaign for each day', async () => {
    const page = await get(path);
    assert.deepEqual([page.total_count, page.offset, page.limit], [2, 0, 20]);
    assert.deepEqual(
      page.data.map(({ id, insight }: { id: string; insight: Record<string, unknown> }) => [
        id,
        insight.date,
        insight.clicks,
        insight.spend,
        insight.sessions,
      ]),
      [
        [campaign, '2025-03-03T00:00:00', 3, 0.3, 0],
        [campaign, '2025-03-04T00:00:00', 4, 3, 2],
      ],
    );
    const later = await get(path, { offset: '1', limit: '1', date_from: '2025-03-01' });
    assert.deepEqual([later.data.length, later.data[0].insight.clicks, later.total_count], [1, 4, 2]);
  });

  it('gives the days’ insights alone as an array with format=daily', async () => {
    const days = await get(path, { format: 'daily', date_to: '2025-03-03' });
    assert.equal(days.length, 1);
    assert.deepEqual([days[0].campaign_id, days[0].ctr], [campaign, 50]);
  });

  it('gives the ad sets and the ads of the campaign, of the span', async () => {
    const sets = await get(path, { level: 'ad_set' });
    assert.deepEqual(
      sets.data.map((set: { id: string; name: string; insight: Record<string, unknown> }) => [
        set.id,
        set.name,
        set.insight.ad_set_id,
        set.insight.clicks,
        set.insight.sessions,
      ]),
      [
        ['1', 'Set 1', '1', 3, 1],
        ['2', 'Set 2', '2', 4, 1],
      ],
    );
    assert.equal(sets.total_count, 2);
    const ads = await get(path, { level: 'ad', date_from: '2025-03-04', limit: '2', offset: '1' });
    assert.deepEqual(
      ads.data.map((ad: { id: string; insight: { clicks: number } }) => [ad.id, ad.insight.clicks]),
      [
        [second, 0],
        [third, 4],
      ],
    );
    assert.equal(ads.total_count, 3);
  });

  it('gives a summary of each conversion and keyword', async () => {
    await client.send('POST', '/converted_events', { campaign_id: campaign, type: 'engagement' });
    const conversions = await get(path, { level: 'conversion' });
    assert.deepEqual(
      conversions.map((one: Record<string, unknown>) => [one.type, one.events, one.cvr, one.cost_per_event]),
      [
        ['conversation', 2, 100, 1.65],
        ['converted', 1, 50, 3.3],
        ['engagement', 1, 50, 3.3],
      ],
    );
    assert.deepEqual(await get(path, { level: 'keyword' }), []);
  });

  it('refuses an unknown format or level', async () => {
    for (const query of [{ format: 'weekly' }, { level: 'page' }, { limit: '0' }])
      assert.equal((await client.get(path, query as Record<string, string>)).status, 422);
  });
});

describe('who may read campaigns', () => {
  const paths = [
    `/campaigns/account/${account}`,
    `/campaigns/${campaign}`,
    `/campaigns/${campaign}/insights`,
  ];

  it('is who has a key of the workspace, and nobody else', async () => {
    const stranger = new SignalsClient(test, await test.addWorkspace());
    for (const path of paths) {
      const withKey = await client.get(path, {}, { 'd360-api-key': client.keys.apiKey });
      assert.equal(withKey.status, 200);
      assert.equal((await client.get(path, {}, {})).status, 401);
      const { contacthub } = test.workspace.credentials;
      const foreign = { authorization: `Bearer ${contacthub.token}` };
      assert.equal((await client.get(path, {}, foreign)).status, 401);
      assert.equal((await stranger.get(path)).status, 404);
      assert.equal((await stranger.get(path, {}, stranger.authorized, client.keys)).status, 404);
    }
  });
});
