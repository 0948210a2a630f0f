export type JobState = 'waiting' | 'running' | 'finished' | 'failed';

/** Long work of a workspace, that is done slice by slice, by any process, and survives each of them. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  /** What of its kind it is about; empty where a workspace has one alone. */
  readonly subject: string;
  readonly state: JobState;
  /** What was asked for, in the kind's own form. */
  readonly input: Readonly<Record<string, unknown>>;
  /** How often it was asked for anew while it was open; each time it began again. */
  readonly revision: number;
  /** How far it has come, in the kind's own form; null before the first slice. */
  readonly cursor: Readonly<Record<string, unknown>> | null;
  readonly progress: JobProgress;
  /** Counts and facts of what was done, once it is over; in the kind's own form. */
  readonly result: Readonly<Record<string, unknown>> | null;
  /** Why it failed last, in one line. */
  readonly error: string | null;
  /** How often it has failed in a row. */
  readonly attempts: number;
  /** `schedule`, `configuration`, or the name of the key that asked. */
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** It waits until then. */
  readonly dueAt: Date;
  readonly startedAt: Date | null;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

/** Counts of what the kind counts: leads, events, rows. */
export interface JobProgress {
  readonly done: number;
  /** Of those that are done, the ones that could not be. */
  readonly failed: number;
  /** null: not known yet. */
  readonly total: number | null;
}

/** What is asked for. A job of the same kind and subject that is open is the same job. */
export interface JobRequest {
  readonly kind: string;
  readonly subject?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly requestedBy: string;
}

/** Where a slice has left its job. */
export interface JobStep {
  readonly cursor: Readonly<Record<string, unknown>> | null;
  readonly progress: JobProgress;
  /** Given once there is nothing left to do. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** True: the job's row went with its workspace, so that nothing is stored of it. */
  readonly isGone?: true;
}
