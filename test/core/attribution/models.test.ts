import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apportion, apportionByKey } from '../../../src/core/attribution/apportion.ts';
import { creditsOf, type RuleModel, ruleModels, wholeCredit } from '../../../src/core/attribution/models.ts';
import { fromUnits, minorDigitsOf, toUnits } from '../../../src/core/attribution/units.ts';
import fc from '../../helpers/fast-check.ts';
import { day, settings, touch } from './touches.ts';

const sum = (numbers: readonly bigint[]) => numbers.reduce((partial, number) => partial + number, 0n);

/** A path whose touches are so many days old; the direct ones in negative numbers. */
function path(...ages: number[]) {
  return ages.map((age, index) =>
    touch(`t${index}`, { before: Math.abs(age) * day, channel: age < 0 ? 'direct' : 'referral' }),
  );
}

describe('each model gives credit by its definition', () => {
  const cases: [model: RuleModel, ages: number[], credits: number[]][] = [
    ['first', [9, 5, 1], [1e9, 0, 0]],
    ['last', [9, 5, 1], [0, 0, 1e9]],
    ['last', [9, 5, -1], [0, 0, 1e9]],
    ['last-non-direct', [9, 5, -1], [0, 1e9, 0]],
    ['last-non-direct', [9, 5, 1], [0, 0, 1e9]],
    ['last-non-direct', [-9, -5], [0, 1e9]],
    ['linear', [9], [1e9]],
    ['linear', [9, 5], [5e8, 5e8]],
    ['linear', [9, 5, 1], [333_333_334, 333_333_333, 333_333_333]],
    [
      'linear',
      [9, 8, 7, 6, 5, 4, 3],
      [142857143, 142857143, 142857143, 142857143, 142857143, 142857143, 142857142],
    ],
    ['position', [9], [1e9]],
    ['position', [9, 1], [5e8, 5e8]],
    ['position', [9, 5, 1], [4e8, 2e8, 4e8]],
    ['position', [9, 7, 5, 1], [4e8, 1e8, 1e8, 4e8]],
    ['position', [9, 8, 7, 5, 1], [4e8, 66_666_667, 66_666_667, 66_666_666, 4e8]],
    ['time-decay', [9], [1e9]],
    ['time-decay', [7, 0], [333_333_333, 666_666_667]],
    ['time-decay', [21, 14, 7], [142_857_143, 285_714_286, 571_428_571]],
  ];
  for (const [model, ages, credits] of cases)
    it(`${model} of touches ${ages.join(', ')} days before`, () => {
      assert.deepEqual(creditsOf(model, settings, path(...ages)), credits);
    });

  it('position by the weights that were set', () => {
    const by = (first: number, last: number, ...ages: number[]) =>
      creditsOf('position', { ...settings, position: { first, last } }, path(...ages));
    assert.deepEqual(by(60, 20, 3, 2, 1), [6e8, 2e8, 2e8]);
    assert.deepEqual(by(60, 20, 3, 1), [75e7, 25e7], 'what is for the middle goes to both in proportion');
    assert.deepEqual(by(0, 0, 3, 1), [5e8, 5e8]);
    assert.deepEqual(by(0, 0, 3, 2, 1), [0, 1e9, 0]);
    assert.deepEqual(by(100, 0, 3, 2, 1), [1e9, 0, 0]);
    assert.deepEqual(by(33.5, 33.5, 3, 2, 1), [335e6, 33e7, 335e6]);
  });

  it('time-decay by the half-life that was set, even where all touches are very old', () => {
    const by = (halfLifeDays: number, ...ages: number[]) =>
      creditsOf('time-decay', { ...settings, halfLifeDays }, path(...ages));
    assert.deepEqual(by(1, 2, 1), [333_333_333, 666_666_667]);
    assert.deepEqual(by(0.01, 365, 364), [0, 1e9]);
    assert.deepEqual(by(365, 365, 0), [333_333_333, 666_666_667]);
  });

  it('none where there is no touch', () => {
    for (const model of ruleModels) assert.deepEqual(creditsOf(model, settings, []), []);
  });
});

const ages = fc.array(fc.double({ min: 0, max: 365, noNaN: true }), { minLength: 1, maxLength: 40 });
const percents = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([first, rest]) => ({
    first,
    last: Math.floor(((100 - first) * rest) / 100),
  }));

describe('credits of any path', () => {
  it('sum to exactly one, and none is negative', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ruleModels),
        ages,
        percents,
        fc.double({ min: 0.01, max: 365, noNaN: true }),
        (model, drawn, position, halfLifeDays) => {
          const inOrder = drawn.toSorted((one, other) => other - one);
          const credits = creditsOf(model, { position, halfLifeDays }, path(...inOrder));
          assert.equal(sum(credits.map(BigInt)), wholeCredit);
          assert.ok(credits.every((credit) => credit >= 0 && Number.isInteger(credit)));
        },
      ),
    );
  });

  it('of time-decay are as near as whole numbers can be to the formula’s', () => {
    fc.assert(
      fc.property(ages, (drawn) => {
        const inOrder = drawn.toSorted((one, other) => other - one);
        const weights = inOrder.map((age) => 0.5 ** (age / 7));
        const whole = weights.reduce((partial, weight) => partial + weight, 0);
        const credits = creditsOf('time-decay', settings, path(...inOrder));
        for (const [index, credit] of credits.entries())
          assert.ok(Math.abs(credit - (1e9 * (weights[index] ?? 0)) / whole) <= 1.001);
      }),
    );
  });
});

describe('an amount that is handed out', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 })
    .filter((drawn) => sum(drawn) > 0n);
  const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

  it('is conserved, whatever its sign', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, drawn) => {
        const shares = apportion(amount, drawn);
        assert.equal(sum(shares), amount);
        assert.deepEqual(
          apportion(-amount, drawn),
          shares.map((share) => -share),
        );
      }),
    );
  });

  it('is handed out unit by unit to whom most is missing, of equal ones to the earlier', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 60n }),
        fc.array(fc.bigInt({ min: 0n, max: 9n }), { minLength: 1, maxLength: 6 }),
        (amount, drawn) => {
          fc.pre(sum(drawn) > 0n);
          // Quotas and shares times the sum of the weights, so that no fraction is rounded.
          const quotas = drawn.map((weight) => weight * amount);
          const shares = quotas.map((quota) => quota / sum(drawn));
          const lacking = (index: number) => (quotas[index] ?? 0n) - (shares[index] ?? 0n) * sum(drawn);
          while (sum(shares) < amount) {
            const most = drawn
              .map((_, index) => index)
              .reduce((best, index) => (lacking(index) > lacking(best) ? index : best));
            shares[most] = (shares[most] ?? 0n) + 1n;
          }
          assert.deepEqual(apportion(amount, drawn), shares);
          assert.deepEqual(apportion(amount, drawn.map(Number)), shares);
        },
      ),
    );
  });

  it('goes to names in the order of the names', () => {
    const shares = apportionByKey(
      2n,
      new Map([
        ['c', 1],
        ['a', 1],
        ['b', 1],
      ]),
    );
    assert.deepEqual(
      [...shares],
      [
        ['a', 1n],
        ['b', 1n],
        ['c', 0n],
      ],
    );
  });

  it('is refused where there is nobody to have it, or a weight is none', () => {
    assert.throws(() => apportion(1n, []), RangeError);
    assert.throws(() => apportion(1n, [0, 0]), RangeError);
    for (const weight of [-1, Number.NaN, Infinity])
      assert.throws(() => apportion(1n, [1, weight]), RangeError);
    assert.deepEqual(apportion(0n, []), []);
    assert.deepEqual(apportion(0n, [0, 0]), [0n, 0n]);
  });

  it('is money of its currency to the minor unit', () => {
    const cases: [amount: string, currency: string, parts: string[]][] = [
      ['4000', 'EUR', ['1333.34', '1333.33', '1333.33']],
      ['100', 'JPY', ['34', '33', '33']],
      ['1', 'KWD', ['0.334', '0.333', '0.333']],
      ['-0.05', 'EUR', ['-0.02', '-0.02', '-0.01']],
      ['0.005', 'EUR', ['0.01', '0.00', '0.00']],
    ];
    for (const [amount, currency, parts] of cases) {
      const digits = minorDigitsOf(currency);
      const shares = apportion(toUnits(amount, digits), creditsOf('linear', settings, path(3, 2, 1)));
      assert.deepEqual(
        shares.map((share) => fromUnits(share, digits)),
        parts,
      );
    }
  });
});
