import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { DialectSchema, Id, nullable, openObject, resourceParameters, Seq, Time } from '../schemas/common.ts';

export const EventSchema = Type.Object({
  seq: Seq,
  id: Id,
  type: Type.String(),
  typeVersion: nullable(Type.Integer()),
  dialect: DialectSchema,
  profileId: Id,
  personId: nullable(
    Type.String({ format: 'uuid', description: 'As of now: merges and their undoing move it.' }),
  ),
  sourceId: nullable(Id),
  context: nullable(Type.String()),
  occurredAt: Time,
  receivedAt: Time,
  updatedAt: nullable(Time),
  version: Type.Integer(),
  properties: openObject('As the dialect keeps them.'),
  dropped: Type.Array(Type.String(), {
    description: 'Members of what was sent that the vendor’s API does not know; they are not kept.',
  }),
});

/** Which events are wanted; a dialect or a type that is not there has none. */
export const EventFilterMembers = {
  dialect: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: "A dialect's name." })),
  type: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'The name of an event type.' }),
  ),
};

export const NewestQuery = queryObject({
  ...EventFilterMembers,
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
});

export const NewestReply = Type.Object({
  events: Type.Array(EventSchema, { description: 'The last one first.' }),
  seq: Type.Integer({
    description: 'Of the workspace, before it was looked: `afterSeq` of who goes on from here.',
  }),
});

export const EventParameters = resourceParameters('eventId', "The event's id.");

const Neighbours = (which: string) => Type.Array(EventSchema, { description: `${which}, nearest first.` });

export const EventReply = Type.Object({
  event: EventSchema,
  detail: nullable(openObject('What its dialect keeps of it besides, for its own answers.')),
  metrics: Type.Array(
    Type.Object({
      key: Type.String(),
      kind: Type.String(),
      value: Type.String({ description: 'With all its digits.' }),
      currency: nullable(Type.String()),
      at: Time,
      counted: Type.Boolean({
        description: 'False: no rate for its currency is known, so it is in no sum yet.',
      }),
    }),
  ),
  countedIn: Type.Object(
    {
      hourOfReceipt: Type.String({ format: 'date-time', description: 'Of the accounting.' }),
      quarterHour: Type.String({
        format: 'date-time',
        description: 'Where the rollup’s quarter hour begins.',
      }),
      day: Type.String({ description: 'The local day in the workspace’s zone.' }),
    },
    { description: 'Where its numbers stand.' },
  ),
  neighbours: Type.Object({
    before: Neighbours('What happened to the same person just before'),
    after: Neighbours('What happened to the same person just after'),
  }),
  raw: nullable(
    Type.String({
      description:
        'What was sent, of an event that was replayed from quarantine; null of all others: their text is not kept.',
    }),
  ),
});

export const EventsQuery = queryObject({
  afterSeq: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});

export const EventsReply = Type.Object({ events: Type.Array(EventSchema) });
