import Type from 'typebox';

const identifiers = {
  userId: Type.Optional(
    Type.String({
      description: 'Id of a known user, at most 100 characters. One of userId and anonymousId is mandatory.',
    }),
  ),
  anonymousId: Type.Optional(
    Type.String({
      description: 'Id of an anonymous user, at most 100 characters; ignored when userId is given.',
    }),
  ),
};

export const EventBody = Type.Object({
  ...identifiers,
  eventName: Type.String({
    description: 'Less than 50 characters. Names that begin with we_ are reserved: such events are dropped.',
  }),
  eventTime: Type.Optional(
    Type.String({ description: 'yyyy-MM-ddTHH:mm:ss±hhmm; the time of receipt if absent.' }),
  ),
  eventData: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'Attributes: names less than 50 characters; the first value settles the type; at most 25 of each type.',
    }),
  ),
});

export const UserBody = Type.Object({
  ...identifiers,
  firstName: Type.Optional(Type.String()),
  lastName: Type.Optional(Type.String()),
  birthDate: Type.Optional(Type.String({ description: 'yyyy-MM-ddTHH:mm:ss±hhmm' })),
  gender: Type.Optional(Type.String({ description: 'male, female or other' })),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String({ description: 'E.164' })),
  emailOptIn: Type.Optional(Type.Boolean()),
  smsOptIn: Type.Optional(Type.Boolean()),
  whatsappOptIn: Type.Optional(Type.Boolean()),
  rcsOptIn: Type.Optional(Type.Boolean()),
  company: Type.Optional(Type.String()),
  hashedEmail: Type.Optional(Type.String()),
  hashedPhone: Type.Optional(Type.String()),
  postalCode: Type.Optional(Type.String()),
  country: Type.Optional(Type.String()),
  city: Type.Optional(Type.String()),
  locality: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  attributes: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const BulkEventsBody = Type.Object({
  events: Type.Array(EventBody, { description: '1 to 25 events' }),
});
export const BulkUsersBody = Type.Object({ users: Type.Array(UserBody, { description: '1 to 25 users' }) });

export const QueuedReply = Type.Object({ response: Type.Object({ status: Type.Literal('queued') }) });

export const AccountParameters = Type.Object({
  licenseCode: Type.String({ pattern: '^[~A-Za-z0-9_-]{1,64}$' }),
});

export const IngestHeaders = Type.Object({
  'x-request-id': Type.Optional(
    Type.String({
      description: 'A repeat within four hours of the first that was stored stores nothing.',
    }),
  ),
});

export const IngestQuery = Type.Object({
  format: Type.Optional(
    Type.String({ description: 'Of the reply: json (the default) or xml. Errors are always JSON.' }),
  ),
});
