import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Check } from '../../projections/check.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Database } from '../../store/database.ts';
import { checkAccountingCloses, checkEventsAccounted, checkQuarantineAccounted } from './check-accounting.ts';
import { checkOrder } from './check-order.ts';

type CheckWorkspace = (database: Database, workspace: Workspace) => Promise<Check>;

/** All that is compared in a workspace, in the order in which it is shown; each may take as long as it takes. */
export function checksOf(projections: readonly Projection[]): readonly CheckWorkspace[] {
  return [
    (database, { id }) => checkAccountingCloses(database, id),
    (database, { id }) => checkEventsAccounted(database, id),
    (database, { id }) => checkQuarantineAccounted(database, id),
    (database, { id }) => checkOrder(database, id),
    ...projections.map(({ verify }) => verify),
  ];
}

/**
 * Compares a workspace's counters, order and derived tables with its rows. Reads in slices beside the writers, and takes the head
 * lock only to look again at a slice that seems wrong.
 */
export async function verifyWorkspace(
  database: Database,
  workspace: Workspace,
  projections: readonly Projection[],
): Promise<{ checks: Check[] }> {
  const checks: Check[] = [];
  for (const check of checksOf(projections)) checks.push(await check(database, workspace));
  return { checks };
}
