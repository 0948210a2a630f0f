import Type from 'typebox';

export const nullable = (description: string) => Type.Unknown({ description });
export const dateTime = Type.String({ format: 'date-time' });
export const objectId = Type.String({ description: '24 hex digits' });

export const ProjectParameters = Type.Object({ projectId: Type.String() });

export const pageQuery = {
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Items to skip' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: '10 unless given; 0 is as many as a page holds, which is 1000.',
    }),
  ),
};

export const page = <Item extends object>(item: Item) =>
  Type.Object({
    data: Type.Array(item),
    count: Type.Integer({ description: 'Items in this page' }),
    total: Type.Integer(),
    offset: Type.Integer(),
    limit: Type.Integer(),
  });
