import type { WorkspaceId } from '../core/workspace/workspace.ts';

/**
 * Batches what waits for a workspace into one commit.
 *
 *   idle      nothing waits, nothing is in flight; the first item takes off at once
 *   boarding  a batch is being worked out; what comes in meanwhile waits and is the next batch
 *   landing   its commit is on the way to the disk; if much waits, or as many as fly, the next batch boards already, and stands at the
 *             lock when that is free. A smaller one gains more from growing until the landing, since a commit costs the same whatever its size
 *   draining  nothing new is taken; what waits is still committed
 *
 * No timers: the batch's size follows the load. The queue is bounded in bytes over all workspaces, and in time: what has waited too
 * long when a batch takes off is not taken any more. A batch takes its time at most, so that moment comes.
 *
 * What yields (the rows of a file) fills the room that others leave. While there are others it gets little of it, so that they wait for
 * no large batch, and always some, so that it comes to its end.
 */
export class GroupCommit<Item extends QueuedItem, Result> {
  readonly #commit: CommitBatch<Item, Result>;
  readonly #limits: GroupCommitLimits;
  readonly #queues = new Map<WorkspaceId, Queue<Item, Result>>();
  readonly #idle: (() => void)[] = [];
  #queuedBytes = 0;
  #draining = false;

  constructor(commit: CommitBatch<Item, Result>, limits: GroupCommitLimits) {
    this.#commit = commit;
    this.#limits = limits;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get queuedItems(): number {
    let items = 0;
    for (const queue of this.#queues.values()) items += queue.waiting.length + queue.yielding.length;
    return items;
  }

  /** For how long the item that waits longest has waited to be taken aboard; 0 where none does. */
  get oldestWaitingMilliseconds(): number {
    const now = performance.now();
    let oldest = now;
    // The first of each queue has waited longest.
    for (const { waiting } of this.#queues.values()) oldest = Math.min(oldest, waiting[0]?.since ?? now);
    return now - oldest;
  }

  /** The item's result once its batch is committed, or why it was not taken. */
  add(workspaceId: WorkspaceId, item: Item): Promise<Result | 'waited'> | 'queue-full' | 'stopping' {
    if (this.#draining) return 'stopping';
    if (this.#queuedBytes + item.bytes > this.#limits.queueBytes) return 'queue-full';
    this.#queuedBytes += item.bytes;
    return new Promise<Result | 'waited'>((resolve, reject) => {
      const queue = this.#queues.getOrInsertComputed(workspaceId, () => ({
        waiting: [],
        yielding: [],
        yieldedBefore: false,
        busyUntil: 0,
        flights: 0,
        boarding: false,
        before: 0,
        beforeItems: 0,
      }));
      const since = performance.now();
      const lane = item.yields ? queue.yielding : queue.waiting;
      lane.push({ item, since, resolve, reject });
      if (!item.yields) queue.busyUntil = since + busyMilliseconds;
      const isFirst = queue.flights === 0 && queue.waiting.length + queue.yielding.length === 1;
      if (!isFirst && !isNextWhole(queue)) return;
      // Lets everything that arrives in the same turn of the event loop aboard.
      setImmediate(() => this.#takeOff(workspaceId, queue));
    });
  }

  /** Takes nothing more; resolves when everything that waits is answered. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#queues.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #takeOff(workspaceId: WorkspaceId, queue: Queue<Item, Result>): void {
    if (queue.boarding || queue.flights >= maximumFlights) return;
    this.#dismissLate(queue.waiting);
    this.#dismissLate(queue.yielding);
    const batch = this.#takeAboard(queue);
    if (batch.length === 0) return;
    queue.boarding = true;
    queue.flights++;
    let boards = true;
    const boarded = () => {
      if (!boards) return;
      boards = false;
      queue.boarding = false;
      const isMuch = sizeOf(queue.waiting) + sizeOf(queue.yielding) >= earlyBoardingItems;
      if (isMuch || isNextWhole(queue)) this.#takeOff(workspaceId, queue);
    };
    void this.#fly(workspaceId, batch, boarded).then(() => {
      boarded();
      queue.flights--;
      this.#takeOff(workspaceId, queue);
      if (queue.flights === 0 && queue.waiting.length + queue.yielding.length === 0) this.#close(workspaceId);
    });
  }

  /** The first has waited longest. */
  #dismissLate(waiting: Waiting<Item, Result>[]): void {
    const oldest = performance.now() - this.#limits.waitMilliseconds;
    const fresh = waiting.findIndex(({ since }) => since >= oldest);
    for (const late of waiting.splice(0, fresh < 0 ? waiting.length : fresh)) {
      this.#queuedBytes -= late.item.bytes;
      late.resolve('waited');
    }
  }

  #close(workspaceId: WorkspaceId): void {
    this.#queues.delete(workspaceId);
    if (this.#queues.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #fly(
    workspaceId: WorkspaceId,
    batch: readonly Waiting<Item, Result>[],
    boarded: () => void,
  ): Promise<void> {
    try {
      const results = await this.#commit(
        workspaceId,
        batch.map((waiting) => waiting.item),
        boarded,
      );
      for (const [index, waiting] of batch.entries()) waiting.resolve(results[index]!);
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    } finally {
      for (const waiting of batch) this.#queuedBytes -= waiting.item.bytes;
    }
  }

  /**
   * Who is answered asks again while the next batch flies. Taken all at once behind a small batch, they would come back all at once: the
   * database idle while they are answered, and the process while they are stored. Two halves keep both at work.
   */
  #takeAboard(queue: Queue<Item, Result>): Waiting<Item, Result>[] {
    const { waiting, yielding, before } = queue;
    const room = new Room(this.#limits);
    const half = before === 0 ? waiting.length : Math.ceil((before + waiting.length) / 2);
    const share = performance.now() < queue.busyUntil ? busyShare : undefined;
    const takeYielding = () => yielding.splice(0, room.countFitting(yielding, share));
    // In turns, since others may fill whole batches, and what wants one of its own finds no other room.
    const ahead = queue.yieldedBefore ? [] : takeYielding();
    const batch = waiting.splice(0, room.countFitting(waiting.slice(0, half)));
    const behind = queue.yieldedBefore ? takeYielding() : [];
    queue.before = batch.length;
    queue.yieldedBefore = ahead.length + behind.length > 0;
    const aboard = [...ahead, ...batch, ...behind];
    queue.beforeItems = sizeOf(aboard);
    return aboard;
  }
}

/** What a batch has room for. */
class Room {
  readonly #limits: GroupCommitLimits;
  #count = 0;
  #size = 0;
  #bytes = 0;
  #isClosed = false;

  constructor(limits: GroupCommitLimits) {
    this.#limits = limits;
  }

  /** How many of the next to come have room, from the first on; they take it. `share`: of no more than so many items. */
  countFitting(next: readonly { readonly item: QueuedItem }[], share = Number.POSITIVE_INFINITY): number {
    const before = this.#count;
    let taken = 0;
    for (const { item } of next) {
      taken += item.size;
      if (taken > share && this.#count > before) break;
      const isFull =
        this.#size + item.size > this.#limits.batchItems ||
        this.#bytes + item.bytes > this.#limits.batchBytes;
      if (this.#isClosed || (this.#count > 0 && (isFull || item.alone))) break;
      this.#size += item.size;
      this.#bytes += item.bytes;
      this.#count++;
      this.#isClosed = item.alone === true;
    }
    return this.#count - before;
  }
}

/** One that lands while the next one boards. More would only wait for the same head lock, on connections that others need. */
const maximumFlights = 2;
/** From here on a batch's own work outweighs what every batch costs (docs/decisions/0004-ingest-speed.md). */
const earlyBoardingItems = 200;
/** Who has come in not longer ago than this may come again, and is not to find a large batch before it. */
const busyMilliseconds = 2_000;
/** Of a batch, what yields to others while they come in. */
const busyShare = 100;

/**
 * Whether as many wait behind a small batch on its way as are in it. Of callers that each wait for their answer no more are to be expected
 * before it lands, and a batch that is there by then is stored while those are answered (docs/decisions/0021-single-events.md).
 */
function isNextWhole({ waiting, flights, boarding, before, beforeItems }: QueueState): boolean {
  if (flights === 0 || boarding || beforeItems >= earlyBoardingItems) return false;
  return waiting.length > 0 && waiting.length >= before;
}

function sizeOf(waiting: readonly { readonly item: { readonly size: number } }[]): number {
  return waiting.reduce((size, { item }) => size + item.size, 0);
}

/** Commits a batch; calls `boarded` once its work is done and only the commit is under way. */
export type CommitBatch<Item, Result> = (
  workspaceId: WorkspaceId,
  items: readonly Item[],
  boarded: () => void,
) => Promise<readonly Result[]>;

export interface QueuedItem {
  readonly bytes: number;
  readonly size: number;
  /** True: it gets a batch of its own. */
  readonly alone?: boolean;
  /** True: others go first. */
  readonly yields?: boolean;
}

export interface GroupCommitLimits {
  /** Of all that waits or is in flight. */
  readonly queueBytes: number;
  readonly batchBytes: number;
  readonly batchItems: number;
  /** How long an item may wait to be taken aboard. */
  readonly waitMilliseconds: number;
}

/** What it goes by when the next batch boards. */
interface QueueState {
  readonly waiting: { readonly length: number };
  readonly flights: number;
  readonly boarding: boolean;
  readonly before: number;
  readonly beforeItems: number;
}

interface Queue<Item, Result> extends QueueState {
  waiting: Waiting<Item, Result>[];
  /** What lets the others go first. */
  yielding: Waiting<Item, Result>[];
  /** Whether the batch before had any of it. */
  yieldedBefore: boolean;
  /** Until when there are others (by the clock of `performance.now`). */
  busyUntil: number;
  flights: number;
  boarding: boolean;
  /** How many of the others were in the batch before. */
  before: number;
  /** The items of all that was in it. */
  beforeItems: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly since: number;
  readonly resolve: (result: Result | 'waited') => void;
  readonly reject: (error: unknown) => void;
}
