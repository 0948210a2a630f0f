import type { Static } from 'typebox';
import type { ExchangeRate } from '../../core/exchange-rate/exchange-rate.ts';
import { pivotCurrency } from '../../core/exchange-rate/exchange-rate.ts';
import { listCurrencies, listRates } from '../../core/exchange-rate/exchange-rate-store.ts';
import { importRates } from '../../core/exchange-rate/import-rates.ts';
import { parseDay, parseRates } from '../../core/exchange-rate/parse-rates.ts';
import { isCurrency } from '../../core/value/amount.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { requestCountsOfAmounts } from '../../jobs/request-counts-of-amounts.ts';
import { administrator, anyKey } from '../guards.ts';
import { wrong } from '../refusals.ts';
import { errors } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import {
  CurrenciesReply,
  CurrencyParameters,
  NewRatesBody,
  type RateSchema,
  RatesQuery,
  RatesReply,
  TakenRatesReply,
} from './schemas.ts';

const path = '/exchange-rates';

/** The bank's file of every day since 1999 has under 2 MB. */
const bodyLimit = 8 * 1024 * 1024;

/** By which amounts of other currencies are counted: those of all workspaces, so the administrator sets them. */
export const exchangeRateOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'Of which currencies there are exchange rates, and of which days',
    guard: anyKey,
    replies: { 200: CurrenciesReply, ...errors() },
    handle: async ({ services }) => ({ currencies: await listCurrencies(services.database) }),
  }),
  operation({
    method: 'GET',
    path: `${path}/:currency`,
    summary: 'The exchange rates of a currency, newest first',
    guard: anyKey,
    checks: { path: CurrencyParameters, query: RatesQuery },
    replies: { 200: RatesReply, ...errors() },
    handle: async ({ services, path: { currency }, query: { before, limit } }) => {
      if (before !== undefined && parseDay(before) === undefined)
        throw wrong('querystring/before', `querystring/before: "${before}" is no day.`);
      const found = await listRates(services.database, currency, before ?? null, limit + 1);
      const rates = found.slice(0, limit);
      return { rates, next: found.length > limit ? (rates.at(-1)?.day ?? null) : null };
    },
  }),
  operation({
    method: 'PUT',
    path,
    summary: 'Set exchange rates, in place of those that are known of the same days (administrator)',
    description:
      'All of a call are taken or none. They hold for what is counted from now on; amounts of every workspace that had no rate are counted by the job `count-amounts`, and what was counted by an earlier rate stays as it is.',
    guard: administrator,
    checks: { body: NewRatesBody },
    example: { rates: [{ currency: 'USD', day: '2026-03-02', perEuro: '1.0825' }] },
    bodyLimit,
    replies: { 200: TakenRatesReply, ...errors(403) },
    handle: async ({ services, body }) => {
      const rates = readRates(body);
      // The bank's whole file takes seconds.
      await importRates(services.jobDatabase, rates);
      await requestCountsOfAmounts(services, new Date(services.clock()));
      void services.jobs.look();
      return { rates: rates.length, days: new Set(rates.map(({ day }) => day)).size };
    },
  }),
];

/** @throws RequestError `invalid-request` */
function readRates({ rates, csv }: Static<typeof NewRatesBody>): readonly ExchangeRate[] {
  if (rates && csv === undefined) return rates.map(readRate);
  if (csv === undefined || rates) throw wrong('body', 'body takes either rates or csv: give one of the two.');
  const parsed = parseRates(csv);
  if (parsed.kind === 'fault') throw wrong('body/csv', `body/csv, line ${parsed.line}: ${parsed.message}.`);
  return parsed.rates;
}

function readRate(rate: Static<typeof RateSchema>, index: number): ExchangeRate {
  const { currency, day, perEuro } = rate;
  const at = (member: string) => `body/rates/${index}/${member}`;
  if (currency === pivotCurrency)
    throw wrong(at('currency'), `${at('currency')}: rates are per euro, which has none itself.`);
  if (!isCurrency(currency))
    throw wrong(at('currency'), `${at('currency')}: "${currency}" is no currency of ISO 4217.`);
  if (parseDay(day) === undefined) throw wrong(at('day'), `${at('day')}: "${day}" is no day.`);
  if (Number(perEuro) === 0) throw wrong(at('perEuro'), `${at('perEuro')} has to be above 0.`);
  return { currency, day, perEuro };
}
