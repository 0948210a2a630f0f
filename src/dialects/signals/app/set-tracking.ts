import { updateSourceSettings } from '../../../core/source/source-store.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import { findSource, type Workspace, type WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';

/**
 * Switches click-to-WhatsApp tracking of an app on or off. Off: its messages are acknowledged and dropped, and conversions can't be
 * set up. False when the workspace has no such app.
 */
export async function setTracking(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  appId: string,
  isOn: boolean,
  now: Date,
): Promise<boolean> {
  return changeConfiguration(services, workspaceId, now, async ({ tx }) => {
    const app = findApp(await services.workspaces.reload(workspaceId, tx), appId);
    if (!app) return false;
    await updateSourceSettings(tx, workspaceId, app.id, { ctwaTracking: isOn });
    return true;
  });
}

function findApp(workspace: Workspace, appId: string) {
  const app = findSource(workspace, 'signals', 'app', appId);
  return app?.archivedAt ? undefined : app;
}
