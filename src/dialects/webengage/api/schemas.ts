import Type from 'typebox';

export const identifiers = {
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

/** What the schemas of every endpoint check; bodies are parse.ts's. */
export const ingestChecks = { path: AccountParameters, query: IngestQuery };
