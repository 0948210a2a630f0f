import Type from 'typebox';
import { maximumSortKeys } from '../query/search-records.ts';

const workspaceId = Type.String({
  maxLength: 100,
  description: 'Id of the workspace; another is answered 403.',
});
const customerId = Type.String({ maxLength: 100 });

export const WorkspaceParameters = Type.Object({ workspaceId });
export const CustomerParameters = Type.Object({ workspaceId, customerId });
export const SessionParameters = Type.Object({
  workspaceId,
  customerId,
  sessionId: Type.String({ maxLength: 100, description: "The session's id, not its value." }),
});
export const EventParameters = Type.Object({ workspaceId, id: Type.String({ maxLength: 100 }) });
export const EventTypeParameters = Type.Object({ workspaceId, eventType: Type.String({ maxLength: 100 }) });

/** The largest page; the vendor's limit is not known. */
const maximumPageSize = 1000;

const paging = {
  page: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: maximumPageSize, default: 10 })),
  sort: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: maximumSortKeys,
      description: '`field` or `field,asc` or `field,desc`; repeatable.',
    }),
  ),
};

export const CustomerSearchQuery = Type.Object({
  nodeId: Type.String({ maxLength: 100 }),
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
export const CustomerCreateQuery = Type.Object({ sessionId });
export const CustomerUpdateQuery = Type.Object({
  sessionId,
  mode: Type.Optional(
    Type.Literal('STRICT', { description: 'Subscriptions are replaced, not merged by id.' }),
  ),
});

export const EventSearchQuery = Type.Object({
  customerId: Type.Optional(Type.String({ maxLength: 100 })),
  nodeId: Type.Optional(Type.String({ maxLength: 100 })),
  type: Type.Optional(Type.String({ maxLength: 2000, description: 'One type or several, by commas.' })),
  context: Type.Optional(Type.String({ maxLength: 200, description: 'One context or several, by commas.' })),
  mode: Type.Optional(Type.Union([Type.Literal('ACTIVE'), Type.Literal('PASSIVE')])),
  dateFrom: Type.Optional(Type.String({ maxLength: 40, description: 'Date-time, inclusive.' })),
  dateTo: Type.Optional(Type.String({ maxLength: 40, description: 'Date-time, inclusive.' })),
  ...paging,
});
export const EventQuery = Type.Object({ nav: Type.Optional(Type.Literal('CUSTOMER')) });

export const SchemaQuery = Type.Object({
  resolveReferences: Type.Optional(Type.Boolean({ default: false })),
});
