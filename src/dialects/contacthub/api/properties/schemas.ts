import Type from 'typebox';
import { workspaceId } from '../schemas.ts';

const name = Type.String({ description: 'The name of the customer base property, such as contacts.fax.' });

export const NamedPropertyParameters = Type.Object({ workspaceId, name });
export const BasePropertyParameters = Type.Object({ workspaceId, baseProperty: name });

/** "The object to enable or disable the property." The other two may be repeated. */
export const BasePropertyBody = Type.Object(
  {
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    enabled: Type.Boolean(),
  },
  { additionalProperties: false },
);

export const StateBody = Type.Object(
  { value: Type.Boolean({ description: 'True to enable the property, False to disable the property.' }) },
  { additionalProperties: false },
);
