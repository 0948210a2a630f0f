import Type from 'typebox';
import { ratePattern } from '../../core/exchange-rate/parse-rates.ts';
import { queryObject } from '../../http/validation.ts';
import { nullable } from '../schemas/common.ts';
import { Currency } from '../workspaces/settings.ts';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD' });
const PerEuro = Type.String({
  pattern: ratePattern.source,
  description: 'Units of the currency that a euro is worth, as decimal digits.',
});

export const RateSchema = Type.Object(
  { currency: Currency, day: Day, perEuro: PerEuro },
  { additionalProperties: false },
);

export const CurrenciesReply = Type.Object({
  currencies: Type.Array(
    Type.Object({
      currency: Currency,
      firstDay: Day,
      lastDay: Day,
      days: Type.Integer({ description: 'For so many there is a rate.' }),
      perEuro: Type.String({ description: 'That of the last day.' }),
    }),
  ),
});

export const CurrencyParameters = Type.Object({ currency: Currency });

export const RatesQuery = queryObject({
  before: Type.Optional(Day),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});

export const RatesReply = Type.Object({
  rates: Type.Array(RateSchema, { description: 'The newest day first.' }),
  next: nullable(Type.String({ description: '`before` of the next page.' })),
});

export const maximumRates = 10_000;

export const NewRatesBody = Type.Object(
  {
    rates: Type.Optional(Type.Array(RateSchema, { minItems: 1, maxItems: maximumRates })),
    csv: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'In place of `rates`: the text of a file that the European Central Bank publishes (eurofxref.csv, eurofxref-hist.csv).',
      }),
    ),
  },
  { additionalProperties: false },
);

export const TakenRatesReply = Type.Object({
  rates: Type.Integer({ description: 'So many are known now, or anew.' }),
  days: Type.Integer(),
});
