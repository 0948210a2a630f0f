import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { intervals } from '../../query/insights/interval.ts';
import { nullable, oneOf, Time } from '../schemas/common.ts';

const State = Type.String({ minLength: 1, maxLength: 64, description: "A state's key" });

export const TransitionsQuery = queryObject({
  from: State,
  to: State,
  since: Type.Optional(
    Type.String({ format: 'date-time', description: '90 days before until unless given' }),
  ),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Now unless given' })),
  groupBy: Type.Optional(oneOf(['event-type', 'campaign'])),
  interval: Type.Optional(oneOf(intervals)),
});

const summary = {
  count: Type.Integer(),
  medianSeconds: nullable(Type.Number()),
  p90Seconds: nullable(Type.Number()),
  histogram: Type.Array(
    Type.Object({
      fromSeconds: Type.Integer({ description: 'Inclusive' }),
      toSeconds: nullable(Type.Integer({ description: 'Exclusive' })),
      count: Type.Integer(),
    }),
  ),
};

export const TransitionsReply = Type.Object({
  from: Type.String(),
  to: Type.String(),
  since: Time,
  until: Time,
  ...summary,
  groups: Type.Array(
    Type.Object({
      eventType: nullable(Type.String()),
      campaign: nullable(Type.Object({ id: Type.String(), slug: Type.String() })),
      adId: nullable(Type.String({ description: 'Where the person came by an ad last' })),
      interval: nullable(Type.String()),
      ...summary,
    }),
    { description: 'Empty unless groupBy or interval is given' },
  ),
});
