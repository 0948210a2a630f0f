import type { Database } from '../../store/database.ts';
import { CommitInDoubtError, inTransaction, isTransient, type Transaction } from '../../store/transaction.ts';
import type { WorkspaceId } from './workspace.ts';
import { type Head, lockHead } from './workspace-store.ts';

const askAgainMilliseconds = 250;

export type Fate = 'rolled-back' | 'committed' | 'unknown';

/**
 * What became of a transaction that failed with this error. `head`: as it was to be stored; undefined when it never came so far.
 * `unknown`: the database stays away until then (by the clock of `performance.now`), or has crashed and can't tell; nothing may be promised.
 */
export async function settleDoubt(
  database: Pick<Database, 'sessions'>,
  workspaceId: WorkspaceId,
  head: Head | undefined,
  error: unknown,
  until: number,
): Promise<Fate> {
  if (!head || !(error instanceof CommitInDoubtError)) return 'rolled-back';
  while (performance.now() < until) {
    try {
      const look = (tx: Transaction) => readFate(tx, workspaceId, head);
      return await inTransaction(database, look, until);
    } catch (asking) {
      if (!isTransient(asking)) throw asking;
      await new Promise((resolve) => setTimeout(resolve, askAgainMilliseconds));
    }
  }
  return 'unknown';
}

/**
 * What became of a commit whose answer was lost. Under the head lock it is over, one way or the other: either the head still names it, or the
 * database knows how the transaction ended. A transaction that is not in its past went down with a server that another has taken the place of.
 *
 * A server that has crashed gives the numbers of transactions that left no trace in its log once more. So in another life of it a number
 * that was committed may be somebody else's: nothing is known then.
 */
async function readFate(tx: Transaction, workspaceId: WorkspaceId, head: Head): Promise<Fate> {
  const now = await lockHead(tx, workspaceId);
  if (now.lastBatch === head.lastBatch) return 'committed';
  // By the head's row, so that the machine is asked which ran the transaction.
  const [row] = await tx.query<{ committed: boolean | null }>(
    `select case when $2::text::xid8 < pg_current_xact_id() then pg_xact_status($2::text::xid8) = 'committed' end as committed
       from workspace_head where workspace_id = $1`,
    [workspaceId, head.transactionId],
  );
  if (row?.committed !== true) return 'rolled-back';
  return now.serverLife === head.serverLife ? 'committed' : 'unknown';
}
