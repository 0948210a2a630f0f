import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose behalf the database is asked. */
export interface Asker {
  /** The workspace that it is about; undefined while that is being found out. */
  tenant(): number | undefined;
  isGone(): boolean;
  /** Calls back when there is nobody left to answer; returns how to stop listening. */
  onGone(listener: () => void): () => void;
}

const askers = new AsyncLocalStorage<Asker>();

/** Runs `work` so that whatever it asks, however far down, is asked on behalf of `asker`. */
export function onBehalfOf<Result>(asker: Asker, work: () => Result): Result {
  return askers.run(asker, work);
}

export function currentAsker(): Asker | undefined {
  return askers.getStore();
}
