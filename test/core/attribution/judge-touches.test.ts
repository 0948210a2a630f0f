import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConversionSettings } from '../../../src/core/attribution/conversion.ts';
import { judgeTouches, pathOf } from '../../../src/core/attribution/judge-touches.ts';
import type { LeftOut, Touch } from '../../../src/core/attribution/touch.ts';
import type { Channel } from '../../../src/core/campaign/channel.ts';
import fc from '../../helpers/fast-check.ts';
import { convertedAt, day, minute, settings, touch } from './touches.ts';

const occasion = { convertedAt, eventId: 'order' };

function leftOut(
  touches: readonly Touch[],
  changes: Partial<ConversionSettings> = {},
): Record<string, LeftOut | null> {
  const judged = judgeTouches({ ...settings, ...changes }, occasion, touches);
  return Object.fromEntries(judged.map((one) => [one.touch.id, one.leftOut]));
}

/** A visit of an integration's campaign. */
function ofCampaign(id: string, before: number, campaignId = 'summer'): Touch {
  return touch(id, {
    before,
    channel: 'custom-ads',
    namesCampaign: true,
    origin: { sourceId: 1, campaignId },
  });
}

describe('a touch counts', () => {
  it('until the millisecond of the conversion, and not after it', () => {
    assert.deepEqual(leftOut([touch('same', { before: 0 }), touch('late', { before: -1 })]), {
      same: null,
      late: 'after-conversion',
    });
  });

  it('from the millisecond on at which the lookback begins, and not before', () => {
    const touches = [touch('first', { before: 30 * day }), touch('early', { before: 30 * day + 1 })];
    assert.deepEqual(leftOut(touches), { early: 'before-lookback', first: null });
    assert.deepEqual(leftOut(touches, { lookbackDays: 31 }), { early: null, first: null });
  });

  it('unless it is the interaction that the converting event itself is; a visit that it tells of led to it', () => {
    const told = (id: string, channel: Channel, eventId: string) =>
      touch(id, { before: 0, channel, eventId });
    const touches = [
      told('itself', 'offline', 'order'),
      told('other', 'offline', 'call'),
      told('visit', 'email', 'order'),
    ];
    assert.deepEqual(leftOut(touches), { itself: 'conversion-itself', other: null, visit: null });
  });

  it('unless it came back from where one pays or signs in, or from the site itself', () => {
    const cases: [referrerHost: string, pageHost: string | null, rule: LeftOut | null][] = [
      ['www.paypal.com', 'www.shop.example', 'excluded-referrer'],
      ['paypal.com', 'www.shop.example', 'excluded-referrer'],
      ['notpaypal.com', 'www.shop.example', null],
      ['paypal.com.evil.example', 'www.shop.example', null],
      ['accounts.google.com', 'www.shop.example', 'excluded-referrer'],
      ['www.google.com', 'www.shop.example', null],
      ['blog.shop.example', 'www.shop.example', 'excluded-referrer'],
      ['www.shop.example', 'www.shop.example', 'excluded-referrer'],
      ['shop.co.uk', 'pay.shop.co.uk', 'excluded-referrer'],
      ['other.co.uk', 'shop.co.uk', null],
      ['a.myshopify.com', 'b.myshopify.com', null],
      ['localhost', 'localhost', 'excluded-referrer'],
      ['10.0.0.1', '10.0.0.2', null],
      ['blog.example', null, null],
    ];
    for (const [referrerHost, pageHost, rule] of cases)
      assert.deepEqual(leftOut([touch('it', { referrerHost, pageHost })]), { it: rule }, referrerHost);
  });

  it('from an excluded referrer when it names a campaign, when there is no such list, or when the own site may be one', () => {
    const named = touch('it', { referrerHost: 'www.paypal.com', namesCampaign: true });
    assert.deepEqual(leftOut([named]), { it: null });
    const paypal = touch('it', { referrerHost: 'www.paypal.com' });
    assert.deepEqual(leftOut([paypal], { excludedReferrers: [] }), { it: null });
    const own = touch('it', { referrerHost: 'blog.shop.example' });
    assert.deepEqual(leftOut([own], { excludeOwnSite: false }), { it: null });
    assert.deepEqual(leftOut([own], { excludeOwnSite: false, excludedReferrers: ['shop.example'] }), {
      it: 'excluded-referrer',
    });
  });

  it('once in half an hour of its campaign, which is measured from the last that counts', () => {
    const touches = [90, 70, 60, 59, 30, 29].map((minutes) => ofCampaign(`-${minutes}`, minutes * minute));
    assert.deepEqual(leftOut(touches), {
      '-90': null,
      '-70': 'same-campaign',
      '-60': 'same-campaign',
      '-59': null,
      '-30': 'same-campaign',
      '-29': 'same-campaign',
    });
    assert.ok(Object.values(leftOut(touches, { sameCampaignMinutes: 0 })).every((rule) => rule === null));
  });

  it('beside one of another campaign, and of none', () => {
    const [utm, channel] = [{ utmSource: 'a', utmMedium: 'email' }, 'email' as const];
    const pairs: [Touch, Touch, LeftOut | null][] = [
      [ofCampaign('one', 9), ofCampaign('two', 8, 'winter'), null],
      [touch('one'), touch('two'), null],
      [touch('one', { channel: 'direct' }), touch('two', { channel: 'direct' }), null],
      [touch('one', { origin: { adId: '7' } }), touch('two', { origin: { adId: '7' } }), 'same-campaign'],
      [touch('one', { origin: { adId: '7' } }), touch('two', { origin: { adId: '8' } }), null],
      [
        touch('one', { channel, namesCampaign: true, campaignName: 'x', origin: utm }),
        touch('two', { channel, namesCampaign: true, campaignName: 'x', origin: utm }),
        'same-campaign',
      ],
      [
        touch('one', { channel, namesCampaign: true, campaignName: 'x', origin: utm }),
        touch('two', { channel, namesCampaign: true, campaignName: 'y', origin: utm }),
        null,
      ],
      [
        touch('one', { channel: 'paid-search', namesCampaign: true }),
        touch('two', { channel: 'paid-search', namesCampaign: true }),
        'same-campaign',
      ],
    ];
    for (const [one, two, rule] of pairs) assert.deepEqual(leftOut([one, two]), { one: null, two: rule });
  });

  it('as the first of its campaign when the one before lies before the lookback', () => {
    const touches = [ofCampaign('early', 30 * day + minute), ofCampaign('first', 30 * day - minute)];
    assert.deepEqual(leftOut(touches), { early: 'before-lookback', first: null });
  });

  it('as a direct visit only where nothing else counts', () => {
    const direct = (id: string) => touch(id, { channel: 'direct', before: 2 * minute });
    assert.deepEqual(leftOut([direct('a'), direct('b')]), { a: null, b: null });
    assert.deepEqual(leftOut([direct('a'), touch('b')]), { a: 'direct-beside-others', b: null });
    assert.deepEqual(leftOut([direct('a'), touch('b')], { directOnlyAlone: false }), { a: null, b: null });
    const paypal = touch('b', { referrerHost: 'paypal.com' });
    assert.deepEqual(leftOut([direct('a'), paypal]), { a: null, b: 'excluded-referrer' });
    assert.deepEqual(leftOut([direct('a'), touch('b', { before: -1 })]), { a: null, b: 'after-conversion' });
  });
});

const channels: Channel[] = ['direct', 'referral', 'custom-ads', 'email'];

const touches = fc.array(
  fc.record({
    before: fc.oneof(fc.integer({ min: -20, max: 90 }), fc.integer({ min: -100, max: 40 * 24 * 60 })),
    channel: fc.constantFrom(...channels),
    campaignId: fc.constantFrom(null, 'summer', 'winter'),
    campaignName: fc.constantFrom(null, 'x', 'y'),
    referrerHost: fc.constantFrom(null, 'paypal.com', 'blog.shop.example', 'news.example'),
  }),
  { maxLength: 12 },
);

/** The touches of what was drawn, told apart by what they say; with ids that follow the order of arrival, as the store's do. */
function arrived(
  drawn: readonly {
    before: number;
    channel: Channel;
    campaignId: string | null;
    campaignName: string | null;
    referrerHost: string | null;
  }[],
): Touch[] {
  return drawn.map(({ before, channel, campaignId, campaignName, referrerHost }, index) => {
    const campaign = channel === 'custom-ads' ? campaignId : null;
    const name = channel === 'email' ? campaignName : campaign;
    return touch(`id-${String(index).padStart(3, '0')}`, {
      before: before * minute,
      channel,
      campaignName: name,
      namesCampaign: channel === 'custom-ads' || channel === 'email',
      referrerHost: channel === 'direct' ? null : referrerHost,
      origin: { campaignId: campaign },
    });
  });
}

describe('of any touches', () => {
  it('each is judged as the rules say when they are read one by one', () => {
    fc.assert(
      fc.property(
        touches,
        fc.boolean(),
        fc.constantFrom(0, 5, 30),
        (drawn, directOnlyAlone, sameCampaignMinutes) => {
          const changes = { directOnlyAlone, sameCampaignMinutes };
          const all = arrived(drawn);
          assert.deepEqual(leftOut(all, changes), judgeSlowly({ ...settings, ...changes }, all));
        },
      ),
    );
  });

  it('what counts does not depend on the order in which they arrived', () => {
    const shuffled = touches.chain((drawn) =>
      fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })),
    );
    const said = (all: readonly Touch[]) =>
      pathOf(judgeTouches(settings, occasion, all)).map(({ id: _, ...rest }) => rest);
    fc.assert(
      fc.property(shuffled, ([drawn, other]) => assert.deepEqual(said(arrived(drawn)), said(arrived(other)))),
    );
  });

  it('none counts that is after the conversion or outside the lookback', () => {
    fc.assert(
      fc.property(touches, fc.integer({ min: 1, max: 365 }), (drawn, lookbackDays) => {
        const path = pathOf(judgeTouches({ ...settings, lookbackDays }, occasion, arrived(drawn)));
        assert.ok(path.every(({ at }) => at <= convertedAt && convertedAt - at <= lookbackDays * day));
      }),
    );
  });
});

/** The rules as they are told, each over all touches that those before it have left, by comparing each with each. */
function judgeSlowly(rules: ConversionSettings, all: readonly Touch[]): Record<string, LeftOut | null> {
  const verdicts: Record<string, LeftOut | null> = {};
  const said = ({ origin, campaignName, referrerHost, pageHost }: Touch) =>
    JSON.stringify([origin.dialect, origin.channel, null, null, campaignName, null, referrerHost, pageHost]);
  const inOrder = [...all].sort(
    (one, other) =>
      one.at - other.at ||
      (said(one) < said(other) ? -1 : said(one) > said(other) ? 1 : one.id < other.id ? -1 : 1),
  );
  const counting = () => inOrder.filter(({ id }) => verdicts[id] === null);
  for (const one of inOrder) {
    const age = convertedAt - one.at;
    const named = one.origin.channel === 'custom-ads' || one.origin.channel === 'email';
    const comesBack = one.referrerHost === 'paypal.com' || one.referrerHost === 'blog.shop.example';
    verdicts[one.id] =
      age < 0
        ? 'after-conversion'
        : age > rules.lookbackDays * day
          ? 'before-lookback'
          : comesBack && !named
            ? 'excluded-referrer'
            : named &&
                counting().some(
                  (other) =>
                    other.origin.channel === one.origin.channel &&
                    other.campaignName === one.campaignName &&
                    one.at - other.at <= rules.sameCampaignMinutes * minute,
                ) &&
                rules.sameCampaignMinutes > 0
              ? 'same-campaign'
              : null;
  }
  if (rules.directOnlyAlone && counting().some(({ origin }) => origin.channel !== 'direct'))
    for (const { id, origin } of counting())
      if (origin.channel === 'direct') verdicts[id] = 'direct-beside-others';
  return verdicts;
}
