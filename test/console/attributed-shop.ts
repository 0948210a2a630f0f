import assert from 'node:assert/strict';
import type { TestApp } from '../helpers/app.ts';
import { Shop } from '../native/attribution-client.ts';

export const hostile = '<img src=x onerror="document.title=`taken`">';
export const arabic = 'حملة الربيع 🎉';

const day = 24 * 60 * 60 * 1000;

/** So many days ago, at noon of UTC, and so many hours later. */
export function ago(days: number, hours = 0): string {
  const noon = Math.floor(Date.now() / day) * day + 12 * 60 * 60 * 1000;
  return new Date(noon - days * day + hours * 60 * 60 * 1000).toISOString();
}

/**
 * A shop with campaigns of two APIs: outlays, ads with their days, visits, and orders of persons of whom two are known. Answers the ids of
 * the orders by their buyer.
 */
export async function openAttributedShop(test: TestApp): Promise<Record<string, string>> {
  const shop = new Shop(test);
  await shop.open();
  const { wmktId } = test.workspace.credentials.webmarketer;
  const campaigns = `/projects/${shop.webmarketer.projectId}/integrations/${wmktId}/custom-ads/campaigns`;
  for (const [slug, name, amount] of [
    ['spring', 'Spring', 90],
    ['idle', 'Idle', 0],
  ] as const) {
    const made = await shop.webmarketer.request('POST', campaigns, { campaignSlug: slug, name });
    assert.equal(made.status, 201, made.text);
    const outlay = { amount, startDate: ago(8), endDate: ago(-1) };
    if (amount > 0) await shop.webmarketer.request('POST', `${campaigns}/${made.body.id}/outlays`, outlay);
  }
  const visit = (who: string, days: number, slug: string, hours = 0) =>
    shop.visit(who, ago(days, hours), shop.campaign(encodeURIComponent(slug)));
  await visit('ada', 6, 'spring');
  await visit('ada', 6, 'spring', 0.25);
  await visit('ada', 4, hostile);
  await visit('ada', 3, arabic);
  await shop.visit('ada', ago(2), '', 'https://checkout.paypal.com/');
  await shop.visit('ada', ago(2, 1), '');
  await visit('bob', 5, 'spring');
  await visit('cid', 5, 'x'.repeat(200));
  await shop.visit('cid', ago(4), '?utm_source=news&utm_medium=email&utm_campaign=may');
  const order = (who: string, days: number, turnover: number) =>
    shop.order(who, ago(days, 2), turnover, { data: { turnover, email: `${who}@example.com` } });
  const orders = {
    ada: await order('ada', 2, 100),
    bob: await order('bob', 1, 33.33),
    cid: await order('cid', 1, 0.01),
  };
  await visit('ada', 1, 'spring');
  await addAds(test);
  return { ...orders, eve: await shop.order('eve', ago(1), 8) };
}

async function addAds(test: TestApp): Promise<void> {
  const { adAccountId } = test.workspace.credentials.signals;
  const tell = async (method: 'PUT' | 'POST', path: string, body: object) => {
    const reply = await test.native.call(method, `/signals/${path}`, { body });
    assert.equal(reply.status, 200, reply.text);
  };
  await tell('PUT', `ad-accounts/${adAccountId}`, { currency: 'EUR', timezone: 'Europe/Paris' });
  const adSet = { id: '9', name: 'Paris' };
  await tell('PUT', 'ads', {
    campaigns: [{ id: '77', name: 'Messages', adAccountId, status: 'ACTIVE' }],
    ads: [
      { id: '71', campaignId: '77', adAccountId, name: hostile, adSet },
      { id: '72', campaignId: '77', adAccountId, name: 'Second', adSet },
    ],
  });
  const days = [1, 2, 3].map((days) => ({
    adId: '71',
    day: ago(days).slice(0, 10),
    spend: 2.5,
    clicks: 4,
    impressions: 900,
  }));
  await tell('POST', 'ad-days', { days });
}
