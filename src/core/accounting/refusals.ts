import type { Logger } from 'pino';
import type { Database } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { changeWorkspace } from '../workspace/change-workspace.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { Tally } from './accounting.ts';
import { addCounts } from './accounting-store.ts';

const flushMilliseconds = 1000;

/**
 * Counts requests that were refused before they were events. They stand beside the equation and promise nothing, so they are
 * gathered in memory and written once a second: a flood of bad requests costs no transaction each.
 */
export class Refusals {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #tallies = new Map<WorkspaceId, Tally>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, clock: Clock, logger: Logger) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
  }

  count(workspaceId: WorkspaceId, dialect: string, reason: string): void {
    this.#tallies
      .getOrInsertComputed(workspaceId, () => new Tally())
      .add(dialect, this.#clock(), 'refused', reason);
    this.#timer ??= setTimeout(() => void this.flush(), flushMilliseconds).unref();
  }

  /** Writes what has gathered; also called before the process ends. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const tallies = [...this.#tallies];
    this.#tallies.clear();
    for (const [workspaceId, tally] of tallies) {
      try {
        await changeWorkspace({ database: this.#database }, workspaceId, new Date(this.#clock()), ({ tx }) =>
          addCounts(tx, workspaceId, tally.counts()),
        );
      } catch (error) {
        this.#logger.warn({ err: error, workspace: workspaceId }, 'refused requests could not be counted');
      }
    }
  }
}
