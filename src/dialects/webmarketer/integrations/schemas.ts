import Type from 'typebox';

export const IntegrationParameters = Type.Object({ projectId: Type.String(), wmktId: Type.String() });

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

export const IntegrationsQuery = Type.Object(pageQuery);

export const IntegrationReply = Type.Object({
  _id: Type.String({ description: '24 hex digits' }),
  projectId: Type.String(),
  credentialId: Type.Unknown({ description: 'A string or null' }),
  name: Type.String(),
  type: Type.String(),
  wmktId: Type.String(),
  dataSource: Type.Unknown({ description: 'A string or null' }),
  urlCheck: Type.Object({
    lastCheck: Type.Unknown({ description: 'A date-time or null' }),
    status: Type.String({ description: 'valid, invalid, pending or unavailable' }),
  }),
  createdAt: Type.String({ format: 'date-time' }),
});

export const IntegrationsReply = page(IntegrationReply);
