/**
 * Dear work, so much of it at once and no more; of what comes meanwhile a few wait, in their order. What is beyond that is for the
 * caller to refuse: work that is refused at once costs nothing, and work that waits long has nobody who still wants it.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #maximumWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(atOnce: number, maximumWaiting: number) {
    this.#atOnce = atOnce;
    this.#maximumWaiting = maximumWaiting;
  }

  get isFull(): boolean {
    return this.#underWay >= this.#atOnce && this.#waiting.length >= this.#maximumWaiting;
  }

  /** What the work answers, once it had its turn; undefined when too many wait already. */
  take<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    if (this.isFull) return undefined;
    return this.#run(work);
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#underWay >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay++;
    try {
      return await work();
    } finally {
      // The turn goes on to who has waited longest, so that nobody who comes in between takes it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay--;
    }
  }
}
