import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { isPartial } from '../../../../core/workspace/workspace-status.ts';
import { readHubSettings } from '../../settings.ts';

/** The vendor's provisioning of a workspace (docs/spec/contacthub.md A#119). */
export function presentWorkspace(workspace: Workspace, shard: string) {
  const { publicId: id, name, slug, settings } = workspace;
  const { groupPk = null } = readHubSettings(settings.dialects.contacthub);
  return { id, name, slug, groupPk, shard, status: presentStatus(workspace) };
}

export function presentStatus(workspace: Workspace): string {
  return isPartial(workspace) ? 'DISABLED' : workspace.status.toUpperCase();
}
