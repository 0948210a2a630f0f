import type { Written } from '../change/writer.ts';
import { keyText } from '../core/identity/identity.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { Head } from '../core/workspace/workspace-store.ts';
import type { EditItem, EventItem } from './item.ts';
import type { Standings } from './journal.ts';
import { type QueuedItem, type Resolved, subjectItemsOf } from './queued.ts';
import { keysSoughtBy } from './read-batch.ts';
import type { Reading } from './reading.ts';
import { profilesOf } from './resolve-subject.ts';

/** What a batch leaves to the next. */
export interface Foreseen {
  readonly head: Head;
  /** How far the journals have come of which it had entries. */
  readonly standings: Standings;
  readonly written: Written;
}

/**
 * By what a batch can be worked out while the one before it is still being stored, so that the database goes from one to the other without
 * waiting for the process (docs/decisions/0004-ingest-speed.md): the head as that one leaves it.
 *
 * It holds where that batch writes nothing that this one reads (`readsNothingOf`): what was read while it had the lock is then what stands under the
 * lock that comes next, if nobody else had it in between. Nobody had if the head, read with that lock, is the one foreseen. Else the batch
 * is rolled back and worked out anew.
 */
export class Foresight {
  readonly #foreseen = new Map<WorkspaceId, Foreseen>();
  /** Of workspaces in which others write, too: how many of the next batches are not worked out ahead. */
  readonly #waits = new Map<WorkspaceId, number>();

  /** A batch has the lock, and is about to be committed with this head. */
  note(workspaceId: WorkspaceId, { head, ...foreseen }: Foreseen): void {
    this.#foreseen.set(workspaceId, { ...foreseen, head: { ...head } });
  }

  /** The batch has landed, or failed. */
  forget(workspaceId: WorkspaceId, lastBatch: string): void {
    if (this.#foreseen.get(workspaceId)?.head.lastBatch === lastBatch) this.#foreseen.delete(workspaceId);
  }

  /** What a batch will find, while another one is on its way and can be seen past. */
  of(workspaceId: WorkspaceId, configVersion: number, items: readonly QueuedItem[]): Foreseen | undefined {
    const foreseen = this.#foreseen.get(workspaceId);
    if (foreseen?.head.configVersion !== configVersion || !items.every(isTold)) return undefined;
    const wait = this.#waits.get(workspaceId) ?? 0;
    if (wait === 0) return foreseen;
    if (wait === 1) this.#waits.delete(workspaceId);
    else this.#waits.set(workspaceId, wait - 1);
    return undefined;
  }

  /** Somebody else has written in between, or the batch before what was read. */
  noteFailure(workspaceId: WorkspaceId): void {
    this.#waits.set(workspaceId, batchesAfterFailure);
  }
}

/** So that of several processes that write to one workspace none works out much twice, nor one that is told of the same people again and again. */
const batchesAfterFailure = 8;

/**
 * Whether what is read for an item is told by profiles and keys. What is set of events that the batch before may have stored, what is replayed, and
 * what gives a key that nobody else may have, is decided by more.
 */
function isTold({ prepared, submission }: QueuedItem): boolean {
  if (submission.replayOf !== undefined) return false;
  if (prepared.kind === 'edit') return prepared.uniqueKind === undefined;
  return prepared.kind === 'event' || prepared.kind === 'dropped';
}

/**
 * Whether nothing that was read for a batch is what another has written: no key that it looked for, nobody whom it found. Links lead to
 * people who were not looked for, so that a batch which may make some is apart only from one that has written of nobody.
 */
export function readsNothingOf(
  { items, resolved, subjects }: Reading,
  { profileIds, keys }: Written,
): boolean {
  if (profileIds.size === 0) return true;
  const isWritten = (id: string) => profileIds.has(id);
  const isSought = (item: EventItem | EditItem) =>
    ('profileId' in item.subject && isWritten(item.subject.profileId)) ||
    keysSoughtBy(item).some((key) => keys.has(keyText(key)));
  if (subjectItemsOf(items).some(isSought)) return false;
  const isFound = ({ resolution }: Resolved) =>
    resolution.links.length > 0 || profilesOf(resolution).some(({ profileId }) => isWritten(profileId));
  if (resolved.some(isFound)) return false;
  return [subjects.profiles, subjects.members].every((read) => !read.some(({ id }) => isWritten(id)));
}

/** The head is not the one that the batch was worked out by; nothing of it was committed. */
export class HeadMovedError extends Error {
  override readonly name = 'HeadMovedError';

  constructor() {
    super('somebody else has written to the workspace since the batch before');
  }
}

/** Whether nobody has written since: a batch or change leaves its name, and an import a new version of the configuration. */
export function isAsForeseen(foreseen: Head, locked: Head): boolean {
  return foreseen.lastBatch === locked.lastBatch && foreseen.configVersion === locked.configVersion;
}
