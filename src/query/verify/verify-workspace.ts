import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { loadWorkspace } from '../../core/workspace/workspace-store.ts';
import {
  checkConversations,
  checkedParts,
} from '../../dialects/signals/conversation/projection/check-conversations.ts';
import type { Database } from '../../store/database.ts';
import type { Check } from './check.ts';
import { checkAccountingCloses, checkEventsAccounted, checkQuarantineAccounted } from './check-accounting.ts';
import { checkCatalogue, checkMemberships, checkRollups } from './check-derived.ts';
import { checkOrder } from './check-order.ts';

export type { Check } from './check.ts';

/**
 * Compares a workspace's counters, order and derived tables with its rows. Reads in slices beside the writers, and takes the head
 * lock only to look again at a slice that seems wrong.
 */
export async function verifyWorkspace(
  database: Database,
  workspaceId: WorkspaceId,
): Promise<{ checks: Check[] }> {
  const workspace = await loadWorkspace(database, workspaceId, checkedParts);
  return {
    checks: [
      await checkAccountingCloses(database, workspaceId),
      await checkEventsAccounted(database, workspaceId),
      await checkQuarantineAccounted(database, workspaceId),
      await checkOrder(database, workspaceId),
      await checkRollups(database, workspace),
      await checkMemberships(database, workspaceId),
      await checkCatalogue(database, workspaceId),
      await checkConversations(database, workspace),
    ],
  };
}
