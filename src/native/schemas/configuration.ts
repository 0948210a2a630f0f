import Type from 'typebox';
import { counts, DialectSchema, Id, Name, nullable, openObject, Time } from './common.ts';
import { Currency, Matching, PhoneCountries, Timezone } from './settings.ts';

export const BindingSchema = Type.Object({
  dialect: DialectSchema,
  kind: Type.String(),
  externalId: Type.String({ description: "In the vendor's paths, bodies or headers." }),
});

const stored = openObject('By dialect; members that this version does not know are shown too.');

export const WorkspaceSchema = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Type.String(),
  timezone: Timezone,
  currency: Currency,
  matching: Matching,
  phoneCountries: PhoneCountries,
  rateLimits: counts('Requests or bytes a minute by group; 0 is off.'),
  dialects: stored,
  createdAt: Time,
});

export const WorkspaceReply = Type.Object({
  ...WorkspaceSchema.properties,
  bindings: Type.Array(BindingSchema, { description: 'What the workspace is called in each dialect.' }),
});

export const WorkspacesReply = Type.Object({ workspaces: Type.Array(WorkspaceSchema) });

export const CreatedWorkspaceReply = Type.Object({
  workspace: WorkspaceReply,
  credentials: openObject(
    'Keys of every dialect, in the form of credentials.json (docs/credentials.md); its admin.token opens this workspace only. Shown once.',
  ),
});

export const NodeSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  kind: Type.Literal('entry'),
  name: Type.String(),
  isDefault: Type.Boolean(),
  settings: openObject('Its matching rule.'),
  createdAt: Time,
});
export const NodesReply = Type.Object({ nodes: Type.Array(NodeSchema) });

export const SourceSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  kind: Type.String({
    description: 'list (Octeth), integration (Webmarketer), app (a WhatsApp number of Signals)',
  }),
  externalId: Type.String(),
  name: Type.String(),
  node: Id,
  settings: openObject("The dialect's."),
  createdAt: Time,
  archivedAt: nullable(Time),
});
export const SourcesReply = Type.Object({ sources: Type.Array(SourceSchema) });

export const NewSourceBody = Type.Object(
  {
    dialect: Type.Union([Type.Literal('octeth'), Type.Literal('webmarketer'), Type.Literal('signals')]),
    name: Name,
    externalId: Type.Optional(
      Type.String({ maxLength: 64, description: "The vendor's id; made if left out." }),
    ),
    node: Type.Optional(
      Type.String({ format: 'uuid', description: "The dialect's default node if left out." }),
    ),
    settings: Type.Optional(openObject("The dialect's.")),
  },
  { additionalProperties: false },
);
export const NewSourceReply = Type.Object({
  source: SourceSchema,
  secrets: nullable(
    Type.Object(
      { appSecret: Type.String(), verifyToken: Type.String() },
      { description: "Of a WhatsApp number's webhook. Shown once." },
    ),
  ),
});

export const BindingsReply = Type.Object({ bindings: Type.Array(BindingSchema) });
export const NewBindingBody = Type.Object(
  {
    dialect: Type.Union([Type.Literal('webengage'), Type.Literal('webmarketer'), Type.Literal('signals')]),
    kind: Type.String({ maxLength: 32, description: 'license, project, partner or client' }),
    externalId: Type.String({ maxLength: 64 }),
    partnerId: Type.Optional(Type.String({ maxLength: 64, description: 'Of a Signals client.' })),
  },
  { additionalProperties: false },
);

export const EventTypeSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  name: Type.String(),
  version: Type.Integer(),
  definition: nullable(openObject('Null where the vendor has an open vocabulary.')),
  createdAt: Time,
  updatedAt: Time,
  archivedAt: nullable(Time),
  keyless: Type.Boolean({ description: 'Brought by the event of a page’s visitor, without a key.' }),
});
export const EventTypeChangesBody = Type.Object(
  { archived: Type.Boolean({ description: 'true: it takes no events; what it has taken stays.' }) },
  { additionalProperties: false },
);
export const EventTypeDeletionReply = Type.Object({
  deletedEvents: Type.Integer(),
  more: Type.Boolean({
    description: 'A call has its limit: events are left, to be deleted by calling again.',
  }),
});
export const EventTypesReply = Type.Object({
  eventTypes: Type.Array(EventTypeSchema),
  next: nullable(Type.Integer({ description: '`after` of the next page.' })),
});
export const EventTypesQuery = Type.Object({
  dialect: Type.Optional(DialectSchema),
  after: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});
