import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { importRates } from '../../src/core/exchange-rate/import-rates.ts';
import { spreadOutlay } from '../../src/dialects/webmarketer/campaign/spread-outlay.ts';
import { useApp } from '../helpers/app.ts';
import fc from '../helpers/fast-check.ts';
import { Shop, type ShownRow } from './attribution-client.ts';

const test = await useApp();
const shop = new Shop(test);

before(() => shop.open());

/** A campaign that costs so much from the one instant to the other. */
async function addOutlay(slug: string, amount: number, startDate: string, endDate: string): Promise<void> {
  const { wmktId } = test.workspace.credentials.webmarketer;
  const { projectId } = shop.webmarketer;
  const campaigns = `/projects/${projectId}/integrations/${wmktId}/custom-ads/campaigns`;
  const campaign = await shop.webmarketer.request('POST', campaigns, { campaignSlug: slug, name: slug });
  assert.equal(campaign.status, 201, campaign.text);
  const outlay = { amount, startDate, endDate };
  const reply = await shop.webmarketer.request('POST', `${campaigns}/${campaign.body.id}/outlays`, outlay);
  assert.equal(reply.status, 201, reply.text);
}

async function spendByDay(query: Record<string, string>): Promise<[string, number][]> {
  const { rows } = await shop.report({ interval: 'day', ...query });
  return rows.map(({ interval, spend }: ShownRow) => [interval, spend?.amount]);
}

describe('spend in reports of attribution', () => {
  it('spreads an outlay over its local days to the cent, a day of 23 hours less', async () => {
    await addOutlay('clocks', 100, '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z');
    const whole = { since: '2026-03-01', until: '2026-04-10' };
    assert.deepEqual(await spendByDay(whole), [
      ['2026-03-28', 33.8],
      ['2026-03-29', 32.4],
      ['2026-03-30', 33.8],
    ]);
    assert.deepEqual(await spendByDay({ since: '2026-03-29', until: '2026-03-30' }), [['2026-03-29', 32.4]]);
    const { rows, total } = await shop.report(whole);
    assert.deepEqual(
      rows.map(({ label, touches, spend, cpa, roas }: ShownRow) => [label, touches, spend, cpa, roas]),
      [['clocks', 0, { amount: 100, currency: 'EUR' }, null, 0]],
    );
    assert.deepEqual(total.spend, { amount: 100, currency: 'EUR' });
  });

  it('says what a conversion cost, and what came back for what was spent', async () => {
    await addOutlay('paid', 60, '2026-05-01T00:00:00Z', '2026-05-05T00:00:00Z');
    await shop.visit('buyer', '2026-05-02T10:00:00Z', shop.campaign('paid'));
    await shop.order('buyer', '2026-05-03T10:00:00Z', 150, { data: { turnover: 150, items: 3 } });
    await shop.visit('other', '2026-05-02T10:00:00Z', shop.campaign('paid'));
    await shop.visit('other', '2026-05-02T11:00:00Z', '?utm_source=news&utm_medium=email');
    await shop.order('other', '2026-05-03T10:00:00Z', 50);
    const may = { since: '2026-05-01', until: '2026-06-01' };
    const shown = async (groupBy: string, query = {}) =>
      (await shop.report({ ...may, groupBy, ...query })).rows.map((row: ShownRow) => [
        row.label,
        row.spend?.amount ?? null,
        row.cpa,
        row.roas,
      ]);
    assert.deepEqual(await shown('campaign'), [
      ['paid', 60, 40, 2.9167],
      [null, null, null, null],
    ]);
    assert.deepEqual(await shown('channel'), [
      ['custom-ads', 60, 40, 2.9167],
      ['email', null, null, null],
    ]);
    assert.deepEqual(await shown('source'), [
      [null, null, null, null],
      ['news', null, null, null],
    ]);
    assert.deepEqual(await shown('campaign', { metric: 'items' }), [
      ['paid', 60, 40, null],
      [null, null, null, null],
    ]);
    const [api] = await shown('api');
    assert.deepEqual(api, ['webmarketer', 60, 30, 3.3333]);
  });

  it('counts an advertising platform’s days in the workspace’s currency, at the rate of each', async () => {
    const { adAccountId } = test.workspace.credentials.signals;
    const put = async (method: 'PUT' | 'POST', path: string, body: object) => {
      const reply = await test.native.call(method, `/signals/${path}`, { body });
      assert.ok(reply.status < 300, reply.text);
    };
    await put('PUT', `ad-accounts/${adAccountId}`, { currency: 'USD', timezone: 'America/New_York' });
    await put('PUT', 'ads', {
      campaigns: [{ id: '77', name: 'Messages', adAccountId }],
      ads: [
        { id: '71', campaignId: '77', adAccountId },
        { id: '72', campaignId: '77', adAccountId },
      ],
    });
    const spent = (adId: string, day: string, spend: number) => ({
      adId,
      day,
      spend,
      clicks: 1,
      impressions: 9,
    });
    const days = [
      spent('71', '2026-07-01', 10),
      spent('72', '2026-07-01', 2.5),
      spent('71', '2026-07-02', 10),
      spent('71', '2026-08-01', 99),
    ];
    await put('POST', 'ad-days', { days });
    const july = { since: '2026-07-01', until: '2026-08-01' };
    const unknown = await shop.report(july);
    assert.deepEqual(
      unknown.rows.map(({ key, label, ...row }: ShownRow & { spendUnconverted: object }) => [
        key,
        label,
        row.spend,
        row.spendUnconverted,
        row.roas,
      ]),
      [['77', 'Messages', { amount: 0, currency: 'EUR' }, [{ amount: 22.5, currency: 'USD' }], null]],
    );
    await importRates(test.database, [
      { currency: 'USD', day: '2026-07-01', perEuro: '1.25' },
      { currency: 'USD', day: '2026-07-02', perEuro: '1.6' },
    ]);
    const { rows } = await shop.report(july);
    assert.deepEqual(
      [rows[0].spend, rows[0].spendUnconverted, rows[0].roas],
      [{ amount: 16.25, currency: 'EUR' }, [], 0],
    );
    const channels = await shop.report({ ...july, groupBy: 'channel' });
    assert.deepEqual([channels.rows[0].key, channels.rows[0].spend.amount], ['paid-social', 16.25]);
  });

  it('shares amounts of a currency without cents in whole units', async () => {
    const yen = { currency: 'JPY', timezone: 'Asia/Tokyo' };
    const here = test.workspace;
    test.workspace = await test.addWorkspace(yen);
    try {
      await shop.open();
      await addOutlay('tea', 100, '2026-05-31T15:00:00Z', '2026-06-03T15:00:00Z');
      const june = { since: '2026-06-01', until: '2026-07-01' };
      assert.deepEqual(await spendByDay(june), [
        ['2026-06-01', 33],
        ['2026-06-02', 34],
        ['2026-06-03', 33],
      ]);
      for (const slug of ['tea', 'rice', 'soup'])
        await shop.visit('yen', `2026-06-0${slug.length}T10:00:00Z`, shop.campaign(slug));
      await shop.order('yen', '2026-06-05T10:00:00Z', 100.4);
      const { rows, total } = await shop.report(june);
      assert.deepEqual(rows.map((row: ShownRow) => row.value?.amount).sort(), [33, 33, 34]);
      assert.deepEqual(total.value, { amount: 100, currency: 'JPY' });
    } finally {
      test.workspace = here;
    }
  });

  it('spreads any outlay to its very amount, whatever days are asked for', () => {
    const instant = fc.integer({ min: 0, max: 40 * 86_400 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.tuple(instant, instant).filter(([a, b]) => a !== b),
        fc.uniqueArray(instant, { maxLength: 20 }),
        (units, times, cuts) => {
          const [starts = 0, ends = 0] = times.toSorted((a, b) => a - b);
          const bounds = [0, ...cuts.filter((cut) => cut > 0), 41 * 86_400_000].sort((a, b) => a - b);
          const days = bounds.map((at, index) => ({ day: String(index), starts: at }));
          const outlay = { startsAt: new Date(starts), endsAt: new Date(ends) };
          const shares = spreadOutlay(outlay, units, days);
          assert.equal(
            shares.reduce((sum, share) => sum + share.units, 0n),
            units,
          );
          const alone = days.flatMap((_, index) => spreadOutlay(outlay, units, days.slice(index, index + 2)));
          assert.deepEqual(
            alone.filter((share) => share.units > 0n),
            shares.filter((share) => share.units > 0n),
          );
          assert.ok(shares.every((share) => share.units >= 0n));
        },
      ),
    );
  });
});
