import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { choice, closedObject, type JsonSchema, limitedText } from '../../documents/json-schema.ts';
import { listPaging } from '../list-page.ts';

export const WorkspacesQuery = queryObject({
  ...listPaging,
  name: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, in any case.' })),
  groupPk: Type.Optional(Type.Number()),
});

export const newWorkspaceSchema: JsonSchema = closedObject(
  {
    name: { ...limitedText(200), minLength: 1 },
    slug: limitedText(64),
    groupPk: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    shard: limitedText(255),
  },
  ['name', 'slug', 'groupPk', 'shard'],
);

export const wireStatuses = ['ENABLED', 'SUSPENDED', 'DISABLED'] as const;

export const statusSchema: JsonSchema = closedObject({ status: choice(wireStatuses) }, ['status']);
