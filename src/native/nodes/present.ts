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
    settings: shownSettings(node),
    createdAt: timeOf(node.createdAt),
  };
}

/** All but what the ids of an aggregate's records are made with. */
function shownSettings({ settings: { aggregate, ...settings } }: Node): Record<string, unknown> {
  if (!aggregate) return settings;
  const { idSecret: _, ...shown } = aggregate;
  return { ...settings, aggregate: shown };
}
