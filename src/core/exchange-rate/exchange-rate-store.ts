import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import {
  type CurrencyConversion,
  type CurrencyDay,
  type ExchangeRate,
  ExchangeRates,
  longestGapDays,
  pivotCurrency,
} from './exchange-rate.ts';

/** The rates that conversions take: the last up to each day, none of them older than `longestGapDays`. */
export async function readExchangeRates(
  connection: Queryable,
  conversions: readonly CurrencyConversion[],
): Promise<ExchangeRates> {
  const rates = new ExchangeRates();
  const asked = currencyDaysOf(conversions);
  if (asked.length === 0) return rates;
  const rows = await connection.query<{ currency: string; day: string; per_euro: string }>(
    `select a.currency, a.day, r.per_euro
       from unnest($1::text::text[], $2::text::date[]) as a (currency, day)
      cross join lateral (
        select x.per_euro from exchange_rate x
         where x.currency = a.currency and x.day <= a.day and x.day > a.day - ${longestGapDays}
         order by x.day desc limit 1) as r`,
    [arrayLiteral(asked.map(({ currency }) => currency)), arrayLiteral(asked.map(({ day }) => day))],
  );
  for (const { currency, day, per_euro } of rows) rates.learn({ currency, day }, Number(per_euro));
  return rates;
}

/** Each once, and not the currency that rates are told in. */
function currencyDaysOf(conversions: readonly CurrencyConversion[]): CurrencyDay[] {
  const asked = new Map<string, CurrencyDay>();
  for (const { from, to, day } of conversions) {
    for (const currency of [from, to])
      if (currency !== pivotCurrency) asked.set(`${currency} ${day}`, { currency, day });
  }
  return [...asked.values()];
}

/** Of which days there are rates of a currency. */
export interface KnownCurrency {
  readonly currency: string;
  /** YYYY-MM-DD. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly days: number;
  /** The rate of the last day. */
  readonly perEuro: string;
}

export async function listCurrencies(connection: Queryable): Promise<KnownCurrency[]> {
  const rows = await connection.query<{
    currency: string;
    first_day: string;
    last_day: string;
    days: number;
    per_euro: string;
  }>(
    `select k.currency, k.first_day::text, k.last_day::text, k.days, r.per_euro::text
       from (select currency, min(day) as first_day, max(day) as last_day, count(*)::integer as days
               from exchange_rate group by currency) k
       join exchange_rate r on r.currency = k.currency and r.day = k.last_day
      order by k.currency`,
    [],
  );
  return rows.map((row) => ({
    currency: row.currency,
    firstDay: row.first_day,
    lastDay: row.last_day,
    days: row.days,
    perEuro: row.per_euro,
  }));
}

/** The rates of a currency before a day (null: all), the newest first. */
export async function listRates(
  connection: Queryable,
  currency: string,
  before: string | null,
  limit: number,
): Promise<ExchangeRate[]> {
  const rows = await connection.query<{ day: string; per_euro: string }>(
    `select day::text, per_euro::text from exchange_rate
      where currency = $1 and ($2::text is null or day < $2::text::date) order by day desc limit $3`,
    [currency, before, limit],
  );
  return rows.map(({ day, per_euro: perEuro }) => ({ currency, day, perEuro }));
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
