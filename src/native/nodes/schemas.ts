import Type from 'typebox';
import { DialectSchema, Id, openObject, Time } from '../schemas/common.ts';

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
