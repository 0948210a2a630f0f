import type { Logger } from 'pino';
import { type Config, defaultReadsPerWorkspace } from '../config.ts';
import { type BackendKind, type Capabilities, capabilitiesOf } from './backends/capabilities.ts';
import {
  type EmbeddedConnection,
  type EmbeddedServer,
  findRunningEmbedded,
  hasCluster,
  startEmbedded,
} from './backends/embedded.ts';
import { externalConnection, inspectServer } from './backends/external.ts';
import { type ConnectionTarget, openProbe, type Sql } from './driver.ts';
import { createLanes, type LaneSettings, type Lanes, laneConnections } from './lanes.ts';
import type { Parameter, Queryable, QuestionOptions } from './queryable.ts';
import { createSessionPool, type SessionPool } from './session-pool.ts';
import { StartupError } from './startup-error.ts';
import { runStatement } from './statement.ts';

/** What stores and questions work with: `query` for reading and single statements, `inTransaction` for more than one. */
export interface Database extends Queryable {
  query<Row extends object>(
    text: string,
    parameters?: readonly Parameter[],
    options?: QuestionOptions,
  ): Promise<Row[]>;
  /** The connections of `inTransaction`. */
  readonly sessions: SessionPool;
}

/**
 * A database that this process has opened. Asked directly it serves what may take long: jobs, commands, migrations. What serves
 * requests takes one of the lanes.
 */
export interface OpenDatabase extends Database {
  readonly lanes: Lanes;
  readonly kind: BackendKind;
  readonly capabilities: Capabilities;
  /** How other processes of the same start reach the embedded server; undefined for a server that is not ours. */
  readonly embedded: EmbeddedConnection | undefined;
  /** The embedded server's process, which a crash test kills; undefined for a server that is not ours. */
  readonly serverPid: number | undefined;
  /** Closes the connections, then stops the server if it is ours. */
  close(): Promise<void>;
}

export type OpeningMode = 'own' | 'attach' | 'attach-or-make';

/**
 * Opens the database that the settings name, and starts it if it is the embedded one.
 * @param mode `attach` uses the embedded server of a process that is running already, if there is one, and makes no database: for commands;
 *   `attach-or-make` does make one, for commands that fill it
 * @throws StartupError with one clear line
 */
export async function openDatabase(
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'databasePoolSize'> &
    Partial<ReadLimits & Pick<Config, 'processes'>>,
  logger: Logger,
  mode: OpeningMode = 'own',
): Promise<OpenDatabase> {
  const { dataDir, databaseUrl, databasePoolSize, processes = 1 } = config;
  if (databaseUrl !== undefined)
    return connectDatabase(externalConnection(databaseUrl), databasePoolSize, config);
  if (mode === 'attach' && !(await hasCluster(dataDir)))
    throw new StartupError(
      `there is no database in ${dataDir}: name the data folder of a server (--data-dir), or the database that it uses (DATABASE_URL); throughline start makes a new one`,
    );
  const running = mode === 'own' ? undefined : await findRunningEmbedded(dataDir);
  if (running) return connectDatabase(embeddedTarget(running), databasePoolSize, config);
  const server = await startEmbedded({
    dataDir,
    logger,
    settings: { max_connections: String(connectionsFor(processes, databasePoolSize)) },
  });
  const settings = laneSettings(databasePoolSize, config);
  return createDatabase(embeddedTarget(server.connection), settings, 'embedded', server);
}

/** Connects to the embedded server that another process of the same start has opened. It need not be up at the moment. */
export function joinEmbedded(
  connection: EmbeddedConnection,
  config: Pick<Config, 'databasePoolSize'> & Partial<ReadLimits>,
): OpenDatabase {
  const settings = laneSettings(config.databasePoolSize, config);
  return createDatabase(embeddedTarget(connection), settings, 'embedded', undefined);
}

/**
 * Connects to a server that runs already.
 * @throws StartupError when it can't be reached or is too old
 */
export async function connectDatabase(
  target: ConnectionTarget,
  poolSize: number,
  limits: Partial<ReadLimits> = {},
): Promise<OpenDatabase> {
  const probe = openProbe(target, probeMilliseconds);
  try {
    const kind = await inspectServer(probe, describeTarget(probe));
    return createDatabase(target, laneSettings(poolSize, limits), kind, undefined);
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

/** What requests may ask of the database (docs/security.md). */
export type ReadLimits = Omit<LaneSettings, 'poolSize'>;

function laneSettings(
  poolSize: number,
  { readMilliseconds = 10_000, readsPerWorkspace = defaultReadsPerWorkspace(poolSize) }: Partial<ReadLimits>,
): LaneSettings {
  return { poolSize, readMilliseconds, readsPerWorkspace };
}

/** For what is asked of a server before it is used. */
const probeMilliseconds = 10_000;
/** For a statement of a job or a command: a slice, a check of a whole table. */
const jobStatementMilliseconds = 60 * 60 * 1000;
const jobConnections = 4;
/** Of the embedded server, beside those of the processes: for commands beside it, and for its own superuser. */
const otherConnections = 30;
const usualConnections = 130;

/** How many connections the embedded server allows: those of the processes that take requests, and of the one that has started them. */
function connectionsFor(processes: number, poolSize: number): number {
  const ofOne = laneConnections(poolSize) + 2 * Math.min(poolSize, jobConnections);
  return Math.max(usualConnections, (processes + 1) * ofOne + otherConnections);
}

function createDatabase(
  target: ConnectionTarget,
  settings: LaneSettings,
  kind: BackendKind,
  server: EmbeddedServer | undefined,
): OpenDatabase {
  const size = Math.min(settings.poolSize, jobConnections);
  const statementMilliseconds = jobStatementMilliseconds;
  const questions = createSessionPool(target, size, { statementMilliseconds, writesAlone: true });
  const sessions = createSessionPool(target, size, { statementMilliseconds });
  const lanes = createLanes(target, settings);
  return {
    sessions,
    lanes,
    kind,
    capabilities: capabilitiesOf[kind],
    embedded: server?.connection,
    get serverPid() {
      return server?.pid;
    },
    query: <Row extends object>(
      text: string,
      parameters: readonly Parameter[] = [],
      options?: QuestionOptions,
    ) => runStatement<Row>(questions, text, parameters, { milliseconds: statementMilliseconds, options }),
    async close() {
      await Promise.all([questions.close(), sessions.close(), lanes.close()]);
      await server?.stop();
    },
  };
}
