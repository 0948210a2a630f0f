import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { findReadNode } from '../../access.ts';
import type { SendSource } from '../../settings/send-sources.ts';
import { readHubSettings } from '../../settings.ts';
import { presentStatus } from '../workspaces/present.ts';

/** The vendor's send source configuration (docs/spec/contacthub.md A#113): a workspace, a node of it, and what was set of the database. */
export function presentSendSource(source: SendSource, workspace: Workspace) {
  const node = findReadNode(workspace, source.nodeId);
  const { industry = 'NotDefined' } = readHubSettings(workspace.settings.dialects.contacthub);
  return {
    portfolio: source.portfolio ?? null,
    id: workspace.publicId,
    name: workspace.name,
    industry,
    workspaceStatus: presentStatus(workspace),
    nodeId: source.nodeId,
    nodeName: node?.name ?? null,
    nodeType: node?.kind.toUpperCase() ?? null,
    contactSendSource: source.contactSendSource ?? {},
  };
}
