import Type from 'typebox';

const credentials = {
  APIKey: Type.Optional(Type.String({ description: 'An API key. Either it or SessionID is required.' })),
  SessionID: Type.Optional(Type.String({ description: 'A session of User.Login; it lasts 30 days.' })),
};

const listId = Type.Union([Type.Integer(), Type.String()], { description: 'The number of a list.' });

/** Parameter names are taken in any case. */
export const EventBody = Type.Object({
  ...credentials,
  ListID: listId,
  Event: Type.String({ description: 'identify, conversion, pageView, page_view or a name of your own.' }),
  Email: Type.Optional(
    Type.String({
      description:
        'Required unless a UUID is given, the event is a page view, or ID is the SHA-256 of an address.',
    }),
  ),
  ID: Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'Your own id of the person; one is made up and answered if absent.',
    }),
  ),
  UUID: Type.Optional(Type.String({ format: 'uuid', description: 'The id of the visitor (browser).' })),
  Properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  IdentifyProperties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const TrackedReply = Type.Object({
  status: Type.Literal('success'),
  uuid: Type.String(),
  external_id: Type.String(),
  identify_event_sent: Type.Boolean(),
});

export const PropertyListBody = Type.Object({ ...credentials, ListID: listId });

export const PropertyListQuery = Type.Object({
  ...credentials,
  ListID: Type.Optional(Type.String({ description: 'The number of a list.' })),
});

export const PropertyListReply = Type.Object({
  ListID: Type.Union([Type.Integer(), Type.String()]),
  Properties: Type.Record(Type.String(), Type.Array(Type.String())),
});

/** Times are Y-m-d or Y-m-d H:i:s in the workspace's time zone. */
export const SubscriberBody = Type.Object({
  ...credentials,
  ListID: listId,
  EmailAddress: Type.String(),
  Status: Type.Optional(
    Type.String({
      description:
        'Subscribed (the default), Opt-In Pending, Opt-Out Pending or Unsubscribed; named, it needs the date and IP.',
    }),
  ),
  SubscriptionDate: Type.Optional(Type.String()),
  SubscriptionIP: Type.Optional(Type.String()),
  UnsubscriptionDate: Type.Optional(Type.String()),
  UnsubscriptionIP: Type.Optional(Type.String()),
  OptInDate: Type.Optional(Type.String()),
  BounceType: Type.Optional(Type.String({ description: 'Not Bounced, Soft or Hard' })),
  CustomFields: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'Values by the id of the custom field.' }),
  ),
  EnforceRequiredFields: Type.Optional(
    Type.Boolean({ description: 'True: required, unique and validated custom fields are enforced.' }),
  ),
  UpdateIfDuplicate: Type.Optional(Type.Boolean()),
  UpdateIfUnsubscribed: Type.Optional(Type.Boolean()),
  Source: Type.Optional(Type.String({ description: 'CSVImport, API, Webhook, Manual, Other or Unknown' })),
  SourceRef: Type.Optional(Type.String()),
});

export const LegacyBody = Type.Object({
  Command: Type.String({
    description:
      'event.track, website_events.properties, User.Login, List.Create, List.Get, Lists.Get, CustomField.Create, subscriber.create, Subscriber.Get or admin.events.search',
  }),
  ResponseFormat: Type.Optional(Type.String({ description: 'JSON (the default) or XML' })),
  ...credentials,
});

/** What a page sends: docs/browser-tracker.md. */
export const MessageBody = Type.Object({
  v: Type.Literal(1),
  user: Type.String({ format: 'uuid', description: 'The user tracker id: the workspace.' }),
  list: Type.String({ format: 'uuid', description: 'The list tracker id.' }),
  id: Type.String({ format: 'uuid', description: 'Of the message: it is stored once.' }),
  uuid: Type.String({ format: 'uuid', description: 'The id of the visitor (browser).' }),
  at: Type.Optional(Type.Integer({ description: 'When it happened, by the browser, in milliseconds.' })),
  sent: Type.Optional(Type.Integer({ description: 'When it was sent, by the same clock.' })),
  event: Type.String(),
  email: Type.Optional(Type.String()),
  hash: Type.Optional(Type.String({ description: 'The SHA-256 of an address, in its place.' })),
  properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  identifyProperties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  landing: Type.Optional(
    Type.Object(
      { url: Type.String(), referrer: Type.Optional(Type.String()) },
      {
        description: 'Of the first page view of a document.',
      },
    ),
  ),
});

export const MessageReply = Type.Object({ status: Type.Literal('success') });

export const TrackerQuery = Type.Object({
  v: Type.Optional(
    Type.String({ description: 'The version; the one that there is may be kept for a year.' }),
  ),
});
