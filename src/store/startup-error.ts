/**
 * A reason why the process can't start that its operator can mend: a folder in use, a database too old. The message is one
 * clear line without secrets; the entry point prints it alone and exits with a code that is not 0.
 */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
  }
}

/** The text of whatever was thrown, for a line of the log. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system or driver error (`ENOENT`, `ECONNREFUSED`, a SQLSTATE), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
