import { configureWorkspace, type SettingsFollower } from '../../../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { provision } from '../provision.ts';
import { type HubSettings, readHubSettings } from '../settings.ts';
import { followSettings } from './follow-settings.ts';

/** Who follows a change of these settings. */
export const settingsOwner: SettingsFollower = { name: provision.dialect, followSettings };

/**
 * Changes what the dialect alone knows of a workspace: `edit` makes the new settings of those that stand when the workspace is locked, so
 * that of two who write at once neither loses what the other wrote. Answers the workspace as it then is.
 */
export function changeSettings(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  { id }: Workspace,
  edit: (settings: Partial<HubSettings>, workspace: Workspace) => HubSettings,
  now: Date,
): Promise<Workspace> {
  const changes = (workspace: Workspace) => ({
    dialects: { contacthub: edit(readHubSettings(workspace.settings.dialects.contacthub), workspace) },
  });
  return configureWorkspace(services, [settingsOwner], id, changes, now);
}
