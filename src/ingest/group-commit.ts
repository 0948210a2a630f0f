import type { WorkspaceId } from '../core/workspace/workspace.ts';

/**
 * Batches what waits for a workspace into one commit.
 *
 *   idle      nothing waits, nothing is in flight; the first item takes off at once
 *   flying    one batch is being committed; what comes in meanwhile waits and is the next batch
 *   draining  nothing new is taken; what waits is still committed
 *
 * No timers: the batch's size follows the load. The queue is bounded in bytes over all workspaces.
 */
export class GroupCommit<Item extends { readonly bytes: number; readonly size: number }, Result> {
  readonly #commit: (workspaceId: WorkspaceId, items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limits: GroupCommitLimits;
  readonly #queues = new Map<WorkspaceId, Waiting<Item, Result>[]>();
  readonly #idle: (() => void)[] = [];
  #queuedBytes = 0;
  #flying = 0;
  #draining = false;

  constructor(
    commit: (workspaceId: WorkspaceId, items: readonly Item[]) => Promise<readonly Result[]>,
    limits: GroupCommitLimits,
  ) {
    this.#commit = commit;
    this.#limits = limits;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get queuedItems(): number {
    let items = 0;
    for (const queue of this.#queues.values()) items += queue.length;
    return items;
  }

  /** The item's result once its batch is committed, or why it was not taken. */
  add(workspaceId: WorkspaceId, item: Item): Promise<Result> | 'queue-full' | 'stopping' {
    if (this.#draining) return 'stopping';
    if (this.#queuedBytes + item.bytes > this.#limits.queueBytes) return 'queue-full';
    this.#queuedBytes += item.bytes;
    return new Promise<Result>((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = this.#queues.get(workspaceId);
      if (queue) queue.push(waiting);
      else {
        this.#queues.set(workspaceId, [waiting]);
        this.#flying++;
        void this.#fly(workspaceId);
      }
    });
  }

  /** Takes nothing more; resolves when everything that waits is answered. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#flying > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #fly(workspaceId: WorkspaceId): Promise<void> {
    const queue = this.#queues.get(workspaceId)!;
    // Lets everything that arrived in the same turn of the event loop aboard.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (queue.length > 0) await this.#commitNext(workspaceId, queue);
    this.#queues.delete(workspaceId);
    this.#flying--;
    if (this.#flying === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #commitNext(workspaceId: WorkspaceId, queue: Waiting<Item, Result>[]): Promise<void> {
    const batch = queue.splice(0, this.#countNext(queue));
    try {
      const results = await this.#commit(
        workspaceId,
        batch.map((waiting) => waiting.item),
      );
      for (const [index, waiting] of batch.entries()) waiting.resolve(results[index]!);
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    } finally {
      for (const waiting of batch) this.#queuedBytes -= waiting.item.bytes;
    }
  }

  #countNext(queue: readonly Waiting<Item, Result>[]): number {
    let size = 0;
    let bytes = 0;
    let count = 0;
    for (const { item } of queue) {
      if (
        count > 0 &&
        (size + item.size > this.#limits.batchItems || bytes + item.bytes > this.#limits.batchBytes)
      )
        break;
      size += item.size;
      bytes += item.bytes;
      count++;
    }
    return count;
  }
}

export interface GroupCommitLimits {
  /** Of all that waits or is in flight. */
  readonly queueBytes: number;
  readonly batchBytes: number;
  readonly batchItems: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}
