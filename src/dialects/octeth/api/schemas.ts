import Type from 'typebox';

export const credentials = {
  APIKey: Type.Optional(Type.String({ description: 'An API key. Either it or SessionID is required.' })),
  SessionID: Type.Optional(Type.String({ description: 'A session of User.Login; it lasts 30 days.' })),
};

export const listId = Type.Union([Type.Integer(), Type.String()], { description: 'The number of a list.' });

export const LegacyBody = Type.Object({
  Command: Type.String({
    description:
      'event.track, website_events.properties, User.Login, List.Create, List.Get, Lists.Get, CustomField.Create, subscriber.create, Subscriber.Get or admin.events.search',
  }),
  ResponseFormat: Type.Optional(Type.String({ description: 'JSON (the default) or XML' })),
  ...credentials,
});
