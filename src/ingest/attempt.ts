import type { Head } from '../core/workspace/workspace-store.ts';
import type { Decision } from './decide-batch.ts';
import type { Outcome } from './outcome.ts';
import type { Submission } from './submission.ts';

/** One try at committing a batch: what was decided, so that a lost answer can be looked up afterwards. */
export class Attempt {
  readonly now: number;
  readonly id: string;
  /** As it is to be stored; undefined before anything was decided. */
  head: Head | undefined;
  #decision: Decision | undefined;

  constructor(now: number, id: string) {
    this.now = now;
    this.id = id;
  }

  decided(decision: Decision, head: Head): void {
    this.#decision = decision;
    this.head = head;
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
