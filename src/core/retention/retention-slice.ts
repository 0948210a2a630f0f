import type { RetentionPlan } from '../../dialects/webmarketer/retention/retention-plan.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type Change, insertChanges } from '../update-stream/change-store.ts';
import type { Head } from '../workspace/workspace-store.ts';
import type { RetentionProgress } from './progress.ts';

/** One short transaction's worth of retention. */
export interface RetentionSlice {
  /** The transaction, under the head lock; in a dry run the database. */
  readonly connection: Queryable;
  /** Undefined in a dry run, which only counts. */
  readonly head: Head | undefined;
  /** Of what is stored. */
  readonly lastSeq: number;
  readonly plan: RetentionPlan;
  readonly progress: RetentionProgress;
}

/** What a slice has done, or would do, and whether its scan has come to its end. */
export interface SliceResult {
  readonly total: number;
  readonly done: boolean;
  /** True: there may be more than `total`, which was not counted. */
  readonly capped?: boolean;
}

/** Appends a change for each entity, at the next seqs of the head. */
export async function appendChanges(
  { connection, plan }: RetentionSlice,
  head: Head,
  entity: Change['entity'],
  operation: Change['operation'],
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const changes = ids.map((entityId) => ({ seq: ++head.seq, entity, entityId, operation }));
  await insertChanges(connection, plan.workspace.id, changes, plan.now);
}
