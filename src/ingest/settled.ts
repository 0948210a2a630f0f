import { dedupeKeyText, findFirst, type KnownKey, spentKey } from '../core/dedupe/dedupe.ts';
import type { Outcome } from './outcome.ts';
import type { QueuedItem } from './queued.ts';
import type { Submission } from './submission.ts';

/** What was answered before, as it stands under the head lock. */
export interface Settled {
  readonly known: ReadonlyMap<string, KnownKey>;
  /** Quarantined events that were replayed. */
  readonly replayed: ReadonlySet<string>;
}

/**
 * Submissions that nothing new comes of: repeats, and replays of what was replayed. They must not look for profiles: one that they
 * would make is never made, and a later command of the batch would be given it.
 */
export function findSettled(batch: readonly (readonly QueuedItem[])[], read: Settled): Set<Submission> {
  const settled = new Set<Submission>();
  const known = new Map(read.known);
  const replayed = new Set(read.replayed);
  for (const items of batch) {
    const submission = items[0]?.submission;
    if (!submission) continue;
    const key = submission.dedupe;
    const first = key && findFirst(key, known);
    if (isReplayed(submission, replayed) || repeatsFirst(submission, first)) {
      settled.add(submission);
      continue;
    }
    const isSound = items.every((item) => item.prepared.kind !== 'violation');
    if (submission.replayOf && !isSound) continue;
    if (submission.replayOf) replayed.add(submission.replayOf.id);
    const outcome = items[0]!.prepared.kind === 'violation' ? 'quarantined' : 'stored';
    if (key) known.set(dedupeKeyText(spentKey(key, outcome)), { eventId: null, outcome });
  }
  return settled;
}

export function isReplayed({ replayOf }: Submission, replayed: ReadonlySet<string>): boolean {
  return replayOf !== undefined && replayed.has(replayOf.id);
}

/** A replay is a repeat only when another attempt under its key has come to something meanwhile. */
export function repeatsFirst(submission: Submission, first: KnownKey | undefined): first is KnownKey {
  if (!first) return false;
  return !submission.replayOf || first.outcome !== 'quarantined';
}

/** True when the quarantined event needs no further replay; else its row, its key and the counters stay as they are. */
export function settlesReplay(outcomes: readonly Outcome[]): boolean {
  return outcomes.every((outcome) => outcome.kind !== 'quarantined' && outcome.kind !== 'refused');
}
