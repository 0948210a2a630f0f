import postgres from 'postgres';
import { readJson } from '../json/read-json.ts';
import { instantText, readInstant } from './instants.ts';
import type { Parameter } from './queryable.ts';

/** The driver's way to ask: `sql` with a template for what varies, `sql.unsafe(text, parameters, { prepare: true })` for plain text. */
export type Sql = postgres.Sql;

/** Where a database is, in the driver's words. */
export type ConnectionTarget = Readonly<{
  url?: string;
  options: postgres.Options<Record<string, postgres.PostgresType>>;
}>;

const CONNECT_TIMEOUT_SECONDS = 5;

// Object identifiers of PostgreSQL's built-in types (pg_type.dat).
const oid = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  json: 114,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  jsonb: 3802,
} as const;

const numberOids = [21, 23, 26, 700, 701];

/**
 * How values cross the wire. Parameters go as text by their JavaScript type alone, so a string always reaches the server as it
 * is: a JSON document, an array literal, an instant with microseconds. `numeric` and calendar dates stay text.
 */
const wireTypes: Record<string, postgres.PostgresType> = {
  number: { to: 0, from: numberOids, serialize: toWireText, parse: Number },
  bigint: { to: oid.bigint, from: [oid.bigint], serialize: toWireText, parse: toSafeInteger },
  json: { to: oid.json, from: [oid.json, oid.jsonb], serialize: toWireText, parse: parseDocument },
  boolean: { to: oid.boolean, from: [oid.boolean], serialize: toWireText, parse: (text) => text === 't' },
  date: {
    to: oid.timestamptz,
    from: [oid.timestamptz],
    serialize: toWireText,
    parse: readInstant,
  },
  calendar: { to: oid.date, from: [oid.date, oid.timestamp], serialize: toWireText, parse: (text) => text },
  bytea: {
    to: oid.bytea,
    from: [oid.bytea],
    serialize: toWireText,
    parse: (text) => Buffer.from(text.slice(2), 'hex'),
  },
};

/** What every connection has in common. Nothing is left to the driver's own reading of the environment. */
export function driverOptions() {
  return {
    max: 1,
    types: wireTypes,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    idle_timeout: undefined,
    // The driver may end a connection of age between two statements of a transaction.
    max_lifetime: null,
    // Its look-up of array types rejects unhandled, which ends the process, when the connection is lost meanwhile.
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'throughline', TimeZone: 'UTC' },
  };
}

/** One connection for what is asked of a server before it is used, made when first needed. */
export function openProbe(target: ConnectionTarget, statementMilliseconds: number): Sql {
  const common = driverOptions();
  const connection = { ...common.connection, statement_timeout: statementMilliseconds };
  const options = { ...common, connection, ...target.options };
  return target.url === undefined ? postgres(options) : postgres(target.url, options);
}

/**
 * Refuses what can't be sent before the driver sees it: a value that it fails on while other statements are under way makes it
 * answer the wrong one.
 */
export function checkParameters(parameters: readonly Parameter[]): void {
  parameters.forEach((value, index) => {
    const sendable =
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean' ||
      value instanceof Uint8Array ||
      (value instanceof Date && !Number.isNaN(value.getTime()));
    if (!sendable)
      throw new TypeError(`parameter $${index + 1} is not a value that can be sent (${typeof value})`);
  });
}

function toWireText(value: unknown): string {
  if (value instanceof Date) return instantText(value);
  if (value instanceof Uint8Array)
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}

function parseDocument(text: string): unknown {
  return readJson(text);
}

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
  return value;
}
