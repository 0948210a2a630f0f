import type { FirstOutcome } from '../core/dedupe/dedupe.ts';
import type { Profile } from '../core/profile/profile-store.ts';
import type { Violation } from '../core/quarantine/quarantine.ts';
import type { Source } from '../core/source/source.ts';
import type { EditRefusal, Fault } from './item.ts';

/** What became of one item. The dialect says it in its vendor's words. All but `retry-later` are committed. */
export type Outcome =
  | {
      readonly kind: 'stored';
      readonly eventId: string;
      readonly seq: number;
      readonly profileId: string;
      readonly answer: Record<string, unknown> | undefined;
    }
  /** Profiles were written; there was no event. */
  | {
      readonly kind: 'saved';
      readonly profileIds: readonly string[];
      readonly created: boolean;
      readonly touchpointId?: string;
      /** What the edit handed back. */
      readonly answer?: Readonly<Record<string, unknown>>;
      /** Of an edit: the known profiles of the record as it left them, the one that names it first; absent where some were not at hand. */
      readonly record?: readonly Profile[];
    }
  /** It was answered before; `eventId` is the first one's, or its touchpoint's where it had no event. */
  | { readonly kind: 'duplicate'; readonly eventId: string | null; readonly first: FirstOutcome }
  | { readonly kind: 'quarantined'; readonly quarantineId: string; readonly violation: Violation }
  | { readonly kind: 'dropped'; readonly reason: string }
  /** A metric of a stored event was set; `counted` false: its currency has no exchange rate, so it is in no sum. */
  | { readonly kind: 'measured'; readonly eventId: string; readonly counted: boolean }
  /**
   * The subject's profile does not exist, another profile has the key that this one was to get, its edit was not done (`faults` says
   * what is wrong in it), or the replay came second; or the event of a metric does not exist, its type has no such metric, or the
   * value is not of the metric's type.
   */
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'no-such-profile'
        | 'key-taken'
        | EditRefusal
        | 'already-replayed'
        | 'no-such-event'
        | 'no-such-metric'
        | 'invalid-metric';
      readonly profileId: string | null;
      readonly faults?: readonly Fault[];
    };

/**
 * The outcomes of a submission's items, in order, or that nothing of it was stored: its source is archived, or it could not be done now.
 */
export type SubmissionOutcome =
  | { readonly kind: 'committed'; readonly outcomes: readonly Outcome[] }
  | { readonly kind: 'source-archived'; readonly source: Source }
  | {
      readonly kind: 'retry-later';
      readonly afterSeconds: number;
      readonly cause: 'queue-full' | 'waited' | 'database' | 'stopping';
    };

/** Of what can't be stored now. */
export function retryLater(
  cause: Extract<SubmissionOutcome, { kind: 'retry-later' }>['cause'],
): SubmissionOutcome {
  return { kind: 'retry-later', afterSeconds: 1, cause };
}

/** Of what comes in by an archived source. */
export function sourceArchived(source: Source): SubmissionOutcome {
  return { kind: 'source-archived', source };
}
