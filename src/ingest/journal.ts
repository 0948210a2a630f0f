import type { Queryable } from '../store/queryable.ts';
import type { Outcome } from './outcome.ts';
import type { QueuedItem } from './queued.ts';
import type { Submission } from './submission.ts';

/**
 * A list whose submissions are done once each, in their order (the rows of a file): how far it has come is stored with what became of
 * them, in the transaction that stores them. So none is done twice, whatever becomes of the process, and none needs a key of its own.
 */
export interface Journal {
  /** The number of the last that is done; undefined: nothing of it is to be done any more. Under the workspace's lock. */
  readonly readDone: (tx: Queryable) => Promise<number | undefined>;
  /**
   * Stores that those behind `done` are done, up to the last of these: sends its statements at once, and resolves with their answers. It is
   * asked again when the transaction is tried again.
   */
  readonly writeDone: (tx: Queryable, done: number, next: readonly Entered[]) => Promise<unknown>;
}

/** Where in a journal a submission stands. */
export interface Entry {
  readonly journal: Journal;
  readonly number: number;
  /** The number of the submission before it; 0: it is the first. Numbers between are of what was never submitted. */
  readonly after: number;
}

/** What became of an entry. */
export interface Entered {
  readonly number: number;
  readonly outcomes: readonly Outcome[];
}

/** How far the journals of a batch have come. */
export type Standings = ReadonlyMap<Journal, number | undefined>;

/** `foreseen`: of some, as they will be under the lock. */
export async function readStandings(
  tx: Queryable,
  batch: readonly { readonly submission: Submission }[],
  foreseen: Standings = new Map(),
): Promise<Standings> {
  const journals = new Set<Journal>();
  for (const { submission } of batch) if (submission.entry) journals.add(submission.entry.journal);
  const standings = Array.from(journals, async (journal) => {
    const done = foreseen.has(journal) ? foreseen.get(journal) : await journal.readDone(tx);
    return [journal, done] as const;
  });
  return new Map(await Promise.all(standings));
}

/**
 * Leaves out what is done, and what stands behind something that is not: a batch before may have failed, or another process have gone on
 * with the list. Nothing becomes of those.
 */
export function onlyInTurn(items: QueuedItem[][], standings: Standings): QueuedItem[][] {
  if (standings.size === 0) return items;
  const done = new Map(standings);
  return items.filter(([item]) => {
    const entry = item?.submission.entry;
    if (!entry) return true;
    const last = done.get(entry.journal);
    if (last === undefined || entry.number <= last || entry.after > last) return false;
    done.set(entry.journal, entry.number);
    return true;
  });
}

/** Sends what stores how far the journals have come with what was decided; answers the statements that are on their way. */
export function writeJournals(
  tx: Queryable,
  standings: Standings,
  outcomes: ReadonlyMap<Submission, readonly Outcome[]>,
): Promise<unknown>[] {
  if (standings.size === 0) return [];
  const entered = new Map<Journal, Entered[]>();
  for (const [{ entry }, of] of outcomes)
    if (entry)
      entered.getOrInsertComputed(entry.journal, () => []).push({ number: entry.number, outcomes: of });
  return Array.from(entered, ([journal, next]) => journal.writeDone(tx, standings.get(journal) ?? 0, next));
}

/** How far the journals have come with what is in turn. */
export function standingsAfter(standings: Standings, items: readonly (readonly QueuedItem[])[]): Standings {
  if (standings.size === 0) return standings;
  const after = new Map(standings);
  for (const [item] of items) {
    const entry = item?.submission.entry;
    if (entry) after.set(entry.journal, entry.number);
  }
  return after;
}
