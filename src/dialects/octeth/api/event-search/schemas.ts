import Type from 'typebox';

const number = (description: string) =>
  Type.Optional(Type.Union([Type.Integer(), Type.String()], { description }));

/** Parameter names are taken in any case. */
export const EventSearchBody = Type.Object({
  AdminAPIKey: Type.Optional(Type.String({ description: 'An API key of the role admin; also as APIKey.' })),
  FilterByUserID: number('The UserID of User.Login; another than the key’s own has no events.'),
  FilterByListID: number('The number of a list.'),
  FilterBySubscriberID: number('The SubscriberID of an event.'),
  EventType: Type.Optional(
    Type.String({ description: 'The name of an event, in any case; All (the default).' }),
  ),
  SearchKeyword: Type.Optional(Type.String({ description: 'A part of the name, in any case.' })),
  DateFrom: Type.Optional(Type.String({ description: 'A day in the workspace’s time zone, YYYY-MM-DD.' })),
  DateTo: Type.Optional(Type.String({ description: 'The last day, inclusive.' })),
  WebsiteEventUUID: Type.Optional(
    Type.String({ format: 'uuid', description: 'Of an event, or of the visitor.' }),
  ),
  RecordsPerRequest: number('At most 10,000, which 0 (the default) is too.'),
  RecordsFrom: number('How many to leave out from the beginning.'),
  OrderField: Type.Optional(
    Type.String({ description: 'EventID (the default) or CreatedAt; counts only together with OrderType.' }),
  ),
  OrderType: Type.Optional(Type.String({ description: 'ASC or DESC (the default).' })),
  IncludeProperties: Type.Optional(Type.Union([Type.Boolean(), Type.String()])),
});

export const EventSearchReply = Type.Object({
  Success: Type.Literal(true),
  ErrorCode: Type.Literal(0),
  ErrorText: Type.String(),
  Events: Type.Array(
    Type.Object({
      EventID: Type.Integer(),
      Event: Type.String(),
      UserID: Type.Integer(),
      ListID: Type.Integer(),
      SubscriberID: Type.Integer({ description: '0: an anonymous visitor’s.' }),
      WebsiteEventUUID: Type.String(),
      CreatedAt: Type.String({ description: 'In the workspace’s time zone, YYYY-MM-DD HH:MM:SS.' }),
      Properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  TotalEvents: Type.Integer(),
});
