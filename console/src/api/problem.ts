/** A request that did not succeed, in words that say what to do. */
export class Problem extends Error {
  /** Undefined: the server did not answer. */
  readonly status: number | undefined;
  readonly code: string;
  /** Which part of the request it is about: `body/key`. */
  readonly path: string | undefined;

  constructor(status: number | undefined, code: string, message: string, path?: string) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.path = path;
  }

  /** The session is over, or there was none. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }

  /** It may succeed when it is tried again. */
  get isPassing(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 500;
  }
}

/** Reads what the native API answers with: `{error: {code, message, path?}}`. */
export function readProblem(status: number, body: unknown): Problem {
  const error = memberOf(body, 'error');
  const path = memberOf(error, 'path');
  return new Problem(
    status,
    textOf(memberOf(error, 'code')) ?? 'unknown',
    textOf(memberOf(error, 'message')) ?? `The server answered with ${status}, and gave no reason.`,
    textOf(path),
  );
}

export function unreachable(): Problem {
  return new Problem(undefined, 'unreachable', 'The server does not answer.');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
