import type { ErasureKeyFile } from '../core/erasure/erasure-key.ts';
import type { ExchangeRates } from '../core/exchange-rate/exchange-rate.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { refuseClosed } from '../core/workspace/workspace-status.ts';
import { type Head, lockHead } from '../core/workspace/workspace-store.ts';
import type { Queryable } from '../store/queryable.ts';
import { type Erased, type ErasureRules, readErased } from './erased.ts';
import { type Foreseen, HeadMovedError, isAsForeseen } from './foresight.ts';
import { onlyInTurn, readStandings, type Standings } from './journal.ts';
import type { Poisoned } from './poison.ts';
import { type Queued, type QueuedItem, type Resolved, resolveItems, subjectItemsOf } from './queued.ts';
import { readHoldersOf, readKnownKeys, readReplayed, readVocabulary } from './read-batch.ts';
import { type Measured, readMeasured, readRates } from './read-metrics.ts';
import { readSubjects, refuseTakenKey, type Subjects } from './read-subjects.ts';
import { SubjectResolver } from './resolve-subject.ts';
import { findSettled, type Settled } from './settled.ts';
import type { WorkspaceMemories, WorkspaceMemory } from './workspace-memory.ts';

/** What deciding a batch goes by. */
export interface Reading extends Settled {
  readonly workspace: Workspace;
  readonly memory: WorkspaceMemory;
  readonly head: Head;
  readonly standings: Standings;
  readonly items: readonly (readonly QueuedItem[])[];
  readonly resolved: readonly Resolved[];
  readonly subjects: Subjects;
  readonly measured: Measured;
  readonly rates: ExchangeRates;
  readonly erased: Erased;
}

/** By what is seen who was forgotten. */
export interface ErasureSight {
  readonly key: ErasureKeyFile;
  readonly rules: ErasureRules;
}

/** What a process has at hand for its batches. */
export interface Reader {
  readonly workspaces: WorkspaceCache;
  readonly memories: WorkspaceMemories;
  readonly erasure: ErasureSight;
}

/** A batch, as it is asked for. */
interface Asked {
  readonly batch: readonly Queued[];
  readonly poisoned: Poisoned;
  readonly now: number;
}

/**
 * Reads what deciding a batch goes by, in two round trips: under the workspace's lock, or ahead of it, by the head that is foreseen. Checked
 * by the configuration as it is known, in one round trip with the lock; again in the rare case that it has moved.
 */
export async function readAll(
  tx: Queryable,
  { workspaces, memories, erasure }: Reader,
  { batch, poisoned, now }: Asked,
  known: Workspace,
  foreseen: Foreseen | undefined,
): Promise<Reading> {
  let workspace = known;
  let items = batch.map((queued) => queued.itemsFor(workspace, poisoned));
  const seeErased = () => readErased(tx, workspace, erasure.key, erasure.rules, items.flat());
  let [head, standings, knownKeys, replayed, { holders, existing }, erased] = await Promise.all([
    foreseen?.head ?? lockHead(tx, workspace.id),
    readStandings(tx, batch, foreseen?.standings),
    readKnownKeys(tx, workspace, batch, now),
    readReplayed(tx, workspace, batch),
    readHoldersOf(tx, workspace, subjectItemsOf(items)),
    seeErased(),
  ]);
  if (head.configVersion !== workspace.version) {
    workspace = await workspaces.reload(workspace.id, tx);
    items = batch.map((queued) => queued.itemsFor(workspace, poisoned));
    ({ holders, existing } = await readHoldersOf(tx, workspace, subjectItemsOf(items)));
    erased = await seeErased();
  }
  refuseClosed(workspace);
  items = onlyInTurn(items, standings);
  const settled = findSettled(items, { known: knownKeys, replayed });
  const resolver = new SubjectResolver(workspace, holders, existing, erased);
  const resolved = resolveItems(resolver, items, settled, now);
  const memory = memories.of(workspace);
  const [subjects, measured, rates] = await Promise.all([
    readSubjects(tx, workspace, resolved),
    readMeasured(tx, workspace, items),
    readRates(tx, workspace, items, memory.localDay),
    readVocabulary(tx, workspace, memory, resolved),
  ]);
  await refuseTakenKey(tx, workspace, items.flat(), subjects);
  const read = { known: knownKeys, replayed, subjects, measured, rates, erased };
  return { workspace, memory, head, standings, items, resolved, ...read };
}

/**
 * Waits for the lock of what was read ahead, on behalf of what is being sent behind it, and answers by what the transaction is known.
 * @throws HeadMovedError when the head is another one
 */
export function lockAsForeseen(
  tx: Queryable,
  workspaceId: WorkspaceId,
  foreseen: Head,
): Promise<Pick<Head, 'transactionId' | 'serverLife'>> {
  const locking = lockHead(tx, workspaceId).then((locked) => {
    if (!isAsForeseen(foreseen, locked)) throw new HeadMovedError();
    const { transactionId, serverLife } = locked;
    return { transactionId, serverLife };
  });
  // It is awaited once all is sent; what fails before is told by the transaction.
  locking.catch(() => {});
  return locking;
}
