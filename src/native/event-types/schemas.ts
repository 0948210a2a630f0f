import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import {
  DialectSchema,
  dialectOf,
  Id,
  nullable,
  openObject,
  Time,
  WorkspaceParameters,
} from '../schemas/common.ts';
import type { DialectForms } from '../workspaces/settings.ts';

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

export function eventTypesQuery(dialects: readonly DialectForms[]) {
  return queryObject({
    dialect: Type.Optional(dialectOf(dialects)),
    after: Type.Integer({ minimum: 0, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  });
}

const maximumVersion = 2_147_483_647;

export const VersionsQuery = queryObject({
  before: Type.Integer({ minimum: 1, maximum: maximumVersion, default: maximumVersion }),
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
});

export const VersionsReply = Type.Object({
  versions: Type.Array(
    Type.Object({
      version: Type.Integer(),
      definition: EventTypeSchema.properties.definition,
      createdAt: Time,
    }),
    { description: 'The newest first; empty where the vendor has an open vocabulary.' },
  ),
  next: nullable(Type.Integer({ description: '`before` of the next page.' })),
});

export const EventTypeParameters = Type.Object({
  ...WorkspaceParameters.properties,
  eventTypeId: Type.String({ format: 'uuid' }),
});
