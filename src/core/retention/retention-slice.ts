import type { Queryable } from '../../store/queryable.ts';
import type { EventChange } from '../event/event-move.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RetentionProgress } from './progress.ts';

/** One short transaction's worth of retention. */
export interface RetentionSlice {
  /** The change's transaction; in a dry run the database. */
  readonly connection: Queryable;
  /** Undefined in a dry run, which only counts. */
  readonly change: EventChange | undefined;
  /** Of what is stored. */
  readonly lastSeq: number;
  readonly workspace: Workspace;
  /** What is due is due then. */
  readonly now: Date;
  /** What has been done for good, over all runs. */
  readonly progress: RetentionProgress;
  /** Where the slice before it has left the stage in this run; null: it begins. */
  readonly position: string | null;
}

/** What a slice has done, or would do, and whether its scan has come to its end. */
export interface SliceResult {
  readonly total: number;
  readonly done: boolean;
  /** Where the next slice of the stage goes on, in the stage's own form, where it has to know. */
  readonly position?: string;
  /** True: there may be more than `total`, which was not counted. */
  readonly capped?: boolean;
}

/** How a stage goes on that looks through rows by id; `next` undefined: it has come to their end. */
export function placeAt(next: string | undefined): Pick<SliceResult, 'done' | 'position'> {
  return next === undefined ? { done: true } : { done: false, position: next };
}

/** What retention did, or in a dry run would do, by the counters of its stages. */
export type RetentionCounts = Readonly<Record<string, number>>;

/** A part of retention, that is done slice by slice, and what it counts as. */
export interface RetentionStage {
  /** No two of a workspace have the same: a run notes by it where it is. */
  readonly name: string;
  /** One of the dialect's. */
  readonly counter?: string;
  /** True: it takes whole events away; such stages come last. */
  readonly deletes?: boolean;
  /** True: when the configuration changes within a run it goes on where it is; others begin again. */
  readonly keepsPlace?: boolean;
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

/** What a dialect keeps for a time only. */
export interface DialectRetention {
  readonly plan: PlanRetention;
  /** What its stages count, in a few words, by the counter; no two dialects have the same one. */
  readonly counters: Readonly<Record<string, string>>;
  /** Where its policies are set, for who reads what was counted. */
  readonly policies: string;
}
