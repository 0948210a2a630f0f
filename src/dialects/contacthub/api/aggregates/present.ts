import type { Node } from '../../../../core/node/node.ts';

export function presentAggregate({ publicId, name, settings }: Node) {
  const { description = null, imageUrl = null, aggregate } = settings;
  return {
    id: publicId,
    name,
    description,
    imageUrl,
    entryNodes: aggregate?.entryNodes ?? [],
    matchingProperties: aggregate?.matching ?? null,
    exclusionFilters: aggregate?.exclusionFilters ?? null,
    state: aggregate?.state ?? 'NEW',
  };
}
