import type { Logger } from 'pino';
import type { Queryable } from '../../store/queryable.ts';
import { noteLastUses } from './credential-store.ts';

const flushMilliseconds = 60_000;
/** Beyond it, uses of a minute are not noted: a use that is not known harms nobody. */
const maximumEntries = 10_000;

/** When each credential was last used, gathered in memory and written once a minute: a request writes nothing for it. */
export class LastUses {
  readonly #connection: Queryable;
  readonly #logger: Logger;
  readonly #uses = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Queryable, logger: Logger) {
    this.#connection = connection;
    this.#logger = logger;
  }

  /** `at`: in milliseconds. */
  note(id: string, at: number): void {
    if (this.#uses.size >= maximumEntries && !this.#uses.has(id)) return;
    this.#uses.set(id, at);
    this.#timer ??= setTimeout(() => void this.flush(), flushMilliseconds).unref();
  }

  /** Writes what has gathered; also before a list is read, and before the process ends. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const uses = [...this.#uses].map(([id, at]) => ({ id, at: new Date(at) }));
    this.#uses.clear();
    if (uses.length === 0) return;
    try {
      await noteLastUses(this.#connection, uses);
    } catch (error) {
      this.#logger.warn({ err: error }, 'the last uses of credentials could not be noted');
    }
  }
}
