import { type Logger, pino } from 'pino';
import type { LogLevel } from '../config.ts';

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
 * in all the same, it is struck out.
 */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => describeFault(error) },
      redact: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    },
    // Written at once: a line about a fault must be out before the process is.
    pino.destination({ fd: 2, sync: true }),
  );
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
