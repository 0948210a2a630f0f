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

/** All connections of a kind of work were taken for too long. Nothing was asked of the database. */
export class DatabaseBusyError extends Error {
  constructor() {
    super('no connection to the database became free in time');
    this.name = 'DatabaseBusyError';
  }
}

/** A transaction can't be begun for writing: the server is a standby. */
export class DatabaseReadOnlyError extends Error {
  constructor(cause: unknown) {
    super('the database takes no writes', { cause });
    this.name = 'DatabaseReadOnlyError';
  }
}

/** A question took longer than a question may, and was stopped. */
export class TookTooLongError extends Error {
  /** What it was allowed. */
  readonly milliseconds: number;

  constructor(milliseconds: number, cause: unknown) {
    super(`a statement was stopped after ${milliseconds} ms`, { cause });
    this.name = 'TookTooLongError';
    this.milliseconds = milliseconds;
  }
}

/** A workspace asks more at once than it may, and its questions before took too long to wait for. Nothing was asked. */
export class TooManyQuestionsError extends Error {
  /** How many may be under way at once. */
  readonly allowed: number;

  constructor(allowed: number) {
    super(`a workspace had ${allowed} questions under way for too long`);
    this.name = 'TooManyQuestionsError';
    this.allowed = allowed;
  }
}

/** Who asked has hung up: there is nobody to answer. */
export class CallerGoneError extends Error {
  constructor() {
    super('the caller has hung up');
    this.name = 'CallerGoneError';
  }
}

/** The SQLSTATE of an error that the server reported. Classes 22 and 54 mark a row that PostgreSQL can't store. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

/** No such table, no such column. */
const missingStates = new Set(['42P01', '42703']);

/** Whether the tables are not those of this version: there are none yet, or they were made by another one. */
export function meansOtherTables(error: unknown): boolean {
  return missingStates.has(sqlState(error) ?? '');
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

/** Classes 53 (no disk or memory left) and 58 (the disk fails), and 25006 (the server is read-only). */
const outageState = /^(53|58|25006)/;

/** What the system says of a file in the data folder: no room, no room for this account, turned read-only, a disk that fails. */
const fileCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

const INTERNAL_ERROR = 'XX000';
/** Citus' words, which are in no other language, for a coordinator that ends and for a node that is lost in the midst of a transaction. */
const lostNode =
  /^(postmaster was shut down|failure on connection marked as essential|failed to prepare transaction|could not commit transaction for shard|connection to the remote node )/;

/** Citus says of most nodes that it can't reach that a connection has failed (08006), and of some only that something is wrong. */
function isNodeLost(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError && error.code === INTERNAL_ERROR && lostNode.test(error.message)
  );
}

/** Whether the database, or the data folder, can't work at the moment, whatever is asked of it: nothing is wrong with that itself. */
export function isOutage(error: unknown): boolean {
  return (
    isConnectionError(error) ||
    error instanceof DatabaseReadOnlyError ||
    outageState.test(sqlState(error) ?? '') ||
    isFileRefused(error) ||
    isNodeLost(error) ||
    fileCodes.has(errorCode(error) ?? '')
  );
}

const INSUFFICIENT_PRIVILEGE = '42501';
/** PostgreSQL's sources that work with its files. */
const storageSource = /^(md|smgr|fd|buffile|slru|xlog\w*|relmapper|relcache|copydir|storage)\.c$/;

/** Where a file system has turned read-only, PostgreSQL says the same as to a role without a right; where it says so tells them apart. */
function isFileRefused(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError &&
    error.code === INSUFFICIENT_PRIVILEGE &&
    storageSource.test(error.file)
  );
}

/** Classes 40 (PostgreSQL ended the transaction to resolve a conflict) and 57 (an operator or a timeout ended it). */
const transientState = /^(40|57)/;

/**
 * Whether the same may be possible a little later, whatever was asked: the one place that says so, for events, reads, and changes of
 * the configuration alike.
 */
export function isTransient(error: unknown): boolean {
  return (
    isOutage(error) ||
    error instanceof CommitInDoubtError ||
    error instanceof DatabaseBusyError ||
    error instanceof TookTooLongError ||
    error instanceof TooManyQuestionsError ||
    error instanceof CallerGoneError ||
    transientState.test(sqlState(error) ?? '')
  );
}

/** States in which a failed `commit` may still have taken effect: connection, server shutdown, system and internal errors. */
const uncertainState = /^(08|57P|58|XX|40003)/;

/** Whether the server's answer proves that the transaction was not committed. */
export function provesRollback(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError && error.severity === 'ERROR' && !uncertainState.test(error.code)
  );
}
