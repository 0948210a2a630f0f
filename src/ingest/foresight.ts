import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { Head } from '../core/workspace/workspace-store.ts';
import type { Standings } from './journal.ts';
import type { QueuedItem } from './queued.ts';

/** What a batch leaves to the next. */
export interface Foreseen {
  readonly head: Head;
  /** How far the journals have come of which it had entries. */
  readonly standings: Standings;
}

/**
 * By what a batch can be worked out while the one before it is still being stored, so that the database goes from one to the other without
 * waiting for the process (docs/decisions/0004-ingest-speed.md): the head as that one leaves it.
 *
 * It holds where that batch changes nothing that is read for events: what was read while it had the lock is then what stands under the
 * lock that comes next, if nobody else had it in between. Nobody had if the head, read with that lock, is the one foreseen. Else the batch
 * is rolled back and worked out anew.
 */
export class Foresight {
  readonly #foreseen = new Map<WorkspaceId, Foreseen>();
  /** Of workspaces in which others write, too: how many of the next batches are not worked out ahead. */
  readonly #waits = new Map<WorkspaceId, number>();

  /** A batch has the lock, and is about to be committed with this head; it has written `isOfEventsAlone` (change/writer.ts). */
  note(workspaceId: WorkspaceId, { head, standings }: Foreseen): void {
    this.#foreseen.set(workspaceId, { head: { ...head }, standings });
  }

  /** The batch has landed, or failed. */
  forget(workspaceId: WorkspaceId, lastBatch: string): void {
    if (this.#foreseen.get(workspaceId)?.head.lastBatch === lastBatch) this.#foreseen.delete(workspaceId);
  }

  /** What a batch will find, while another one is on its way and can be seen past. */
  of(workspaceId: WorkspaceId, configVersion: number, items: readonly QueuedItem[]): Foreseen | undefined {
    const foreseen = this.#foreseen.get(workspaceId);
    if (foreseen?.head.configVersion !== configVersion || !items.every(isOfEventsAlone)) return undefined;
    const wait = this.#waits.get(workspaceId) ?? 0;
    if (wait === 0) return foreseen;
    if (wait === 1) this.#waits.delete(workspaceId);
    else this.#waits.set(workspaceId, wait - 1);
    return undefined;
  }

  /** Somebody else has written in between. */
  noteFailure(workspaceId: WorkspaceId): void {
    this.#waits.set(workspaceId, batchesAfterFailure);
  }
}

/** So that of several processes that write to one workspace none works out much twice. */
const batchesAfterFailure = 8;

/** What is set of events that the batch before may have stored, and what is replayed, is decided by more than is read for events. */
function isOfEventsAlone({ prepared, submission }: QueuedItem): boolean {
  return (prepared.kind === 'event' || prepared.kind === 'dropped') && submission.replayOf === undefined;
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
