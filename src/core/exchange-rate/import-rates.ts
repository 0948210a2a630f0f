import type { Database } from '../../store/database.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { ExchangeRate } from './exchange-rate.ts';
import { upsertExchangeRates } from './exchange-rate-store.ts';

const rowsPerStatement = 10_000;

/** Writes all of the rates or none. Running servers convert by them from then on. A day given twice: the last one holds. */
export async function importRates(database: Database, rates: readonly ExchangeRate[]): Promise<void> {
  const distinct = [...new Map(rates.map((rate) => [`${rate.currency} ${rate.day}`, rate])).values()];
  await inTransaction(database, async (tx) => {
    for (let from = 0; from < distinct.length; from += rowsPerStatement)
      await upsertExchangeRates(tx, distinct.slice(from, from + rowsPerStatement));
  });
}
