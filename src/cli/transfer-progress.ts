const showMilliseconds = 2_000;

/** Says on stderr what somebody waits for, now and then. */
export class TransferProgress {
  readonly #name: string;
  #shownAt = performance.now();

  constructor(name: string) {
    this.#name = name;
  }

  readonly show = (lines: number, doing?: string): void => {
    const now = performance.now();
    if (now - this.#shownAt < showMilliseconds) return;
    this.#shownAt = now;
    process.stderr.write(`${this.#name}: ${lines} records${doing === undefined ? '' : `, ${doing}`}\n`);
  };
}
