import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromUnits, minorDigitsOf, toUnits } from '../../../src/core/attribution/units.ts';
import fc from '../../helpers/fast-check.ts';

describe('the units that values are counted in', () => {
  it('are the smallest of a currency', () => {
    const digits = ['EUR', 'USD', 'JPY', 'KRW', 'KWD', 'TND', 'CLF'].map(minorDigitsOf);
    assert.deepEqual(digits, [2, 2, 0, 0, 3, 3, 4]);
  });

  it('are those of ISO 4217 where coins are out of use, too', () => {
    assert.deepEqual(['HUF', 'IDR', 'COP', 'IQD'].map(minorDigitsOf), [2, 2, 2, 3]);
  });

  it('take a half away from zero', () => {
    const cases = [
      ['4000', 2, 400_000n],
      ['0.005', 2, 1n],
      ['-0.005', 2, -1n],
      ['0.00499999', 2, 0n],
      ['1234.5', 0, 1235n],
      ['-1234.5', 0, -1235n],
      ['1234.4999', 0, 1234n],
      ['19.999', 2, 2000n],
      ['90071992547409931234.56', 2, 9_007_199_254_740_993_123_456n],
    ] as const;
    for (const [text, decimals, units] of cases) assert.equal(toUnits(text, decimals), units, text);
  });

  it('are told as the number that they are', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
        fc.nat({ max: 6 }),
        (units, decimals) => {
          const text = fromUnits(units, decimals);
          assert.match(text, decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
          assert.equal(toUnits(text, decimals), units);
        },
      ),
    );
  });

  it('are of no text that is no number', () => {
    for (const text of ['', '1e3', '1,5', 'NaN', '.5', ' 1']) assert.throws(() => toUnits(text, 2), text);
  });
});
