import type { Queryable } from './queryable.ts';

/** A machine of a distributed database, as `host:port`. */
export interface NodeState {
  readonly node: string;
  readonly up: boolean;
}

/** The coordinator asks each node, and waits for one that is away; so nobody who asks here does. */
const freshMilliseconds = 5000;
const patienceMilliseconds = 500;

interface Watched extends Queryable {
  readonly capabilities: { readonly distributesTables: boolean };
}

/** Which nodes of a distributed database the coordinator reaches: looked at once in five seconds, whoever asks. */
export class NodeHealth {
  readonly #database: Watched;
  #looking: Promise<void> | undefined;
  #known: readonly NodeState[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(database: Watched) {
    this.#database = database;
  }

  /** As far as known by now; undefined where nothing is distributed. */
  async look(): Promise<readonly NodeState[] | undefined> {
    if (!this.#database.capabilities.distributesTables) return undefined;
    if (performance.now() - this.#lookedAt >= freshMilliseconds) {
      this.#looking ??= this.#ask();
      await Promise.race([this.#looking, patience()]);
    }
    return this.#known;
  }

  async #ask(): Promise<void> {
    try {
      this.#known = await this.#database.query<NodeState>(
        `select nodename || ':' || nodeport as node, coalesce(citus_check_connection_to_node(nodename, nodeport), false) as up
           from pg_dist_node where noderole = 'primary' and isactive order by nodeid`,
      );
      this.#lookedAt = performance.now();
    } catch {
      // The coordinator itself is away: what was known of the others is not known any more.
      this.#known = [];
    } finally {
      this.#looking = undefined;
    }
  }
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, patienceMilliseconds).unref());
}
