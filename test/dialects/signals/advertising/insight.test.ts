import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addDecimals,
  type Decimal,
  divideToHundredths,
  parseDecimal,
  roundToHundredths,
  zero,
} from '../../../../src/dialects/signals/advertising/decimal.ts';
import {
  type AdFigures,
  computeInsight,
  computeSaleInsight,
} from '../../../../src/dialects/signals/advertising/insight.ts';
import fc from '../../../helpers/fast-check.ts';

const nothing: AdFigures = {
  ads: { clicks: 0, impressions: 0, spend: zero },
  conversations: {
    sessions: 0,
    uniqueUsers: 0,
    engaged: 0,
    converted: 0,
    conversationEvents: 0,
    keywordEvents: 0,
    keywords: [],
  },
  sales: { count: 0, revenue: zero, unconverted: [] },
};

const count = fc.nat();
const amount: fc.Arbitrary<Decimal> = fc.record({ units: fc.bigInt(), scale: fc.nat(12) });
const figures: fc.Arbitrary<AdFigures> = fc.record({
  ads: fc.record({ clicks: count, impressions: count, spend: amount }),
  conversations: fc.record({
    sessions: count,
    uniqueUsers: count,
    engaged: count,
    converted: count,
    conversationEvents: count,
    keywordEvents: count,
    keywords: fc.array(fc.record({ keyword: fc.string(), events: count })),
  }),
  sales: fc.record({
    count: fc.integer({ min: 1 }),
    revenue: amount,
    unconverted: fc.array(fc.record({ currency: fc.constant('USD'), revenue: amount })),
  }),
});

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersOf) : [];
}

describe('insights computed from sums', () => {
  it('gives what the vendor’s sample shows', () => {
    const sample = { clicks: 541, impressions: 15_452, spend: parseDecimal('433.3') };
    const insight = computeInsight({ ...nothing, ads: sample });
    assert.deepEqual(
      [insight.costPerClick, insight.costPerThousandImpressions, insight.clickThroughRate, insight.spend],
      [0.8, 28.04, 3.5, 433.3],
    );
  });

  it('gives percentages of clicks and of unique users, and costs for each', () => {
    const insight = computeInsight({
      ads: { clicks: 200, impressions: 1000, spend: parseDecimal('50') },
      conversations: {
        ...nothing.conversations,
        sessions: 100,
        uniqueUsers: 80,
        engaged: 40,
        converted: 10,
        keywords: [{ keyword: 'order', events: 5 }],
      },
      sales: nothing.sales,
    });
    assert.deepEqual([insight.costPerSession, insight.sessionRate], [0.5, 50]);
    assert.deepEqual([insight.costPerUniqueUser, insight.uniqueUserRate], [0.63, 40]);
    assert.deepEqual([insight.costPerEngagement, insight.engagementRate], [1.25, 50]);
    assert.deepEqual([insight.costPerConversion, insight.conversionRate], [5, 12.5]);
    assert.deepEqual(insight.keywords, [{ keyword: 'order', events: 5, rate: 6.25 }]);
  });

  it('gives the return of sales as a ratio and their rate among unique users as a percentage', () => {
    const sale = computeSaleInsight({
      ads: { clicks: 1, impressions: 1, spend: parseDecimal('150') },
      conversations: { ...nothing.conversations, uniqueUsers: 49 },
      sales: {
        count: 1,
        revenue: parseDecimal('500'),
        unconverted: [{ currency: 'USD', revenue: parseDecimal('7.005') }],
      },
    });
    assert.deepEqual(sale, {
      revenue: 500,
      count: 1,
      returnOnSpend: 3.33,
      saleRate: 2.04,
      costPerSale: 150,
      unconverted: [{ currency: 'USD', revenue: 7.01 }],
    });
    assert.equal(computeSaleInsight(nothing), undefined);
  });

  it('is all zeros when there is nothing', () => {
    assert.ok(numbersOf(computeInsight(nothing)).every((value) => Object.is(value, 0)));
  });

  it('never gives what is no number, whatever the sums are', () => {
    fc.assert(
      fc.property(figures, (sums) => {
        for (const value of [...numbersOf(computeInsight(sums)), ...numbersOf(computeSaleInsight(sums))])
          assert.ok(Number.isFinite(value));
      }),
    );
  });

  it('gives the same from sums as from all days added up', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 20 }), fc.integer({ min: 1, max: 1000 }), (days, clicks) => {
        const there = days.reduce(addDecimals, zero);
        const back = days.toReversed().reduce(addDecimals, zero);
        const costOf = (spend: Decimal) =>
          computeInsight({ ...nothing, ads: { clicks, impressions: 0, spend } }).costPerClick;
        assert.equal(costOf(there), costOf(back));
      }),
    );
  });
});

describe('two decimals', () => {
  it('rounds a half up, which doubles would lose', () => {
    const round = (text: string) => roundToHundredths(parseDecimal(text));
    assert.deepEqual(
      [round('1.005'), round('0.004999'), round('-1.005'), round('2.675')],
      [1.01, 0, -1.01, 2.68],
    );
  });

  it('is the nearest there is, a half away from zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
        fc.integer({ min: 1, max: 10 ** 6 }),
        (a, b) => {
          const given = divideToHundredths({ units: a, scale: 0 }, { units: BigInt(b), scale: 0 });
          const hundredths = BigInt(Math.round(given * 100));
          const twiceError = 2n * (100n * a - hundredths * BigInt(b));
          assert.ok(twiceError <= BigInt(b) && twiceError >= -BigInt(b));
          if (twiceError === BigInt(b)) assert.ok(a < 0n);
          if (twiceError === -BigInt(b)) assert.ok(a > 0n);
        },
      ),
    );
  });

  it('is the largest double, not an infinity, where none can hold it', () => {
    const huge = { units: 10n ** 400n, scale: 0 };
    assert.equal(roundToHundredths(huge), Number.MAX_VALUE);
  });
});
