import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceChange } from '../workspace/change-workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RetentionProgress } from './progress.ts';

/** One short transaction's worth of retention. */
export interface RetentionSlice {
  /** The change's transaction; in a dry run the database. */
  readonly connection: Queryable;
  /** Undefined in a dry run, which only counts. */
  readonly change: WorkspaceChange | undefined;
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
