import cluster from 'node:cluster';
import { createServer } from 'node:net';
import type { Logger } from 'pino';
import { buildApp, closeServices, createServices } from '../app.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { releaseClaims } from '../core/job/due-job-store.ts';
import type { Services } from '../dialects/dialect.ts';
import { dialects, registry } from '../dialects/registry.ts';
import { startMaintenance } from '../jobs/maintenance.ts';
import { startRetention } from '../jobs/retention-rounds.ts';
import type { Rounds } from '../jobs/rounds.ts';
import { startSettling } from '../jobs/settle-attribution.ts';
import { Hub } from '../processes/hub.ts';
import { settingsOfOne } from '../processes/share.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { type OpenDatabase, openDatabase } from '../store/database.ts';
import { emptyDistributedTables } from '../store/local-rows.ts';
import { migrate } from '../store/migrate.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { createLogger } from './logger.ts';
import { presentBanner } from './start/banner.ts';
import { credentialsPath, writeCredentials } from './start/credentials-file.ts';
import { prepareDemoWorkspace } from './start/demo-workspace.ts';
import { drain, explainListening, listen } from './start/listen.ts';
import { isNodeAway, prepareWorkspaces } from './start/prepare-workspaces.ts';
import { listenForStop } from './start/stop-signal.ts';
import { runWorker } from './start/worker.ts';
import { readVersion } from './version.ts';

export const start: Command = {
  help: `Usage: throughline start [SETTINGS]

Runs the server: starts the embedded PostgreSQL (or connects to DATABASE_URL), brings the tables up to date, creates the
workspace "demo" if there is none, and listens. Its keys are in <data folder>/credentials.json, readable by you alone.

With --processes N requests are taken by N processes on the one port; the process that has started them runs the jobs.

SIGTERM or Ctrl-C stops it: what was accepted is answered first. A second one stops at once; nothing acknowledged is lost.
`,
  async run(args, wholeConfig) {
    expectPositionals(parseOptions(args, {}).positionals);
    const config = settingsOfOne(wholeConfig);
    if (cluster.isWorker) return runWorker(config);
    const logger = createLogger(config.logLevel, config.processes === 1 ? undefined : 0);
    let database: OpenDatabase | undefined;
    let api: Api | undefined;
    // The database server is in a process group of its own and would go on without us.
    const abandon = () => {
      api?.kill();
      if (database?.serverPid) process.kill(database.serverPid, 'SIGINT');
      process.exit(1);
    };
    process.on('uncaughtException', (error) => {
      logger.fatal({ err: error }, 'a fault that nothing handles; the process ends');
      abandon();
    });
    const stop = listenForStop(logger, abandon);
    await expectFreePort(config);
    database = await openDatabase(config, logger);
    let isAsked: boolean;
    try {
      await migrate(database);
      await emptyDistributedTables(database);
      api =
        config.processes === 1
          ? await openAlone(config, database, logger)
          : openProcesses(config, database, logger);
      isAsked = await serve(api, config, database, logger, stop.requested);
    } finally {
      await database.close();
    }
    logger.info('stopped');
    return isAsked ? 0 : 1;
  },
};

/** What takes requests, in this process or in others, and the services of this one. */
interface Api {
  readonly services: Services;
  /** Takes requests from now on; answers the address. */
  listen(): Promise<string>;
  /** Resolves when nobody takes requests any more, though nobody has asked for a stop. */
  readonly gone: Promise<void>;
  /** Answers what was accepted, and takes no more. */
  close(): Promise<void>;
  /** Ends other processes at once. */
  kill(): void;
}

const never = new Promise<void>(() => {});

async function openAlone(config: Config, database: OpenDatabase, logger: Logger): Promise<Api> {
  const app = await buildApp(config, database, logger);
  return {
    services: app.services,
    listen: () => listen(app, config),
    gone: never,
    close: () => drain(app, logger),
    kill: () => {},
  };
}

function openProcesses(config: Config, database: OpenDatabase, logger: Logger): Api {
  const hub = new Hub(config.visitorAllowance, systemClock);
  const { services, metrics } = createServices(config, database, logger, systemClock, registry, hub.together);
  hub.serve({ lookForJobs: () => services.jobs.look(), registry: metrics.registry });
  const supervisor = new Supervisor(config.processes, hub, database.embedded, logger);
  return {
    services,
    listen: () => supervisor.start(),
    gone: supervisor.allGone,
    close: () => closeServices(services, () => supervisor.stop()),
    kill: () => supervisor.kill(),
  };
}

/** Does all that a server does, until it is asked to stop: true; or nobody takes requests any more: false. */
async function serve(
  api: Api,
  config: Config,
  database: OpenDatabase,
  logger: Logger,
  stopRequested: Promise<void>,
): Promise<boolean> {
  const { services } = api;
  const preparing = await prepareWorkspaces(services, dialects);
  const credentials = await prepareDemo(config, database, services, logger);
  // Whoever had jobs of our own server's died before it could be started here: nobody waits until their claims run out.
  if (database.capabilities.ownsServer) await releaseClaims(database);
  services.jobs.start();
  const rounds = [...preparing, ...(await startRounds(services, database, logger))];
  try {
    const baseUrl = await api.listen();
    const path = credentialsPath(config.dataDir);
    if (credentials && credentials.baseUrl !== baseUrl)
      await writeCredentials(path, { ...credentials, baseUrl });
    const banner = presentBanner({
      version: readVersion(),
      baseUrl,
      dataDir: config.dataDir,
      database: database.capabilities.ownsServer ? 'embedded PostgreSQL' : `database: ${database.kind}`,
      credentialsPath: path,
      credentials,
      signInLink: credentials && (await makeSignInLink(services, credentials.admin.token)),
      publicUrl: config.publicUrl,
    });
    process.stdout.write(banner);
    return await Promise.race([stopRequested.then(() => true), api.gone.then(() => false)]);
  } finally {
    await api.close();
    await Promise.all(rounds.map((round) => round.stop()));
  }
}

/** The workspace `demo`, unless its node of a distributed database is away: the next start sees to it then. */
async function prepareDemo(config: Config, database: OpenDatabase, services: Services, logger: Logger) {
  try {
    return await prepareDemoWorkspace(services, config.dataDir, logger, new Date());
  } catch (error) {
    if (!isNodeAway(database, error)) throw error;
    logger.warn(
      { err: error },
      'a node of the database is away, so that the workspace "demo" was not seen to',
    );
    return undefined;
  }
}

/** What is done again and again. */
async function startRounds(services: Services, database: OpenDatabase, logger: Logger): Promise<Rounds[]> {
  return [
    await startMaintenance(database, systemClock, logger),
    startRetention({ ...services, database, dialects }),
    startSettling({ ...services, database }),
    ...dialects.flatMap((dialect) => dialect.startRounds?.(services) ?? []),
  ];
}

/** The secret part of a link to the console for the administrator; undefined when the key of the credentials file has ended. */
async function makeSignInLink(services: Services, token: string): Promise<string | undefined> {
  const key = await services.authenticator.findCredential('native', token, ['key']);
  return key && services.signInLinks.make(key.id);
}

/** Before there is a database: a port that is taken is no reason to make one. */
async function expectFreePort({ host, port }: Config): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject).listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw explainListening(error, host, port);
  } finally {
    probe.close();
  }
}
