import type { Static } from 'typebox';
import type { Source } from '../../core/source/source.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { SourceSchema } from './schemas.ts';

export function presentSource(workspace: Workspace, source: Source): Static<typeof SourceSchema> {
  return {
    id: source.publicId,
    dialect: source.dialect,
    kind: source.kind,
    externalId: source.externalId,
    name: source.name,
    node: workspace.nodes.get(source.nodeId)!.publicId,
    settings: source.settings,
    createdAt: timeOf(source.createdAt),
    archivedAt: timeOrNull(source.archivedAt),
  };
}
