import Type from 'typebox';

export const ExternalEventBody = Type.Object({
  api_key: Type.String({ description: 'In place of a header.' }),
  external_event: Type.Object({
    action: Type.String({ description: 'What happened, for example `purchase`.' }),
    lead_phone: Type.String({
      description:
        'With the country’s code, with or without + or 00; or as it is dialled in one of the workspace’s countries.',
    }),
    revenue: Type.Optional(
      Type.Object({
        amount: Type.Number({ minimum: 0 }),
        currency: Type.Optional(Type.String({ description: 'ISO 4217.', default: 'USD' })),
      }),
    ),
    app_id: Type.Optional(
      Type.String({ description: 'The app whose conversation it belongs to, in place of the lead’s last.' }),
    ),
    previous_external_event_id: Type.Optional(
      Type.String({ description: 'It belongs to that one’s conversation.' }),
    ),
  }),
});

export const ExternalEventReply = Type.Object({ external_event_id: Type.String() });
