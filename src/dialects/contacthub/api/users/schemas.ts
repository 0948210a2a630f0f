import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { choice, type JsonSchema, openObject, uuid } from '../../documents/json-schema.ts';
import { permissions } from '../../rights/node-rights.ts';
import { listPaging } from '../list-page.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const UserParameters = Type.Object({ workspaceId, userId: anyId });

export const UsersQuery = queryObject({
  ...listPaging,
  search: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, in any case.' })),
});

const maximumNodes = 1000;

/** A client may send back all that it was shown. */
export const userSchema: JsonSchema = openObject(
  {
    nodes: {
      type: 'array',
      items: openObject({ id: uuid, permission: choice(permissions) }, ['id']),
      maxItems: maximumNodes,
    },
  },
  ['nodes'],
);
