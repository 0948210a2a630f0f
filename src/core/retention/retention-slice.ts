import type { Queryable } from '../../store/queryable.ts';
import { type Change, insertChanges } from '../update-stream/change-store.ts';
import type { Workspace } from '../workspace/workspace.ts';
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
  readonly workspace: Workspace;
  /** What is due is due then. */
  readonly now: Date;
  readonly progress: RetentionProgress;
}

/** What a slice has done, or would do, and whether its scan has come to its end. */
export interface SliceResult {
  readonly total: number;
  readonly done: boolean;
  /** True: there may be more than `total`, which was not counted. */
  readonly capped?: boolean;
}

/** What retention did, or in a dry run would do. */
export interface RetentionCounts {
  readonly anonymizedEvents: number;
  readonly anonymizedTrash: number;
  readonly anonymizedUsers: number;
  readonly deletedEvents: number;
}

/** A part of retention, that is done slice by slice, and what it counts as. */
export interface RetentionStage {
  readonly counter?: keyof RetentionCounts;
  readonly work: (slice: RetentionSlice) => Promise<SliceResult>;
}

/**
 * What a dialect's policies ask for in a workspace, as of one version of its configuration and one moment: the stages of a run, in
 * their order. None where everything is kept for good.
 */
export type PlanRetention = (
  connection: Queryable,
  workspace: Workspace,
  now: Date,
) => Promise<readonly RetentionStage[]>;

/** Appends a change for each entity, at the next seqs of the head. */
export async function appendChanges(
  { connection, workspace, now }: RetentionSlice,
  head: Head,
  entity: Change['entity'],
  operation: Change['operation'],
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const changes = ids.map((entityId) => ({ seq: ++head.seq, entity, entityId, operation }));
  await insertChanges(connection, workspace.id, changes, now);
}
