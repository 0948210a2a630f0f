import type { Queryable } from '../../store/queryable.ts';
import type { Key } from '../identity/identity.ts';
import type { SliceResult } from '../retention/retention-slice.ts';
import type { WorkspaceChange } from '../workspace/change-workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Candidate } from './candidate-keys.ts';

/** The kind of the job that empties what is not emptied at once. Its subject: the erasure. */
export const erasureKind = 'erasure';

/** How many of each, by what they are: rows that were emptied or deleted. */
export type ErasureCounts = Readonly<Record<string, number>>;

/** A person who was forgotten. */
export interface Erasure {
  readonly id: string;
  /** The profile that named the person, and all that were one with it; skeletons since. */
  readonly personId: string;
  readonly profileIds: readonly string[];
  /** Of the key that its tombstones are made by. */
  readonly keyId: string;
  /** The job that does what was not done at once. */
  readonly jobId: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** Of what was done at once. */
  readonly counts: ErasureCounts;
  /** Once all is done. The receipt is JSON, and the signature is of this very text. */
  readonly finished: { readonly at: Date; readonly receipt: string; readonly signature: string } | null;
}

/** One short transaction's worth of an erasure. */
export interface ErasureSlice {
  /** The change's transaction; in a dry run the database. */
  readonly connection: Queryable;
  /** Undefined in a dry run, which only counts. */
  readonly change: WorkspaceChange | undefined;
  readonly workspace: Workspace;
  /** All profiles of the person. */
  readonly profileIds: readonly string[];
  /** Whether a key, or a profile's id, is the person's and nobody else's. */
  readonly isOfPerson: (candidate: Candidate) => boolean;
  /** Where the slice before it has left the stage; null: it begins. */
  readonly position: string | null;
}

/** A part of what is kept of persons, that is emptied slice by slice. */
export interface ErasureStage {
  /** What it counts; no two have the same. */
  readonly counts: string;
  /** The columns that it empties, as `table.column`: a test demands each column that can hold something personal of one stage. */
  readonly empties: readonly string[];
  readonly work: (slice: ErasureSlice) => Promise<SliceResult>;
}

/** How a dialect's things of a person are found and emptied. */
export interface DialectErasure {
  /** Columns of what it derives from profiles, which is made anew at once. */
  readonly atOnce?: readonly string[];
  /** Of what it alone keeps of persons. */
  readonly stages?: readonly ErasureStage[];
  /**
   * The keys that a member of an event in quarantine may be, by its name; addresses, numbers and profiles' ids are found by themselves,
   * whatever they are called.
   */
  readonly keysOfMember?: (name: string, text: string, workspace: Workspace) => readonly Key[];
}
