import type { Static } from 'typebox';
import type { Node } from '../../core/node/node.ts';
import { timeOf } from '../date-times.ts';
import type { NodeSchema } from './schemas.ts';

export function presentNode(node: Node): Static<typeof NodeSchema> {
  return {
    id: node.publicId,
    dialect: node.dialect,
    kind: node.kind,
    name: node.name,
    isDefault: node.isDefault,
    settings: { ...node.settings },
    createdAt: timeOf(node.createdAt),
  };
}
