import postgres from 'postgres';
import { errorCode } from './startup-error.ts';

/**
 * The connection was lost after `commit` was sent and before its answer: the transaction may have been committed or not. The
 * caller has to look in the database.
 */
export class CommitInDoubtError extends Error {
  constructor(cause: unknown) {
    super('the connection was lost while the transaction was being committed', { cause });
    this.name = 'CommitInDoubtError';
  }
}

/** The SQLSTATE of an error that the server reported. Classes 22 and 54 mark a row that PostgreSQL can't store. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

const lostCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Classes 08 (connection), 57P (server going down or starting), and too many connections: worth trying again later. */
const unavailableState = /^(08|57P|53300)/;

/** Whether the database could not be reached or went away, so that nothing is wrong with the statement itself. */
export function isConnectionError(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return unavailableState.test(state);
  const code = errorCode(error);
  // A Unix socket that is not there (yet) is a server that does not run.
  if (code === 'ENOENT') return error instanceof Error && 'syscall' in error && error.syscall === 'connect';
  return code !== undefined && lostCodes.has(code);
}

/** States in which a failed `commit` may still have taken effect: connection, server shutdown, system and internal errors. */
const uncertainState = /^(08|57P|58|XX|40003)/;

/** Whether the server's answer proves that the transaction was not committed. */
export function provesRollback(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError && error.severity === 'ERROR' && !uncertainState.test(error.code)
  );
}
