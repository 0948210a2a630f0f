import type { OtherProcesses } from '../../core/together.ts';
import type { Ingest } from '../../ingest/ingest.ts';

const maximumListeners = 200;
const maximumListenersOfWorkspace = 50;
/** Commits of other servers on the same database, and of commands, are seen by looking. */
const lookMilliseconds = 1000;
/** However many commits a second there are, a listener asks the database at most ten times. */
const restMilliseconds = 100;

/** One open stream: `rest` ends when something was committed, or it is time to look. */
export class Listener {
  readonly workspaceId: number;
  isOver = false;
  #isWoken = false;
  #wake: (() => void) | undefined;

  constructor(workspaceId: number) {
    this.workspaceId = workspaceId;
  }

  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  end(): void {
    this.isOver = true;
    this.#wake?.();
  }

  async rest(): Promise<void> {
    await this.#sleep(restMilliseconds, () => this.isOver);
    await this.#sleep(lookMilliseconds - restMilliseconds, () => this.isOver || this.#isWoken);
    this.#isWoken = false;
  }

  #sleep(milliseconds: number, isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.#wake = () => {
        if (isDone()) finish();
      };
    });
  }
}

export class Listeners {
  /** In all; each of several processes has its share. */
  readonly maximum: number;
  readonly maximumOfWorkspace: number;
  readonly #listeners = new Set<Listener>();
  readonly #stop: () => void;
  #isClosed = false;

  constructor(ingest: Ingest, others: OtherProcesses, processes: number) {
    this.maximum = Math.ceil(maximumListeners / processes);
    this.maximumOfWorkspace = Math.ceil(maximumListenersOfWorkspace / processes);
    const wake = (workspaceId: number) => {
      for (const listener of this.#listeners) if (listener.workspaceId === workspaceId) listener.wake();
    };
    this.#stop = ingest.onCommit(wake);
    others.onCommit(wake);
  }

  /** Undefined when there are too many, or the server is about to stop. */
  add(workspaceId: number): Listener | undefined {
    if (this.#isClosed || this.#listeners.size >= this.maximum) return undefined;
    let ofWorkspace = 0;
    for (const listener of this.#listeners) if (listener.workspaceId === workspaceId) ofWorkspace++;
    if (ofWorkspace >= this.maximumOfWorkspace) return undefined;
    const listener = new Listener(workspaceId);
    this.#listeners.add(listener);
    return listener;
  }

  remove(listener: Listener): void {
    listener.end();
    this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const listener of this.#listeners) listener.end();
  }
}
