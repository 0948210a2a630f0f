import Type from 'typebox';
import { dateTime, nullable, objectId, page, pageQuery } from '../schemas.ts';

const uuid = Type.String({ format: 'uuid' });

export const EventParameters = Type.Object({ projectId: Type.String(), id: Type.String() });

export const EventBody = Type.Object({
  projectId: Type.String({ description: '3 to 64 characters, a-z, 0-9 and single hyphens' }),
  eventType: Type.String({ description: 'Reference of the event type' }),
  eventDate: Type.Optional(nullable('RFC 3339, UTC without an offset; or a serialised PHP DateTime')),
  trackerId: Type.Optional(Type.String({ description: 'Links the event to the visitor’s interactions' })),
  nonce: nullable('A string or an integer: a repeat stores nothing and gets the first one’s answer'),
  data: Type.Record(Type.String(), Type.Unknown(), { description: 'Must match the event type' }),
});

export const EventIdReply = Type.String({ format: 'uuid', description: 'Id of the event' });

const values = Type.Record(Type.String(), Type.Unknown(), {
  description: 'By storage key: {raw, current, type, date, anonymized, invalid}',
});

export const EventReply = Type.Object({
  _id: uuid,
  projectId: Type.String(),
  userId: objectId,
  eventDate: dateTime,
  eventType: Type.String(),
  attributable: Type.Boolean(),
  expirationPolicy: nullable('{from, retentionDurationInDays} or null'),
  event: values,
  user: values,
  metrics: Type.Array(
    Type.Object({
      _id: objectId,
      projectId: Type.String(),
      eventId: uuid,
      key: Type.String(),
      type: Type.String({ description: 'state or statistic' }),
      data: Type.Unknown(),
      createdAt: dateTime,
      updatedAt: dateTime,
      deletedAt: Type.Null(),
    }),
  ),
  createdAt: dateTime,
  updatedAt: dateTime,
});

export const RawEventReply = Type.Object({
  _id: uuid,
  projectId: Type.String(),
  nonce: Type.String(),
  eventType: Type.String(),
  trackerId: nullable('A string or null'),
  createdAt: dateTime,
  data: Type.Record(Type.String(), Type.Unknown()),
});

export const TrashQuery = Type.Object({
  since: Type.Optional(Type.String({ description: 'Processed at or after this RFC 3339 date-time' })),
  until: Type.Optional(Type.String({ description: 'Processed at or before it' })),
  ...pageQuery,
});

export const TrashReply = page(
  Type.Object({
    _id: uuid,
    projectId: Type.String(),
    errors: Type.Array(Type.Object({ type: Type.String(), field: Type.Optional(Type.Unknown()) })),
    eventTypeId: nullable('24 hex digits or null'),
    eventTypeRef: nullable('A string or null'),
    processingDate: dateTime,
    rawEventDate: dateTime,
  }),
);
