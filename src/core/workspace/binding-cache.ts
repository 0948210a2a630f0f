import type { Queryable } from '../../store/queryable.ts';
import { type Binding, type BindingTarget, findBinding } from './binding-store.ts';

/** How long a process may go by what another has changed, as for configurations (workspace-cache.ts). */
const freshMilliseconds = 2000;
const maximumEntries = 1000;

/** What dialects' names stand for, as this process has read it; names that stand for nothing are asked for each time. */
export class BindingCache {
  readonly #connection: Queryable;
  readonly #entries = new Map<string, { readonly target: BindingTarget; readonly readAt: number }>();
  /** One read for all who ask at once. */
  readonly #reading = new Map<string, Promise<BindingTarget | undefined>>();

  constructor(connection: Queryable) {
    this.#connection = connection;
  }

  async get(binding: Binding): Promise<BindingTarget | undefined> {
    const entry = this.#entries.get(keyOf(binding));
    if (entry && Date.now() - entry.readAt < freshMilliseconds) return entry.target;
    return this.read(binding);
  }

  /** As it is now: for who was not content with what `get` gave. */
  async read(binding: Binding): Promise<BindingTarget | undefined> {
    const key = keyOf(binding);
    const reading =
      this.#reading.get(key) ??
      findBinding(this.#connection, binding).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    const target = await reading;
    if (!target) this.#entries.delete(key);
    else {
      if (this.#entries.size >= maximumEntries) this.#entries.clear();
      this.#entries.set(key, { target, readAt: Date.now() });
    }
    return target;
  }
}

function keyOf({ dialect, kind, externalId }: Binding): string {
  return `${dialect}\n${kind}\n${externalId}`;
}
