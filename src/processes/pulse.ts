/** How silence is told from being busy. */
export interface Patience {
  /** Between two questions. */
  readonly everyMilliseconds: number;
  /** So many questions without any word between them are silence. */
  readonly questions: number;
}

/** Half a minute: no work of a request holds up a process's loop for as long, on a machine that is busy with other things either. */
const patienceOfServer: Patience = { everyMilliseconds: 5_000, questions: 6 };

/**
 * Notices when another process, which is asked again and again, says nothing any more. What counts is questions and not time: where the
 * whole machine stood still, this process asked nothing either.
 */
export class Pulse {
  readonly #ask: () => void;
  readonly #fallSilent: (milliseconds: number) => void;
  readonly #patience: Patience;
  #timer: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(
    ask: () => void,
    fallSilent: (milliseconds: number) => void,
    patience: Patience = patienceOfServer,
  ) {
    this.#ask = ask;
    this.#fallSilent = fallSilent;
    this.#patience = patience;
  }

  /** Any word of it; from the first on it is asked. How long a start takes is the machine's affair. */
  hear(): void {
    this.#asked = 0;
    this.#timer ??= setInterval(() => this.#look(), this.#patience.everyMilliseconds).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { everyMilliseconds, questions } = this.#patience;
    if (this.#asked === questions) {
      this.stop();
      this.#fallSilent(questions * everyMilliseconds);
    } else {
      this.#asked++;
      this.#ask();
    }
  }
}
