import Type from 'typebox';
import { EventParameters } from '../events/schemas.ts';
import { pageQuery } from '../schemas.ts';

export const MetricParameters = Type.Object({
  ...EventParameters.properties,
  storageKey: Type.String({ description: 'Of the state or statistic, as the event’s type declares it' }),
});

const date = Type.Optional(
  Type.Unknown({ description: 'RFC 3339, or a serialised PHP DateTime; now unless given' }),
);

export const StateBody = Type.Object({ value: Type.Unknown({ description: '0 or 1' }), date });

export const StatisticBody = Type.Object({
  value: Type.Unknown({ description: 'A number, or {amount, currency}' }),
  date,
});

export const SettingReply = Type.Object({
  modifiedCount: Type.Integer(),
  warning: Type.Optional(
    Type.String({
      description: 'Said when the amount is in no sum, since its currency has no exchange rate',
    }),
  ),
});

const oneOf = <Text extends string>(...values: Text[]) =>
  Type.Optional(Type.Unsafe<Text>({ type: 'string', enum: values }));

export const EventMetricsQuery = Type.Object({
  type: oneOf('state', 'statistic'),
  since: Type.Optional(Type.String({ description: 'Metrics dated at or after this RFC 3339 date-time' })),
  until: Type.Optional(Type.String({ description: 'Metrics dated at or before it' })),
  sort: oneOf('createdAt', 'updatedAt', 'metricDate'),
  order: oneOf('ASC', 'DESC'),
  ...pageQuery,
});
