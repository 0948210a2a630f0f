import { CommandError } from '../command.ts';

export interface DemoRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a form. */
  readonly body?: object | URLSearchParams;
}

export interface DemoReply {
  readonly status: number;
  /** The parsed JSON of the answer; the text where it is none. */
  readonly body: unknown;
}

const patienceMilliseconds = 10_000;

/** Sends real HTTP requests to the running server, one after the other, and tells of each. */
export class DemoClient {
  readonly #baseUrl: string;
  readonly #report: (request: DemoRequest, reply: DemoReply) => void;

  constructor(baseUrl: string, report: (request: DemoRequest, reply: DemoReply) => void) {
    this.#baseUrl = baseUrl;
    this.#report = report;
  }

  /** @throws CommandError when the server can't be reached or refuses, unless the status is one of `alsoFine` */
  async send(request: DemoRequest, alsoFine: readonly number[] = []): Promise<DemoReply> {
    const reply = await this.#exchange(request);
    this.#report(request, reply);
    if (reply.status >= 300 && !alsoFine.includes(reply.status)) {
      throw new CommandError(
        `${request.method} ${request.path} was answered ${reply.status}: ${JSON.stringify(reply.body)}`,
      );
    }
    return reply;
  }

  async #exchange({ method, path, headers, body }: DemoRequest): Promise<DemoReply> {
    const isForm = body instanceof URLSearchParams;
    try {
      const response = await fetch(`${this.#baseUrl}${path}`, {
        method,
        headers: { ...(body && !isForm && { 'content-type': 'application/json' }), ...headers },
        ...(body && { body: isForm ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(patienceMilliseconds),
      });
      return { status: response.status, body: parseText(await response.text()) };
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
      throw new CommandError(`no answer from ${this.#baseUrl}; is the server running (throughline start)?`);
    }
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A text member of an answer. @throws CommandError when there is none */
export function textMember(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== 'string')
    throw new CommandError(`the answer has no "${name}": ${JSON.stringify(body)}`);
  return value;
}
