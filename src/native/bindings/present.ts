import type { Static } from 'typebox';
import type { Binding } from '../../core/workspace/binding-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { BindingSchema } from './schemas.ts';

/** Names that were given, and those that follow from ids: Contacthub's workspace and nodes, and the sources. */
export function presentBindings(
  workspace: Workspace,
  bindings: readonly Binding[],
): Static<typeof BindingSchema>[] {
  const names = bindings.map(({ dialect, kind, externalId }) => ({ dialect, kind, externalId }));
  names.push({ dialect: 'contacthub', kind: 'workspace', externalId: workspace.publicId });
  for (const node of workspace.nodes.values()) {
    if (node.dialect === 'contacthub')
      names.push({ dialect: 'contacthub', kind: 'node', externalId: node.publicId });
  }
  for (const { dialect, kind, externalId } of workspace.sources.values()) {
    if (dialect !== 'signals') names.push({ dialect, kind, externalId });
  }
  return names;
}
