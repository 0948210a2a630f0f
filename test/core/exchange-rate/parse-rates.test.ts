import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRates } from '../../../src/core/exchange-rate/parse-rates.ts';

describe('a file of exchange rates', () => {
  it('is read in the form of the bank’s long file, without currencies that are no more', () => {
    const parsed = parseRates(
      'Date,USD,JPY,CYP,\n2024-05-03,1.0743,164.5,N/A,\n2007-12-28,1.4692,,0.5852,\n',
    );
    assert.deepEqual(parsed, {
      kind: 'rates',
      days: 2,
      rates: [
        { currency: 'USD', day: '2024-05-03', perEuro: '1.0743' },
        { currency: 'JPY', day: '2024-05-03', perEuro: '164.5' },
        { currency: 'USD', day: '2007-12-28', perEuro: '1.4692' },
      ],
    });
  });

  it('is read in the form of the bank’s daily file', () => {
    const parsed = parseRates('\uFEFFDate, USD, JPY, \r\n20 November 2026, 1.1, 170.2, \r\n');
    assert.deepEqual(parsed.kind === 'rates' && parsed.rates[0], {
      currency: 'USD',
      day: '2026-11-20',
      perEuro: '1.1',
    });
  });

  it('is refused with the line that is wrong', () => {
    for (const [text, line] of [
      ['', 1],
      ['Day,USD\n', 1],
      ['Date,dollars\n2024-05-03,1\n', 1],
      ['Date,USD\n2024-05-03,1\n2024-02-30,1\n', 3],
      ['Date,USD\n2024-05-03,1,2\n', 2],
      ['Date,USD\n2024-05-03,"1"\n', 2],
      ['Date,USD\n2024-05-03,-1\n', 2],
      ['Date,USD\n2024-05-03,0\n', 2],
    ] as const) {
      const parsed = parseRates(text);
      assert.equal(parsed.kind === 'fault' && parsed.line, line, text);
    }
  });
});
