import type { Job, JobStep } from '../core/job/job.ts';
import type { WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';

/** A job as a slice of it finds it. */
export interface Slice {
  readonly workspaceId: WorkspaceId;
  readonly job: Job;
  /** Who waits for the job can't wait longer, in milliseconds since the epoch; null: there is time. */
  readonly deadline: number | null;
  /** Says that the slice may end early. */
  readonly stopping: AbortSignal;
}

/** What the slice writes and how far it has come are committed as one. */
export interface LockedSlice extends Slice, WorkspaceChange {}

/** A kind of long work: each slice does a part and says how far the job has come, in the kind's own form. */
export type JobKind =
  | {
      readonly name: string;
      /** A slice is one short transaction under the workspace's head lock. */
      readonly under: 'head-lock';
      readonly slice: (slice: LockedSlice) => Promise<JobStep>;
    }
  | {
      readonly name: string;
      /** A slice does its own reading and writing, and can be done again when the process dies before its end is stored. */
      readonly under: 'claim';
      readonly slice: (slice: Slice) => Promise<JobStep>;
    };

/**
 * A slice could not be done, for a reason that its kind knows, such as a vendor's limit. The message says why, in one line for an operator.
 * What the slices before have done stays.
 */
export class SliceFailure extends Error {
  /** When it is tried again; null: not before it is asked for again. */
  readonly nextTry: Date | null;

  constructor(message: string, nextTry: Date | null) {
    super(message);
    this.name = 'SliceFailure';
    this.nextTry = nextTry;
  }
}
