import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { AttributionClient } from '../helpers/attribution.ts';
import { ask, at } from '../helpers/native-client.ts';
import { Shop, type ShownRow } from './attribution-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
const shop = new Shop(test);
const may = { since: '2026-05-01', until: '2026-06-01' };
const orders = { conversion: 'webmarketer:order', metric: 'turnover', ...may };

interface Campaign {
  readonly key: string;
  readonly dialect: string;
  readonly label: string | null;
}

interface Converted {
  readonly id: string;
  readonly path: readonly { readonly label: string | null }[];
  readonly value: { readonly amount: number } | null;
  readonly credit: { readonly conversions: number; readonly value: { readonly amount: number } | null };
}

const keys: Record<string, string> = {};
const made: Record<string, string> = {};

before(async () => {
  await shop.open();
  const { wmktId } = test.workspace.credentials.webmarketer;
  const campaigns = `/projects/${shop.webmarketer.projectId}/integrations/${wmktId}/custom-ads/campaigns`;
  const spring = await shop.webmarketer.request('POST', campaigns, {
    campaignSlug: 'spring',
    name: 'Spring',
  });
  const outlays = `${campaigns}/${spring.body.id}/outlays`;
  const spend = (amount: number, startDate: string, endDate: string) =>
    shop.webmarketer.request('POST', outlays, { amount, startDate, endDate });
  await spend(31, '2026-04-30T22:00:00Z', '2026-05-31T22:00:00Z');
  await spend(5.5, '2026-06-30T22:00:00Z', '2026-07-01T22:00:00Z');
  await shop.webmarketer.request('POST', campaigns, { campaignSlug: 'idle', name: 'Idle' });
  // Near midnight in Paris, which is 22:00 in UTC.
  await shop.visit('ada', '2026-05-02T21:59:00Z', shop.campaign('spring'));
  await shop.visit('ada', '2026-05-03T22:01:00Z', shop.campaign('fair'));
  await shop.visit('bob', '2026-05-04T08:00:00Z', shop.campaign('spring'));
  made.ada = await shop.order('ada', '2026-05-05T10:00:00Z', 100);
  made.bob = await shop.order('bob', '2026-05-06T10:00:00Z', 33.33);
  made.eve = await shop.order('eve', '2026-05-07T10:00:00Z', 8);
  await addAds();
  for (const { label, key } of (await list()).campaigns) if (label !== null) keys[label] = key;
});

async function addAds(): Promise<void> {
  const { adAccountId } = test.workspace.credentials.signals;
  const account = { currency: 'EUR', timezone: 'Europe/Paris' };
  const tell = async (method: 'PUT' | 'POST', path: string, body: object) =>
    assert.equal((await test.native.call(method, `/signals/${path}`, { body })).status, 200, path);
  await tell('PUT', `ad-accounts/${adAccountId}`, account);
  await tell('PUT', 'ads', {
    campaigns: [{ id: '77', name: 'Messages', adAccountId, status: 'ACTIVE' }],
    ads: [
      { id: '71', campaignId: '77', adAccountId, name: 'First' },
      { id: '72', campaignId: '77', adAccountId, adSet: { id: '9', name: 'Set' } },
      { id: '73', adAccountId, name: 'Alone' },
    ],
  });
  const day = (adId: string, date: string, spend: number) => ({
    adId,
    day: date,
    spend,
    clicks: 3,
    impressions: 50,
  });
  const days = [
    day('71', '2026-05-01', 1.5),
    day('71', '2026-05-02', 2),
    day('72', '2026-05-02', 4),
    day('71', '2026-06-01', 8),
  ];
  await tell('POST', 'ad-days', { days });
}

const list = (query = ''): Promise<{ campaigns: Campaign[]; next: string | null }> =>
  test.native.read(`/attribution/campaigns?${query}`);

const queryOf = (query: Record<string, string | number | boolean>) =>
  new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));

const daysOf = (key: string, query = {}) =>
  test.native.read(`/attribution/campaigns/${key}/days?${queryOf({ ...orders, ...query })}`);

const converted = (query = {}): Promise<{ events: Converted[]; next: string | null }> =>
  test.native.read(`/attribution/events?${queryOf({ ...orders, ...query })}`);

describe('campaigns of all APIs', () => {
  it('are listed in pages whatever they have brought, and found by a part of their names', async () => {
    const { campaigns, next } = await list();
    assert.equal(next, null);
    assert.deepEqual(campaigns.map(({ dialect, label }) => `${dialect} ${label}`).sort(), [
      'signals Alone',
      'signals Messages',
      'webmarketer fair',
      'webmarketer idle',
      'webmarketer spring',
    ]);
    const seen: string[] = [];
    for (let page = await list('limit=2'); ; page = await list(`limit=2&next=${page.next}`)) {
      seen.push(...page.campaigns.map(({ key }) => key));
      if (page.next === null) break;
    }
    assert.deepEqual(
      seen,
      campaigns.map(({ key }) => key),
    );
    const found = async (search: string) =>
      (await list(`search=${search}`)).campaigns.map(({ label }) => label);
    assert.deepEqual(
      [await found('PRI'), await found('essag'), await found('%25')],
      [['spring'], ['Messages'], []],
    );
  });

  it('are shown one by one, an ad of no campaign too', async () => {
    const { wmktId } = test.workspace.credentials.webmarketer;
    const { createdAt, owner, ...spring } = await test.native.read(`/attribution/campaigns/${keys.spring}`);
    assert.deepEqual(spring, {
      key: keys.spring,
      dialect: 'webmarketer',
      label: 'spring',
      name: 'Spring',
      status: 'active',
    });
    assert.equal(owner.id, wmktId);
    assert.ok(createdAt);
    const { label, status } = await test.native.read('/attribution/campaigns/77');
    assert.deepEqual([label, status], ['Messages', 'ACTIVE']);
    assert.equal((await test.native.read('/attribution/campaigns/ad:73')).label, 'Alone');
    for (const key of [randomUUID(), '78', 'ad:71', 'ad:74', 'none'])
      assert.equal((await test.native.call('GET', `/attribution/campaigns/${key}`)).status, 404, key);
  });

  it('have days: touchpoints by the local day, and what a report by days has of them', async () => {
    const { days, total, campaign } = await daysOf(keys.spring ?? '');
    assert.equal(campaign.label, 'spring');
    assert.equal(days.length, 31);
    const touched = days.filter(({ touchpoints }: { touchpoints: number }) => touchpoints > 0);
    assert.deepEqual(
      touched.map(({ day, touchpoints }: { day: string; touchpoints: number }) => [day, touchpoints]),
      [
        ['2026-05-02', 1],
        ['2026-05-04', 1],
      ],
    );
    assert.deepEqual(total, {
      touchpoints: 2,
      touches: 2,
      conversions: 1.5,
      value: { amount: 83.33, currency: 'EUR' },
      spend: { amount: 31, currency: 'EUR' },
    });
    const { rows } = await shop.report({ ...may, interval: 'day' });
    const ofReport = rows.filter(({ key }: ShownRow) => key === keys.spring);
    assert.deepEqual(
      days.map(({ day, touchpoints, ...row }: { day: string; touchpoints: number }) => ({
        interval: day,
        ...row,
      })),
      ofReport.map(({ key, label, ...row }: ShownRow) => row),
    );
    const { days: ofTouches } = await daysOf(keys.fair ?? '', { dateOf: 'touch', model: 'last' });
    assert.deepEqual(
      ofTouches.map(({ day, value }: { day: string; value: object }) => [day, value]),
      [['2026-05-04', { amount: 100, currency: 'EUR' }]],
    );
    const { days: ofAds } = await daysOf('77');
    assert.deepEqual(
      ofAds.map(({ day, spend, touchpoints }: ShownRow & { day: string; touchpoints: number }) => [
        day,
        spend?.amount,
        touchpoints,
      ]),
      [
        ['2026-05-01', 1.5, 0],
        ['2026-05-02', 6, 0],
      ],
    );
    assert.deepEqual((await daysOf('ad:73')).days, []);
  });

  it('have ads with the sums of their days, and the days themselves', async () => {
    const { ads, next } = await test.native.read(
      '/signals/ads?campaign=77&since=2026-05-01&until=2026-06-01',
    );
    assert.equal(next, null);
    assert.deepEqual(
      ads.map(({ id, name, campaign, clicks, impressions, spend }: Record<string, unknown>) => [
        id,
        name,
        campaign,
        clicks,
        impressions,
        spend,
      ]),
      [
        ['71', 'First', { id: '77', name: 'Messages' }, 6, 100, 3.5],
        ['72', null, { id: '77', name: 'Messages' }, 3, 50, 4],
      ],
    );
    assert.deepEqual(ads[1].adSet, { id: '9', name: 'Set', status: null });
    assert.equal(ads[0].adAccount.currency, 'EUR');
    const [alone] = (await test.native.read('/signals/ads?ad=73')).ads;
    assert.deepEqual([alone.campaign, alone.clicks, alone.spend], [null, 0, 0]);
    const days: unknown[] = [];
    for (let path = '?limit=2'; ; ) {
      const page = await test.native.read(`/signals/ad-days${path}`);
      days.push(...page.days.map(({ day, adId, spend }: Record<string, unknown>) => [day, adId, spend]));
      if (page.next === null) break;
      path = `?limit=2&next=${page.next}`;
    }
    assert.deepEqual(days, [
      ['2026-05-01', '71', 1.5],
      ['2026-05-02', '71', 2],
      ['2026-05-02', '72', 4],
      ['2026-06-01', '71', 8],
    ]);
    assert.deepEqual((await test.native.read('/signals/ads?limit=1')).next, '71');
  });

  it('have touchpoints, newest first: those that name them, or one of their ads', async () => {
    const path = `/attribution/campaigns/${keys.spring}/touchpoints`;
    const { touchpoints, next } = await test.native.read(`${path}?limit=1`);
    assert.deepEqual(
      [touchpoints[0].at, touchpoints[0].campaign.slug],
      ['2026-05-04T08:00:00.000Z', 'spring'],
    );
    const rest = await test.native.read(`${path}?next=${next}`);
    assert.deepEqual([rest.touchpoints.length, rest.next], [1, null]);
    const click = async (user: string, adId: string, time: string) =>
      new AttributionClient(test).touch(user, Date.parse(time), { adId, channel: 'paid-social' });
    await click('u1', '71', '2026-08-01T10:00:00Z');
    await click('u2', '72', '2026-08-02T10:00:00Z');
    await click('u3', '73', '2026-08-03T10:00:00Z');
    const ofAds = await test.native.read('/attribution/campaigns/77/touchpoints');
    assert.deepEqual(
      ofAds.touchpoints.map(({ adId }: { adId: string }) => adId),
      ['72', '71'],
    );
    assert.equal((await test.native.read('/attribution/campaigns/ad:73/touchpoints')).touchpoints.length, 1);
    const august = { since: '2026-08-01', until: '2026-09-01' };
    assert.equal((await daysOf('77', august)).total.touchpoints, 2);
    const refused = await test.native.call('GET', `${path}?next=x`);
    assert.deepEqual([refused.status, refused.body.error.path], [400, 'querystring/next']);
  });

  it('have outlays, in pages', async () => {
    const path = `/campaigns/${keys.spring}/outlays`;
    const { outlays, next } = await test.native.read(`${path}?limit=1`);
    assert.deepEqual(
      [outlays[0].amount, outlays[0].currency, outlays[0].startsAt],
      [31, 'EUR', '2026-04-30T22:00:00.000Z'],
    );
    const rest = await test.native.read(`${path}?after=${next}`);
    assert.deepEqual([rest.outlays.length, rest.outlays[0].amount, rest.next], [1, 5.5, null]);
    assert.deepEqual((await test.native.read(`/campaigns/${keys.idle}/outlays`)).outlays, []);
    assert.equal((await test.native.call('GET', `/campaigns/${randomUUID()}/outlays`)).status, 404);
  });
});

describe('events that a conversion counts', () => {
  it('are listed newest first, each with its path, and in pages that lose none', async () => {
    const { events, next } = await converted();
    assert.equal(next, null);
    assert.deepEqual(
      events.map(({ id, value, path }) => [id, value?.amount, path.map(({ label }) => label)]),
      [
        [made.eve, 8, []],
        [made.bob, 33.33, ['spring']],
        [made.ada, 100, ['spring', 'fair']],
      ],
    );
    const seen: string[] = [];
    for (let page = await converted({ limit: 1 }); ; page = await converted({ limit: 1, next: page.next })) {
      seen.push(...page.events.map(({ id }) => id));
      if (page.next === null) break;
    }
    assert.deepEqual(seen, [made.eve, made.bob, made.ada]);
    assert.deepEqual(
      (await converted({ since: '2026-05-06', until: '2026-05-07' })).events.map(({ id }) => id),
      [made.bob],
    );
  });

  it('are those behind each number of a report, whatever it is grouped by, to the cent', async () => {
    let compared = 0;
    for (const model of ['first', 'last', 'linear', 'time-decay'])
      for (const groupBy of ['campaign', 'channel', 'integration', 'source', 'api']) {
        const { rows, unattributed } = await shop.report({ ...may, model, groupBy });
        const shown = { conversions: unattributed.conversions, value: unattributed.value };
        assert.deepEqual(sumOf(await converted({ model, groupBy, unattributed: true })), shown);
        for (const { key, conversions, value } of rows as ShownRow[]) {
          if (conversions === 0) continue;
          const events = await converted({ model, groupBy, group: key ?? '' });
          assert.deepEqual(sumOf(events), { conversions, value }, `${model} ${groupBy} ${key}`);
          compared++;
        }
      }
    assert.ok(compared >= 20, `${compared} rows had credit`);
    // What has touches on a path and no credit of it is not of the number.
    const { events } = await converted({ model: 'last', group: keys.spring ?? '' });
    assert.deepEqual(
      events.map(({ id }) => id),
      [made.bob],
    );
  });

  it('are those of a state at its own date, too', async () => {
    const project = `/projects/${shop.webmarketer.projectId}`;
    const set = await shop.webmarketer.request('PATCH', `${project}/events/${made.bob}/states/converted`, {
      value: 1,
    });
    assert.ok(set.status < 300, set.text);
    const today = { since: '2026-05-01', until: '2100-01-01' };
    await assert.doesNotReject(converted({ ...today, since: '2090-12-31' }));
    const { events } = await test.native.read(
      '/attribution/events?conversion=webmarketer:order&state=converted',
    );
    assert.deepEqual(
      events.map(({ id }: Converted) => id),
      [made.bob],
    );
  });

  it('and campaigns with their days refuse what can’t be, and say what would be right', async () => {
    const statusOf = async (path: string) => {
      const { status, body } = await test.native.call('GET', path);
      return [status, body.error?.path];
    };
    const cases: [string, number, string][] = [
      ['/attribution/events?conversion=nothing', 400, 'querystring/conversion'],
      [
        '/attribution/events?conversion=webmarketer:order&group=x&unattributed=true',
        400,
        'querystring/group',
      ],
      [
        '/attribution/events?conversion=webmarketer:order&group=x&groupBy=integration',
        400,
        'querystring/group',
      ],
      ['/attribution/events?conversion=webmarketer:order&next=x', 400, 'querystring/next'],
      ['/attribution/events?conversion=webmarketer:order&model=markov', 400, 'querystring/model'],
      ['/attribution/campaigns?next=nobody.1', 400, 'querystring/next'],
      [
        '/attribution/campaigns/77/days?conversion=webmarketer:order&since=2026-02-30',
        400,
        'querystring/since',
      ],
      [`/attribution/campaigns/${randomUUID()}/days?conversion=webmarketer:order`, 404, 'params/campaignKey'],
      ['/signals/ads?since=2026-02-30', 400, 'querystring/since'],
      ['/signals/ad-days?next=77', 400, 'querystring/next'],
    ];
    for (const [path, ...wanted] of cases) assert.deepEqual(await statusOf(path), wanted, path);
  });

  it('are shown to nobody of another workspace', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    const paths = [
      '/attribution/campaigns',
      `/attribution/campaigns/${keys.spring}`,
      `/attribution/campaigns/77/days?${queryOf(orders)}`,
      `/attribution/events?${queryOf(orders)}`,
      `/attribution/campaigns/${keys.spring}/touchpoints`,
      `/campaigns/${keys.spring}/outlays`,
      '/signals/ads',
      '/signals/ad-days',
    ];
    for (const path of paths) {
      assert.equal((await ask(test, 'GET', at(test.workspace, path), { key })).status, 404, path);
      assert.equal((await ask(test, 'GET', at(test.workspace, path), { key: null })).status, 401, path);
    }
    for (const path of [
      `/attribution/campaigns/${keys.spring}`,
      '/attribution/campaigns/77',
      `/campaigns/${keys.spring}/outlays`,
    ])
      assert.equal((await ask(test, 'GET', at(other, path), { key })).status, 404, path);
    const { campaigns } = (await ask(test, 'GET', at(other, '/attribution/campaigns'), { key })).body;
    assert.deepEqual(campaigns, []);
  });
});

/** Credit as reports tell it. */
function sumOf({ events }: { readonly events: readonly Converted[] }) {
  const billionths = events.reduce((sum, { credit }) => sum + Math.round(credit.conversions * 1e9), 0);
  const cents = events.reduce((sum, { credit }) => sum + Math.round((credit.value?.amount ?? 0) * 100), 0);
  return { conversions: billionths / 1e9, value: { amount: cents / 100, currency: 'EUR' } };
}
