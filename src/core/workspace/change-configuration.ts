import type { Database } from '../../store/database.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import type { WorkspaceId } from './workspace.ts';
import type { WorkspaceCache } from './workspace-cache.ts';
import { type Head, lockHead, storeHead } from './workspace-store.ts';

/**
 * Runs a change of a workspace's configuration under its head lock and counts the configuration's version up, so that a batch
 * under way checks its events again. `work` may advance the head's counters.
 */
export async function changeConfiguration<Result>(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  workspaceId: WorkspaceId,
  work: (tx: Transaction, head: Head) => Promise<Result>,
): Promise<Result> {
  const result = await inTransaction(services.database, async (tx) => {
    const head = await lockHead(tx, workspaceId);
    const changed = await work(tx, head);
    head.configVersion++;
    await storeHead(tx, workspaceId, head);
    return changed;
  });
  await services.workspaces.reload(workspaceId);
  return result;
}
