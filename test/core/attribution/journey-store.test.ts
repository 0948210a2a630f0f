import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readJourneys } from '../../../src/core/attribution/journey-store.ts';
import { useApp } from '../../helpers/app.ts';
import { AttributionClient, at, orders, utm } from '../../helpers/attribution.ts';

const test = await useApp();
const client = new AttributionClient(test);

async function journeysOf(eventIds: readonly string[], more: Parameters<typeof orders>[0] = {}) {
  const { adPlatforms } = test.app.services;
  return readJourneys(test.database, await client.workspace(), orders(more), eventIds, adPlatforms);
}

it('reads an order with its value and the touches of all of its person’s profiles, within the lookback and up to it', async () => {
  const profile = await client.touch('ada', at('2026-03-01T10:00:00Z'), utm('news', 'email', 'spring'), {
    email: 'ada@example.org',
  });
  await client.touch(
    'ada-too',
    at('2026-03-02T10:00:00Z'),
    { channel: 'social' },
    {
      dialect: 'octeth',
      email: 'ada@example.org',
    },
  );
  await client.touch('ada', at('2026-01-01T10:00:00Z'), { channel: 'referral' });
  await client.touch('ada', at('2026-03-03T10:00:01Z'), { channel: 'referral' });
  const order = await client.order('ada', at('2026-03-03T10:00:00Z'), { value: 12.5 });
  const other = await client.order('ada', at('2026-03-03T10:00:00Z'), { type: 'Returned' });
  const [journey, ...more] = await journeysOf([order, other, '01a228b8-0000-7000-8000-000000000000']);
  assert.deepEqual(more, []);
  assert.deepEqual(
    {
      ...journey,
      touches: journey?.touches.map((touch) => [touch.profileId === profile, touch.origin.channel]),
    },
    {
      eventId: order,
      profileId: profile,
      personId: profile,
      convertedAt: at('2026-03-03T10:00:00Z'),
      value: { amount: '12.5', currency: 'EUR' },
      touches: [
        [false, 'social'],
        [true, 'other-campaign'],
      ],
    },
  );
  const named = journey?.touches[1];
  assert.deepEqual(named?.origin, {
    dialect: 'webengage',
    channel: 'other-campaign',
    sourceId: null,
    campaignId: null,
    adId: null,
    platformCampaign: null,
    utmSource: 'news',
    utmMedium: 'email',
  });
  assert.deepEqual(
    [named?.campaignName, named?.namesCampaign, named?.pageHost],
    ['spring', true, 'shop.example'],
  );
  const [wide] = await journeysOf([order], { lookbackDays: 90 });
  assert.equal(wide?.touches.length, 3);
});

it('counts an order of a state only while the state is 1, and an amount without a rate as nothing', async () => {
  const order = await client.order('bob', at('2026-03-03T10:00:00Z'), { value: 1, currency: null });
  const foreign = await client.order('bob', at('2026-03-03T10:00:00Z'), { value: 2, currency: 'JPY' });
  assert.deepEqual(
    (await journeysOf([order], { state: 'amount' })).map(({ value }) => value),
    [{ amount: '1', currency: null }],
  );
  assert.deepEqual(await journeysOf([foreign], { state: 'amount' }), []);
  assert.deepEqual(
    (await journeysOf([foreign])).map(({ value }) => value),
    [null],
  );
  assert.deepEqual(
    (await journeysOf([foreign], { metric: 'event-count' })).map(({ value }) => value),
    [{ amount: '1', currency: null }],
  );
});
