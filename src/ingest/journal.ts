import type { Queryable } from '../store/queryable.ts';
import type { Outcome } from './outcome.ts';
import type { QueuedItem } from './queued.ts';
import type { Submission } from './submission.ts';

/**
 * A list whose entries are done once each, in their order (the rows of a file): how far it has come is stored with what became of
 * them, in the transaction that stores them. So none is done twice, whatever becomes of the process, and none needs a key of its own.
 */
export interface Journal {
  /** The number of the last that is done; undefined: nothing of it is to be done any more. By what stands under the workspace's lock. */
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
  /** Of its items, one for each, in their order. */
  readonly numbers: readonly number[];
  /** The last number of the submission before it; 0: it is the first. Numbers between are of what was never submitted. */
  readonly after: number;
}

/** What became of an item that is entered. */
export interface Entered {
  readonly number: number;
  readonly outcome: Outcome;
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
    const { journal, numbers, after } = entry;
    const last = done.get(journal);
    if (last === undefined || (numbers[0] ?? 0) <= last || after > last) return false;
    done.set(journal, numbers.at(-1));
    return true;
  });
}

/** What of a batch is done of its journals. */
export type Entries = ReadonlyMap<Journal, readonly Entered[]>;

/** In their order, up to the first submission that is put off: nothing behind that is done, either. */
export function findEntered(outcomes: ReadonlyMap<Submission, readonly Outcome[]>): Entries {
  const entered = new Map<Journal, Entered[]>();
  const isEnded = new Set<Journal>();
  for (const [{ entry }, of] of outcomes) {
    if (!entry || isEnded.has(entry.journal)) continue;
    if (of.some(isPutOff)) {
      isEnded.add(entry.journal);
      continue;
    }
    const next = entered.getOrInsertComputed(entry.journal, () => []);
    for (const [index, number] of entry.numbers.entries()) {
      const outcome = of[index];
      if (outcome) next.push({ number, outcome });
    }
  }
  return entered;
}

/** The keys of its node are being made anew: nothing was done of any edit of that node. */
function isPutOff(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.reason === 'closed';
}

/** Sends what stores how far the journals have come; answers the statements that are on their way. */
export function writeJournals(tx: Queryable, standings: Standings, entered: Entries): Promise<unknown>[] {
  return Array.from(entered, ([journal, next]) => journal.writeDone(tx, standings.get(journal) ?? 0, next));
}

/** How far the journals have come with that. */
export function standingsAfter(standings: Standings, entered: Entries): Standings {
  if (standings.size === 0) return standings;
  const after = new Map(standings);
  for (const [journal, next] of entered) after.set(journal, next.at(-1)?.number);
  return after;
}
