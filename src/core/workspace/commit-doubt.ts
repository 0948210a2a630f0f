import type { Database } from '../../store/database.ts';
import { CommitInDoubtError, inTransaction, isTransient, type Transaction } from '../../store/transaction.ts';
import type { WorkspaceId } from './workspace.ts';
import { type Head, lockHead } from './workspace-store.ts';

const askAgainMilliseconds = 250;

/**
 * What became of a transaction that failed with this error. `head`: as it was to be stored; undefined when it never came so far.
 * `unknown`: the database stays away until then (by the clock of `performance.now`), and nothing may be promised.
 */
export async function settleDoubt(
  database: Pick<Database, 'sessions'>,
  workspaceId: WorkspaceId,
  head: Head | undefined,
  error: unknown,
  until: number,
): Promise<'rolled-back' | 'committed' | 'unknown'> {
  if (!head || !(error instanceof CommitInDoubtError)) return 'rolled-back';
  while (performance.now() < until) {
    try {
      const look = (tx: Transaction) => tookPlace(tx, workspaceId, head);
      return (await inTransaction(database, look, until)) ? 'committed' : 'rolled-back';
    } catch (asking) {
      if (!isTransient(asking)) throw asking;
      await new Promise((resolve) => setTimeout(resolve, askAgainMilliseconds));
    }
  }
  return 'unknown';
}

/**
 * Whether a commit whose answer was lost took place. Under the head lock it is over, one way or the other: either the head still names
 * it, or the database knows how the transaction ended. A transaction that is not in its past went down with a server that another has
 * taken the place of.
 */
async function tookPlace(tx: Transaction, workspaceId: WorkspaceId, head: Head): Promise<boolean> {
  const { lastBatch } = await lockHead(tx, workspaceId);
  if (lastBatch === head.lastBatch) return true;
  // By the head's row, so that the machine is asked which ran the transaction.
  const [row] = await tx.query<{ committed: boolean | null }>(
    `select case when $2::text::xid8 < pg_current_xact_id() then pg_xact_status($2::text::xid8) = 'committed' end as committed
       from workspace_head where workspace_id = $1`,
    [workspaceId, head.transactionId],
  );
  return row?.committed === true;
}
