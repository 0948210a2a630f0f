import type { Clock } from '../../../core/clock.ts';
import { configureWorkspace, type SettingsFollower } from '../../../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { provision } from '../provision.ts';
import { requireUnlimited } from '../rights/seen-workspace.ts';
import { type HubSettings, readHubSettings } from '../settings.ts';
import { followSettings } from './follow-settings.ts';

/** Who follows a change of these settings. */
export const settingsOwner: SettingsFollower = { name: provision.dialect, followSettings };

/** What a change of settings works with. */
export interface SettingsServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

/**
 * Changes what the dialect alone knows of a workspace: `edit` makes the new settings of those that stand when the workspace is locked, so
 * that of two who write at once neither loses what the other wrote. Answers the workspace as it then is. `workspace`: as the caller sees it.
 * @throws RequestError `forbidden` where that is some of the nodes only
 */
export async function changeSettings(
  services: SettingsServices,
  workspace: Workspace,
  edit: (settings: Partial<HubSettings>, workspace: Workspace) => HubSettings,
): Promise<Workspace> {
  requireUnlimited(workspace);
  const changes = (current: Workspace) => ({
    dialects: { contacthub: edit(readHubSettings(current.settings.dialects.contacthub), current) },
  });
  return configureWorkspace(services, [settingsOwner], workspace.id, changes, new Date(services.clock()));
}
