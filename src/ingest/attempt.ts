import type { Head } from '../core/workspace/workspace-store.ts';
import type { Decision } from './decide-batch.ts';
import type { Outcome } from './outcome.ts';
import type { Submission } from './submission.ts';

/** One try at committing a batch: what was decided, so that a lost answer can be looked up afterwards. */
export class Attempt {
  readonly now: number;
  readonly id: string;
  /** True: it is not to be committed. */
  readonly isTrial: boolean;
  /** As it is to be stored; undefined before anything was decided, or the workspace was locked. */
  head: Head | undefined;
  #decision: Decision | undefined;

  constructor(now: number, id: string, isTrial: boolean) {
    this.now = now;
    this.id = id;
    this.isTrial = isTrial;
  }

  decided(decision: Decision): void {
    this.#decision = decision;
  }

  /** What was decided; nothing before that. */
  get outcomes(): Map<Submission, Outcome[]> {
    return this.#decision?.outcomes ?? new Map();
  }

  /** After the commit. */
  finish(): Map<Submission, Outcome[]> {
    this.#decision!.remember();
    return this.#decision!.outcomes;
  }
}
