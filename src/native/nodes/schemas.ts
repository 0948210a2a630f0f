import Type from 'typebox';
import { DialectSchema, Id, oneOf, openObject, Time } from '../schemas/common.ts';

export const NodeSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  kind: oneOf(['entry', 'aggregate']),
  name: Type.String(),
  isDefault: Type.Boolean(),
  settings: openObject('Its matching rule; of an aggregate, what it is made of.'),
  createdAt: Time,
});

export const NodesReply = Type.Object({ nodes: Type.Array(NodeSchema) });
