import type { Database } from '../../store/database.ts';
import { inTransaction, type Transaction } from '../../store/transaction.ts';
import { newId } from '../id.ts';
import type { WorkspaceId } from './workspace.ts';
import { type Head, lockHead, storeLastBatch } from './workspace-store.ts';

/**
 * A transaction between two batches of a workspace, for who makes anew what follows from what is stored: it takes no seq and changes nothing
 * but what is derived, so it can be done again when its commit was lost. It leaves a name at the head, by which a batch that was worked out
 * ahead sees that it is not the next. What changes anything else goes by `changeWorkspace`.
 */
export function underHeadLock<Result>(
  database: Pick<Database, 'sessions'>,
  workspaceId: WorkspaceId,
  work: (tx: Transaction, head: Readonly<Head>) => Promise<Result>,
): Promise<Result> {
  return lookUnderHeadLock(database, workspaceId, async (tx, head) => {
    const result = await work(tx, head);
    void storeLastBatch(tx, workspaceId, newId(Date.now()));
    return result;
  });
}

/** Likewise for who only looks at what is stored. */
export function lookUnderHeadLock<Result>(
  database: Pick<Database, 'sessions'>,
  workspaceId: WorkspaceId,
  work: (tx: Transaction, head: Readonly<Head>) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, async (tx) => work(tx, await lockHead(tx, workspaceId)));
}
