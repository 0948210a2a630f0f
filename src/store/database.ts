import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type BackendKind, type Capabilities, capabilitiesOf } from './backends/capabilities.ts';
import {
  type EmbeddedConnection,
  type EmbeddedServer,
  findRunningEmbedded,
  startEmbedded,
} from './backends/embedded.ts';
import { externalConnection, inspectServer } from './backends/external.ts';
import { type ConnectionTarget, checkParameters, openPool, type Sql } from './driver.ts';
import { createQueryPool } from './query-pool.ts';
import type { Parameter, Queryable } from './queryable.ts';
import { createSessionPool, type SessionPool } from './session-pool.ts';

export type { Sql } from './driver.ts';

export interface Database extends Queryable {
  /** The pool, for reading and for single statements. Writes of more than one statement go through `inTransaction`. */
  readonly sql: Sql;
  /** The connections of `inTransaction`. */
  readonly sessions: SessionPool;
  readonly kind: BackendKind;
  readonly capabilities: Capabilities;
  /** The embedded server's process, which a crash test kills; undefined for a server that is not ours. */
  readonly serverPid: number | undefined;
  /** Closes the connections, then stops the server if it is ours. */
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name, and starts it if it is the embedded one.
 * @param mode `attach` uses the embedded server of a process that is running already, if there is one: for commands beside it
 * @throws StartupError with one clear line
 */
export async function openDatabase(
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'databasePoolSize'>,
  logger: Logger,
  mode: 'own' | 'attach' = 'own',
): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    return connectDatabase(externalConnection(config.databaseUrl), config.databasePoolSize);
  }
  const running = mode === 'attach' ? await findRunningEmbedded(config.dataDir) : undefined;
  if (running) return connectDatabase(embeddedTarget(running), config.databasePoolSize);
  const server = await startEmbedded({ dataDir: config.dataDir, logger });
  return createDatabase(embeddedTarget(server.connection), config.databasePoolSize, 'embedded', server);
}

/**
 * Connects to a server that runs already.
 * @throws StartupError when it can't be reached or is too old
 */
export async function connectDatabase(target: ConnectionTarget, poolSize: number): Promise<Database> {
  const probe = openPool(target, 1, () => {});
  try {
    const kind = await inspectServer(probe, describeTarget(probe));
    return createDatabase(target, poolSize, kind, undefined);
  } finally {
    await probe.end({ timeout: 1 });
  }
}

/** The driver's words for an embedded server's socket. */
export function embeddedTarget(connection: EmbeddedConnection): ConnectionTarget {
  return { options: { ...connection, password: '', ssl: false } };
}

/** Host, port and name: enough to recognise it by, and no password. */
function describeTarget(sql: Sql): string {
  const { path, host, port, database } = sql.options;
  return path ? `${database} at ${path}` : `${database} at ${host[0]}:${port[0]}`;
}

function createDatabase(
  target: ConnectionTarget,
  poolSize: number,
  kind: BackendKind,
  server: EmbeddedServer | undefined,
): Database {
  const pool = createQueryPool(target, poolSize);
  const sessions = createSessionPool(target, poolSize);
  return {
    sql: pool.sql,
    sessions,
    kind,
    capabilities: capabilitiesOf[kind],
    get serverPid() {
      return server?.pid;
    },
    async query<Row extends object>(text: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
      checkParameters(parameters);
      return pool.sql.unsafe<(Row & Iterable<Row>)[]>(text, [...parameters], { prepare: true });
    },
    async close() {
      await Promise.all([pool.close(), sessions.close()]);
      await server?.stop();
    },
  };
}
