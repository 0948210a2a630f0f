import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from '../config.ts';
import { errorCode } from '../store/startup-error.ts';

/** Names under which a key, token or password may stand in what is logged. */
const secretNames = [
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'apiKey',
  'APIKey',
  'databaseUrl',
];

/**
 * The log: one JSON document a line on stderr, so that stdout is for people. Bodies are never logged; should a header or a key get
 * in all the same, it is struck out. `process`: the number of the one that logs, where a start has several.
 */
export function createLogger(level: LogLevel, process?: number): Logger {
  return pino(
    {
      level,
      base: process === undefined ? null : { process },
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => describeFault(error) },
      redact: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    },
    openStandardError(),
  );
}

/** A reader that is slow for so long has gone. */
const readerPatienceMilliseconds = 1_000;
const readerPauseMilliseconds = 10;

/**
 * Written at once: a line about a fault must be out before the process is. What can't be written, as on a full disk, is left out: it fails
 * nothing, since the answer to a request must not depend on a line about it. (pino's own destination throws where it is called, and its
 * `flushSync` tries for ever.)
 */
function openStandardError(): DestinationStream {
  let isCut = false;
  return {
    write(line) {
      const bytes = Buffer.from(isCut ? `\n${line}` : line);
      const written = writeWhole(bytes);
      if (written > 0) isCut = written < bytes.length;
    },
  };
}

/** Answers how many of the bytes it was possible to write. */
function writeWhole(bytes: Buffer): number {
  const until = performance.now() + readerPatienceMilliseconds;
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(2, bytes, written);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN' || performance.now() > until) break;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, readerPauseMilliseconds);
    }
  }
  return written;
}

/** Messages of these repeat the values that they complain of. */
const tellsValues = new Set(['PostgresError', 'SyntaxError', 'RangeError']);
/** What a database error says of the schema, and never of a row. */
const schemaFields = [
  'code',
  'severity',
  'routine',
  'schema_name',
  'table_name',
  'column_name',
  'constraint_name',
];

/** An error without the personal data that it may carry: of some the message is left out, of all what hangs on them. */
export function describeFault(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields: Record<string, unknown> = { type: error.name };
  if (!tellsValues.has(error.name)) fields.message = error.message;
  for (const name of schemaFields) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string') fields[name] = value;
  }
  fields.stack = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
  if (error.cause !== undefined && depth < 3) fields.cause = describeFault(error.cause, depth + 1);
  return fields;
}
