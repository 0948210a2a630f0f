import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readExchangeRates } from '../../../src/core/exchange-rate/exchange-rate-store.ts';
import { importRates } from '../../../src/core/exchange-rate/import-rates.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
  await importRates(own.database, [
    { currency: 'USD', day: '2024-05-03', perEuro: '9' },
    { currency: 'USD', day: '2024-05-03', perEuro: '1.25' },
    { currency: 'GBP', day: '2024-05-03', perEuro: '0.5' },
  ]);
});
after(() => own.drop());

async function convert(amount: number, from: string, to: string, day: string): Promise<number | undefined> {
  const rates = await readExchangeRates(own.database, [{ from, to, day }]);
  return rates.convert(amount, from, to, day);
}

describe('exchange rates', () => {
  it('convert from, to and past the euro', async () => {
    assert.equal(await convert(100, 'USD', 'EUR', '2024-05-03'), 80);
    assert.equal(await convert(80, 'EUR', 'USD', '2024-05-03'), 100);
    assert.equal(await convert(100, 'USD', 'GBP', '2024-05-03'), 40);
  });

  it('hold until the next ones, for ten days at most, and never before', async () => {
    assert.equal(await convert(1, 'GBP', 'EUR', '2024-05-12'), 2);
    assert.equal(await convert(1, 'GBP', 'EUR', '2024-05-13'), undefined);
    assert.equal(await convert(1, 'GBP', 'EUR', '2024-05-02'), undefined);
    assert.equal(await convert(1, 'JPY', 'EUR', '2024-05-03'), undefined);
  });

  it('are replaced by what is imported later', async () => {
    await importRates(own.database, [{ currency: 'GBP', day: '2024-05-03', perEuro: '0.8' }]);
    assert.equal(await convert(4, 'GBP', 'EUR', '2024-05-03'), 5);
  });
});
