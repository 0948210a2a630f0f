import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../../api/client.ts';

/** Of which currencies and days there are rates. They are the same for all workspaces. */
export const currenciesQuery = queryOptions({
  queryKey: ['exchange-rates'],
  queryFn: async () => (await take(api.GET('/exchange-rates'))).currencies,
});

function listRates(currency: string) {
  const params = { path: { currency }, query: { limit: 400 } };
  return take(api.GET('/exchange-rates/{currency}', { params }));
}

export type Currency = Awaited<ReturnType<NonNullable<(typeof currenciesQuery)['queryFn']>>>[number];
export type Rate = Awaited<ReturnType<typeof listRates>>['rates'][number];

/** The last 400 days of a currency. */
export function ratesQuery(currency: string) {
  return queryOptions({
    queryKey: ['exchange-rates', currency],
    queryFn: () => listRates(currency),
  });
}

export function setRates(body: { readonly rates?: Rate[]; readonly csv?: string }) {
  return take(api.PUT('/exchange-rates', { body }));
}
