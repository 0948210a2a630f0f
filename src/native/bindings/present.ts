import type { Static } from 'typebox';
import type { Binding } from '../../core/workspace/binding-store.ts';
import type { Provided } from '../../core/workspace/provision.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { BindingSchema } from './schemas.ts';

/** Names that were given, and those that follow from ids: of the workspace and its nodes, where a dialect shows them, and of sources. */
export function presentBindings(
  dialects: readonly Provided[],
  workspace: Workspace,
  bindings: readonly Binding[],
): Static<typeof BindingSchema>[] {
  const names = bindings.map(({ dialect, kind, externalId }) => ({ dialect, kind, externalId }));
  for (const { provision } of dialects) {
    const { dialect } = provision;
    const shown = new Set(Object.values(provision.credentials).map(({ is }) => is));
    if (shown.has('workspace-id')) names.push({ dialect, kind: 'workspace', externalId: workspace.publicId });
    if (!shown.has('node-id')) continue;
    for (const node of workspace.nodes.values())
      if (node.dialect === dialect) names.push({ dialect, kind: 'node', externalId: node.publicId });
  }
  const namedByThemselves = new Set(
    dialects.flatMap(({ provision }) => (provision.source?.isName ? [provision.dialect] : [])),
  );
  for (const { dialect, kind, externalId } of workspace.sources.values())
    if (!namedByThemselves.has(dialect)) names.push({ dialect, kind, externalId });
  return names;
}
