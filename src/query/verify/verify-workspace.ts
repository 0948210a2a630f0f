import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Check } from '../../projections/check.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Database } from '../../store/database.ts';
import { checkAccountingCloses, checkEventsAccounted, checkQuarantineAccounted } from './check-accounting.ts';
import { checkOrder } from './check-order.ts';

/**
 * Compares a workspace's counters, order and derived tables with its rows. Reads in slices beside the writers, and takes the head
 * lock only to look again at a slice that seems wrong.
 */
export async function verifyWorkspace(
  database: Database,
  workspace: Workspace,
  projections: readonly Projection[],
): Promise<{ checks: Check[] }> {
  const checks = [
    await checkAccountingCloses(database, workspace.id),
    await checkEventsAccounted(database, workspace.id),
    await checkQuarantineAccounted(database, workspace.id),
    await checkOrder(database, workspace.id),
  ];
  for (const projection of projections) checks.push(await projection.verify(database, workspace));
  return { checks };
}
