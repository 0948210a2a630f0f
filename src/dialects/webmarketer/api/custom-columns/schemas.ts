import Type from 'typebox';

export const ColumnParameters = Type.Object({ projectId: Type.String(), columnId: Type.String() });

const column = {
  key: Type.String(),
  name: Type.String(),
  format: Type.String({ description: 'currency, number, percent or time' }),
  symbols: Type.Array(Type.Unknown(), {
    description:
      'The parts of a formula over metric keys, each a text or a number: ["turnover", "/", "event-count"], or one whole formula',
  }),
};

export const NewColumnBody = Type.Object({
  ...column,
  projectId: Type.Optional(Type.String({ description: 'The one in the path' })),
});

export const ColumnReply = Type.Object({
  id: Type.String({ description: '24 hex digits' }),
  projectId: Type.String(),
  ...column,
});

export const ColumnsReply = Type.Array(ColumnReply);
