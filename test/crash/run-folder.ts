import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './figures.ts';

/** How far a run is. */
export interface RunState {
  readonly seed: number;
  /** The last that is over. */
  round: number;
  /** Counts data folders: each serves some rounds and is then begun anew, so that a late round takes no longer than an early one. */
  stretch: number;
  failedRounds: number;
  /** How long it has been at work, in milliseconds. */
  worked: number;
  readonly figures: Figures;
}

/** What a run keeps in its folder, so that it goes on after the machine was stopped. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Undefined: nothing was played here yet. */
  read(): RunState | undefined {
    return existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, 'utf8')) : undefined;
  }

  store(state: RunState): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(state));
    renameSync(`${this.#file}.new`, this.#file);
  }

  ledgerOf(stretch: number): string {
    return join(this.path, `ledger-${stretch}.ndjson`);
  }

  get #file(): string {
    return join(this.path, 'state.json');
  }
}
