import Type from 'typebox';

const nullable = (description: string) => Type.Unknown({ description });
const dateTime = Type.String({ format: 'date-time' });

export const ProjectReply = Type.Object({
  id: Type.String(),
  name: Type.String(),
  workspaceId: Type.String({ description: '24 hex digits' }),
  mode: Type.String({ description: 'e-commerce, simple or long-sales-cycle' }),
  retentionDurationInDays: nullable('An integer, or null: for good'),
  picture: nullable('An address or null'),
  domain: nullable('A host name or null'),
  currency: Type.String({ description: 'ISO 4217' }),
  phoneParsingConfig: Type.Array(Type.Object({ order: Type.Integer(), countryCode: Type.String() })),
  createdAt: dateTime,
  updatedAt: dateTime,
});

export const ProjectsReply = Type.Array(ProjectReply);

export const AgentReply = Type.Object({
  id: Type.String({ description: '24 hex digits' }),
  email: nullable('The service account’s; null for a permanent token'),
  firstname: Type.Null(),
  lastname: Type.Null(),
  phone: Type.Null(),
  picture: Type.Null(),
});

export const WorkspacesReply = Type.Array(
  Type.Object({
    id: Type.String({ description: '24 hex digits' }),
    slug: Type.String(),
    name: Type.String(),
    billingId: Type.Null(),
    clientId: nullable('The service account’s; null for a permanent token'),
    createdAt: dateTime,
    updatedAt: dateTime,
  }),
);
