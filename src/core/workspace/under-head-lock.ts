import type { Database } from '../../store/database.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import type { WorkspaceId } from './workspace.ts';
import { type Head, lockHead } from './workspace-store.ts';

/**
 * A transaction between two batches of a workspace, for who looks at what is stored, or makes anew what follows from it: it takes no
 * seq and changes nothing but what is derived, so the head is not stored, and it can be done again when its commit was lost. What
 * changes anything else goes by `changeWorkspace`.
 */
export function underHeadLock<Result>(
  database: Pick<Database, 'sessions'>,
  workspaceId: WorkspaceId,
  work: (tx: Transaction, head: Readonly<Head>) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, async (tx) => work(tx, await lockHead(tx, workspaceId)));
}
