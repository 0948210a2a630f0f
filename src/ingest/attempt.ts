import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { lockHead } from '../core/workspace/workspace-store.ts';
import type { Database } from '../store/database.ts';
import { CommitInDoubtError, inTransaction, isTransient, type Transaction } from '../store/transaction.ts';
import type { BatchRows } from './batch-rows.ts';
import type { Decision } from './decide-batch.ts';
import type { Outcome } from './outcome.ts';
import type { Submission } from './submission.ts';

/** One try at committing a batch: what was decided, so that a lost answer can be looked up afterwards. */
export class Attempt {
  readonly now: number;
  readonly id: string;
  #decision: Decision | undefined;
  #rows: BatchRows | undefined;

  constructor(now: number, id: string) {
    this.now = now;
    this.id = id;
  }

  decided(decision: Decision, rows: BatchRows): void {
    this.#decision = decision;
    this.#rows = rows;
  }

  /** After the commit. */
  finish(): Map<Submission, Outcome[]> {
    this.#decision!.remember();
    return this.#decision!.outcomes;
  }

  /**
   * Whether a commit whose answer was lost took place. Under the head lock nobody is in between: either the head names this batch
   * or rows of it are there, or it was rolled back.
   * @throws the connection's error when the database can't be asked until then
   */
  async tookPlace(
    database: Pick<Database, 'sessions'>,
    workspaceId: WorkspaceId,
    until: number,
  ): Promise<boolean> {
    const rows = this.#rows!;
    const look = async (tx: Transaction) => {
      await lockHead(tx, workspaceId);
      const [found] = await tx.query<{ found: boolean }>(
        `select exists (select from workspace_head where workspace_id = $1 and last_batch = $2)
             or exists (select from event where workspace_id = $1 and id = $3)
             or exists (select from quarantine where workspace_id = $1 and id = $4)
             or exists (select from change where workspace_id = $1 and seq = $5 and entity_id = $6)
             or exists (select from touchpoint where workspace_id = $1 and id = $7) as found`,
        [
          workspaceId,
          this.id,
          rows.events[0]?.id ?? null,
          rows.quarantined[0]?.id ?? null,
          rows.changes[0]?.seq ?? null,
          rows.changes[0]?.entityId ?? null,
          rows.touchpoints[0]?.id ?? null,
        ],
      );
      return found!.found;
    };
    return inTransaction(database, look, until);
  }
}

const askAgainMilliseconds = 250;

/**
 * What became of a failed try: `unknown` when the database stays away until then (by the clock of `performance.now`); then nothing
 * may be answered but retry-later, and the sender's own key tells a repeat, if it was committed after all.
 */
export async function settleDoubt(
  database: Pick<Database, 'sessions'>,
  workspaceId: WorkspaceId,
  attempt: Attempt,
  error: unknown,
  until: number,
): Promise<'rolled-back' | 'committed' | 'unknown'> {
  if (!(error instanceof CommitInDoubtError)) return 'rolled-back';
  while (performance.now() < until) {
    try {
      return (await attempt.tookPlace(database, workspaceId, until)) ? 'committed' : 'rolled-back';
    } catch (asking) {
      if (!isTransient(asking)) throw asking;
      await new Promise((resolve) => setTimeout(resolve, askAgainMilliseconds));
    }
  }
  return 'unknown';
}
