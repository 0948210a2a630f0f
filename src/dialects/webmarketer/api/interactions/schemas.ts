import Type from 'typebox';

export const OfflineInteractionBody = Type.Object({
  date: Type.Optional(
    Type.Unknown({
      description: 'RFC 3339, UTC without an offset; or a serialised PHP DateTime; else the time of receipt',
    }),
  ),
  userData: Type.Record(Type.String(), Type.Unknown(), {
    description: 'Values of discriminant user fields, by storage key: at least one, and no others',
  }),
  nodeData: Type.Object(
    {
      wmktId: Type.String({ description: 'The integration' }),
      cid: Type.Optional(Type.String({ description: 'The campaign’s id; if none has it, its slug' })),
    },
    { additionalProperties: true },
  ),
});

export const OfflineInteractionReply = Type.Object({});
