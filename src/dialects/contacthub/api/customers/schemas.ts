import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { anyId, paging } from '../schemas.ts';

export const CustomerSearchQuery = queryObject({
  nodeId: anyId,
  externalId: Type.Optional(Type.String({ maxLength: 255 })),
  query: Type.Optional(Type.String({ maxLength: 20_000, description: 'JSON text of the query.' })),
  fields: Type.Optional(
    Type.String({ maxLength: 4000, description: 'Comma-separated paths of what the reply is to hold.' }),
  ),
  ...paging,
});

const sessionId = Type.Optional(
  Type.String({ minLength: 1, maxLength: 255, description: 'A session to bind to the customer.' }),
);
export const CustomerDeleteQuery = Type.Object({ nodeId: Type.Optional(anyId) });
export const CustomerCreateQuery = Type.Object({ sessionId });
export const CustomerUpdateQuery = Type.Object({
  sessionId,
  mode: Type.Optional(
    Type.Literal('STRICT', { description: 'Subscriptions are replaced, not merged by id.' }),
  ),
});
