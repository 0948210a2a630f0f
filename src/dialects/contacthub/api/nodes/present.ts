import type { Node } from '../../../../core/node/node.ts';

/** "The entry node object" (Get entry node). */
export function presentEntryNode(node: Node) {
  const { settings } = node;
  return {
    name: node.name,
    description: settings.description ?? null,
    imageUrl: settings.imageUrl ?? null,
    uniqueCustomer: presentMatchingPolicy(node),
    sourcePriority: settings.sourcePriority ?? [],
    mandatoryProperties: settings.mandatoryProperties ?? [],
    id: node.publicId,
  };
}

/** One of a list of nodes of both kinds; the vendor's form of it is not known. */
export function presentNode({ publicId: id, name, kind, settings }: Node) {
  const { description = null, imageUrl = null } = settings;
  return { id, name, description, imageUrl, type: kind.toUpperCase() };
}

export function presentMatchingPolicy({ settings: { uniqueCustomer } }: Node) {
  const { properties = [], caseSensitive = false } = uniqueCustomer ?? {};
  return { properties, caseSensitive };
}
