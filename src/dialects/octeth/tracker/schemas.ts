import Type from 'typebox';

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
