import Type from 'typebox';

const nullable = (description: string) => Type.Unknown({ description });
const dateTime = Type.String({ format: 'date-time' });
const objectId = Type.String({ description: '24 hex digits' });
const uuid = Type.String({ format: 'uuid' });

export const ProjectParameters = Type.Object({ projectId: Type.String() });
export const EventParameters = Type.Object({ projectId: Type.String(), id: Type.String() });
export const ReferenceParameters = Type.Object({ projectId: Type.String(), reference: Type.String() });

export const pageQuery = {
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Items to skip' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: '10 unless given; 0 is as many as a page holds, which is 1000.',
    }),
  ),
};

export const page = <Item extends object>(item: Item) =>
  Type.Object({
    data: Type.Array(item),
    count: Type.Integer({ description: 'Items in this page' }),
    total: Type.Integer(),
    offset: Type.Integer(),
    limit: Type.Integer(),
  });

export const TokenBody = Type.Object({
  grant_type: Type.String({ description: 'urn:ietf:params:oauth:grant-type:jwt-bearer or refresh_token' }),
  client_id: Type.String(),
  assertion: Type.Optional(
    Type.String({ description: 'For jwt-bearer: signed with RS256 by the service account’s private key' }),
  ),
  client_secret: Type.Optional(Type.String({ description: 'For refresh_token, where the client has one' })),
  refresh_token: Type.Optional(Type.String()),
  scope: Type.Optional(
    Type.String({ description: 'full_access; with offline_access there is a refresh token' }),
  ),
});

export const TokenReply = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds' }),
  scope: Type.String(),
  refresh_token: Type.Optional(Type.String()),
});

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
