import type { Random } from '../random.ts';
import type { Site } from '../site.ts';

/** Something that goes wrong under load, and is over after a while. */
export interface Fault {
  /** As lines and figures name it. */
  readonly name: string;
  /** True: it needs a disk of the run's own. */
  readonly needsDisk?: true;
  /** True: it needs a server of several processes. */
  readonly needsProcesses?: true;
  /** How long clients may have to wait for an answer, in milliseconds, where that is longer than the server's own bound. */
  readonly clientsWait?: number;
  make(site: Site, random: Random): Promise<Made>;
}

export interface Made {
  /** What was chosen, for the round's line. */
  readonly detail?: string;
  /** How long it stays, in milliseconds. */
  readonly lasts?: number;
  /** Takes it away, as an operator or time does; the rest the server has to do by itself. */
  lift?(): Promise<void>;
}
