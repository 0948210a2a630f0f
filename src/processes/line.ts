/** What can be asked of a process, by name. Parameters and answers are plain data. */
export type Questions = Readonly<Record<string, (...parameters: never[]) => unknown>>;

type Asked = readonly [id: number, name: string, parameters: readonly unknown[]];
type Answered = readonly [id: number, answer: unknown];
type Failed = readonly [id: number, message: string];

/** All that gathers within a turn of the event loop goes out as one. */
interface Letter {
  readonly asked: Asked[];
  readonly answered: Answered[];
  readonly failed: Failed[];
}

/** The other process has ended, or this one is about to. */
export class LineClosedError extends Error {
  constructor() {
    super('the other process has ended');
    this.name = 'LineClosedError';
  }
}

/** Questions to another process of the same start, and from it, over the channel that Node.js has between the two. */
export class Line<Theirs extends Questions> {
  readonly #send: (letter: object) => void;
  readonly #mine: Questions;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;
  #letter: Letter | undefined;
  #isClosed = false;

  /** @param mine what the other process can ask of this one */
  constructor(send: (letter: object) => void, mine: Questions) {
    this.#send = send;
    this.#mine = mine;
  }

  /** @throws LineClosedError; Error with the message of what the other process threw */
  async ask<Name extends keyof Theirs & string>(
    name: Name,
    ...parameters: Parameters<Theirs[Name]>
  ): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    if (this.#isClosed) throw new LineClosedError();
    const id = this.#asked++;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(id, answer);
    this.#outgoing().asked.push([id, name, parameters]);
    // Both ends are of one version of one program, and its questions are typed once.
    return (await answer.promise) as Awaited<ReturnType<Theirs[Name]>>;
  }

  /** As `ask`, for who does not want the answer. */
  tell<Name extends keyof Theirs & string>(name: Name, ...parameters: Parameters<Theirs[Name]>): void {
    this.ask(name, ...parameters).catch(() => {});
  }

  /** Takes what has come from the other process. */
  receive(letter: unknown): void {
    if (!isLetter(letter)) return;
    for (const [id, answer] of letter.answered) this.#take(id)?.resolve(answer);
    for (const [id, message] of letter.failed) this.#take(id)?.reject(new Error(message));
    for (const [id, name, parameters] of letter.asked) void this.#answer(id, name, parameters);
  }

  /** Nothing more comes: who waits for an answer is told so. */
  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#open.values()) reject(new LineClosedError());
    this.#open.clear();
  }

  async #answer(id: number, name: string, parameters: readonly unknown[]): Promise<void> {
    try {
      const question = Object.hasOwn(this.#mine, name) ? this.#mine[name] : undefined;
      if (!question) throw new Error(`nobody answers ${name}`);
      const answer: unknown = await Reflect.apply(question, undefined, parameters);
      this.#outgoing().answered.push([id, answer]);
    } catch (error) {
      this.#outgoing().failed.push([id, error instanceof Error ? error.message : String(error)]);
    }
  }

  #take(id: number): PromiseWithResolvers<unknown> | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    return open;
  }

  #outgoing(): Letter {
    if (this.#letter) return this.#letter;
    const letter: Letter = { asked: [], answered: [], failed: [] };
    this.#letter = letter;
    setImmediate(() => {
      this.#letter = undefined;
      if (!this.#isClosed) this.#send(letter);
    });
    return letter;
  }
}

function isLetter(message: unknown): message is Letter {
  return typeof message === 'object' && message !== null && 'asked' in message && 'answered' in message;
}

/** What a promise answers, or undefined after so long, or when it fails. */
export async function within<Answer>(
  milliseconds: number,
  promise: Promise<Answer>,
): Promise<Answer | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), milliseconds);
  try {
    return await Promise.race([promise.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
