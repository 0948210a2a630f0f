import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { Id, nullable, oneOf, resourceParameters, Seq, Time } from '../schemas/common.ts';

export const MetricParameters = Type.Object({
  ...resourceParameters('eventId', 'The event.').properties,
  key: Type.String({ minLength: 1, maxLength: 80, description: "A state's or statistic's key." }),
});

export const HistoryQuery = queryObject({
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  beforeSeq: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "The last past value's replacedBySeq of the page before.",
    }),
  ),
});

const value = {
  value: Type.Number(),
  currency: nullable(Type.String()),
  raw: Type.Unsafe<unknown>({ description: 'As it was sent.' }),
  counted: Type.Boolean({ description: 'False: an amount without an exchange rate, or a delay taken back.' }),
  at: Time,
  setAt: Time,
};

export const HistoryReply = Type.Object({
  eventId: Id,
  key: Type.String(),
  kind: oneOf(['state', 'statistic']),
  current: Type.Object(value),
  past: Type.Array(Type.Object({ ...value, replacedBySeq: Seq }), {
    description: 'What it was before, the last one first.',
  }),
});
