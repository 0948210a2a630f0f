import Type from 'typebox';
import { dateTime, nullable, objectId, page, pageQuery } from '../schemas.ts';

export const ReferenceParameters = Type.Object({ projectId: Type.String(), reference: Type.String() });

const field = Type.Object({
  type: Type.String({
    description: 'string, email, phone, boolean, date, location, currency, number, message or state',
  }),
  entity: Type.String({ description: 'user, event, state or statistic' }),
  storageKey: Type.String(),
  ingestionKey: Type.Optional(
    nullable(
      'Key in the event’s data; null: the storage key, and for states and statistics: set afterwards only',
    ),
  ),
  discriminant: Type.Optional(Type.Boolean({ description: 'Users with an equal value are one' })),
  isPii: Type.Optional(Type.Boolean()),
  isMostProbableLocation: Type.Optional(Type.Boolean()),
  optional: Type.Optional(Type.Boolean()),
});

const changeable = {
  name: Type.String(),
  fields: Type.Array(field),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  phoneParsingConfig: Type.Array(Type.Object({ order: Type.Integer(), countryCode: Type.String() })),
  expirationPolicy: nullable('{from: project or event-type, retentionDurationInDays: integer or null}'),
  attributable: Type.Boolean(),
};

/** One that the reference shows, here and in the native API. */
export const exampleEventType = {
  reference: 'order',
  name: 'Order',
  fields: [
    { type: 'email', entity: 'user', storageKey: 'email', discriminant: true, isPii: true },
    { type: 'state', entity: 'state', storageKey: 'turnover', ingestionKey: 'turnover' },
  ],
};

export const NewEventTypeBody = Type.Object({
  reference: Type.String(),
  ...changeable,
});

export const EventTypeChangeBody = Type.Partial(Type.Object(changeable));

export const EventTypeReply = Type.Object({
  _id: objectId,
  createdAt: dateTime,
  updatedAt: dateTime,
  archivedAt: nullable('A date-time or null'),
  projectId: Type.String(),
  reference: Type.String(),
  ...changeable,
});

export const EventTypesQuery = Type.Object({
  ...pageQuery,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or the reference' })),
  archived: Type.Optional(Type.String({ description: '0, 1, true or false; true: archived ones only' })),
  storageKey: Type.Optional(Type.String({ maxLength: 200 })),
  reference: Type.Optional(Type.String({ maxLength: 200 })),
  sort: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'name, reference, createdAt, updatedAt; several by commas; - is descending',
    }),
  ),
});

export const EventTypesReply = page(EventTypeReply);
