import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { readNodesOf } from '../../access.ts';
import type { HubSource } from '../../source/source.ts';

/**
 * The vendor's source (docs/spec/contacthub.md A#66). `token`: when it was just made. It is kept as a hash alone, so that at any other time it
 * can't be shown and is null.
 */
export function presentSource(source: HubSource, workspace: Workspace, token: string | null = null) {
  const { provider, properties, name, description, enabled, id } = source;
  const all = readNodesOf(workspace).map(({ publicId }) => publicId);
  const nodes = source.nodes ? all.filter((node) => source.nodes?.includes(node)) : all;
  return { provider, properties, name, description, nodes, enabled, id, token };
}
