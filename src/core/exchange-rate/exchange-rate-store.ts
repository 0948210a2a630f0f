import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type CurrencyDay, type ExchangeRate, ExchangeRates, longestGapDays } from './exchange-rate.ts';

/** The last rates up to each of these days, none of them older than `longestGapDays`. */
export async function readExchangeRates(
  connection: Queryable,
  asked: readonly CurrencyDay[],
): Promise<ExchangeRates> {
  const rows = await connection.query<{ currency: string; day: string; per_euro: string }>(
    `select a.currency, a.day, r.per_euro
       from unnest($1::text::text[], $2::text::date[]) as a (currency, day)
      cross join lateral (
        select x.per_euro from exchange_rate x
         where x.currency = a.currency and x.day <= a.day and x.day > a.day - ${longestGapDays}
         order by x.day desc limit 1) as r`,
    [arrayLiteral(asked.map(({ currency }) => currency)), arrayLiteral(asked.map(({ day }) => day))],
  );
  const rates = new ExchangeRates();
  for (const { currency, day, per_euro } of rows) rates.learn({ currency, day }, Number(per_euro));
  return rates;
}

/** Writes rates in place of those that were known of the same days. */
export async function upsertExchangeRates(
  connection: Queryable,
  rates: readonly ExchangeRate[],
): Promise<void> {
  await connection.query(
    `insert into exchange_rate (currency, day, per_euro)
     select * from unnest($1::text::text[], $2::text::date[], $3::text::numeric[])
     on conflict (currency, day) do update set per_euro = excluded.per_euro`,
    [
      arrayLiteral(rates.map((rate) => rate.currency)),
      arrayLiteral(rates.map((rate) => rate.day)),
      arrayLiteral(rates.map((rate) => rate.perEuro)),
    ],
  );
}
