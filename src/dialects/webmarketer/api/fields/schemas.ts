import Type from 'typebox';

export const FieldParameters = Type.Object({ projectId: Type.String(), fieldId: Type.String() });

const described = {
  entity: Type.String({ description: 'user, event, state or statistic' }),
  type: Type.String({
    description: 'string, email, phone, boolean, date, location, currency, number, message or state',
  }),
  key: Type.String({ description: 'The storage key' }),
};

export const NewFieldBody = Type.Object({
  ...described,
  label: Type.Optional(Type.String({ description: 'The key unless given' })),
  isPii: Type.Optional(Type.Boolean()),
  discriminant: Type.Optional(Type.Boolean()),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  projectId: Type.Optional(Type.String({ description: 'The one in the path' })),
});

export const FieldReply = Type.Object({
  _id: Type.String({ description: '24 hex digits' }),
  ...described,
  label: Type.String(),
  isPii: Type.Boolean(),
  discriminant: Type.Boolean(),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  projectId: Type.String(),
  archivedAt: Type.Unknown({ description: 'A date-time or null' }),
});

export const FieldsReply = Type.Array(FieldReply);

export const FieldsQuery = Type.Object({
  archived: Type.Optional(Type.String({ description: '0, 1, true or false; true: archived ones only' })),
});
