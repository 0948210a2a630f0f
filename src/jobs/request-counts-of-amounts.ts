import { requestCountOfAmounts } from '../core/job/rebuild-request.ts';
import { changeWorkspace } from '../core/workspace/change-workspace.ts';
import { listWorkspaceIds, WorkspaceGoneError } from '../core/workspace/workspace-store.ts';
import type { Database } from '../store/database.ts';

/**
 * Asks for the amounts of every workspace that have had no rate to be counted by those that there are now. Who asks again, after it was
 * cut short, asks for all.
 */
export async function requestCountsOfAmounts(
  services: { readonly database: Database },
  now: Date,
): Promise<void> {
  for (const id of await listWorkspaceIds(services.database)) {
    try {
      await changeWorkspace(services, id, now, ({ tx }) => requestCountOfAmounts(tx, id, now));
    } catch (error) {
      // It was deleted since it was listed.
      if (!(error instanceof WorkspaceGoneError)) throw error;
    }
  }
}
