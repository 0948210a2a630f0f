import type { Database } from '../../store/database.ts';
import { changeWorkspace, type WorkspaceChange } from './change-workspace.ts';
import type { WorkspaceId } from './workspace.ts';
import type { WorkspaceCache } from './workspace-cache.ts';

/**
 * A change of a workspace's configuration: its version is counted up, so that a batch under way checks its events again. `work` may
 * advance the head's counters.
 */
export async function changeConfiguration<Result>(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  now: Date,
  work: (change: WorkspaceChange) => Promise<Result>,
): Promise<Result> {
  const result = await changeWorkspace(services, workspaceId, now, async (change) => {
    const changed = await work(change);
    change.head.configVersion++;
    return changed;
  });
  await services.workspaces.renew(workspaceId);
  return result;
}
