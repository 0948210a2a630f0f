import type { Outcome } from './outcome.ts';
import type { Submission } from './submission.ts';

/** Who wants to know of each committed batch: the process's metrics, the live stream. Called after the commit, must not throw. */
export interface IngestObserver {
  committed(
    batch: readonly Submission[],
    outcomes: ReadonlyMap<Submission, readonly Outcome[]>,
    milliseconds: number,
  ): void;
}
