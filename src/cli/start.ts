import { type AddressInfo, createServer } from 'node:net';
import type { Logger } from 'pino';
import { type App, buildApp } from '../app.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { releaseClaims } from '../core/job/due-job-store.ts';
import { provideLaterDialects } from '../core/workspace/provide-dialect.ts';
import { dialects } from '../dialects/registry.ts';
import { startMaintenance } from '../jobs/maintenance.ts';
import { respellKeys } from '../jobs/respell-keys.ts';
import { startRetention } from '../jobs/retention-rounds.ts';
import type { Rounds } from '../jobs/rounds.ts';
import { startSettling } from '../jobs/settle-attribution.ts';
import { type OpenDatabase, openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { errorCode, StartupError } from '../store/startup-error.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { createLogger } from './logger.ts';
import { presentBanner } from './start/banner.ts';
import { credentialsPath, writeCredentials } from './start/credentials-file.ts';
import { prepareDemoWorkspace } from './start/demo-workspace.ts';
import { listenForStop } from './start/stop-signal.ts';
import { readVersion } from './version.ts';

/** How long connections may take to finish after a stop was asked for; docker waits ten seconds before it kills. */
const drainMilliseconds = 8_000;

export const start: Command = {
  help: `Usage: throughline start [SETTINGS]

Runs the server: starts the embedded PostgreSQL (or connects to DATABASE_URL), brings the tables up to date, creates the
workspace "demo" if there is none, and listens. Its keys are in <data folder>/credentials.json, readable by you alone.

SIGTERM or Ctrl-C stops it: what was accepted is answered first. A second one stops at once; nothing acknowledged is lost.
`,
  async run(args, config) {
    expectPositionals(parseOptions(args, {}).positionals);
    const logger = createLogger(config.logLevel);
    let database: OpenDatabase | undefined;
    // The database server is in a process group of its own and would go on without us.
    const abandon = () => {
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
    try {
      const server = await serve(config, database, logger);
      process.stdout.write(server.banner);
      await stop.requested;
      await drain(server.app, server.jobs, logger);
    } finally {
      await database.close();
    }
    logger.info('stopped');
    return 0;
  },
};

interface Server {
  readonly app: App;
  readonly jobs: readonly Rounds[];
  readonly banner: string;
}

async function serve(config: Config, database: OpenDatabase, logger: Logger): Promise<Server> {
  await migrate(database);
  const app = await buildApp(config, database, logger);
  await respellKeys({ ...app.services, dialects });
  await provideLaterDialects(app.services, dialects, new Date());
  const credentials = await prepareDemoWorkspace(app.services, config.dataDir, logger, new Date());
  // Whoever had jobs of our own server's died before it could be started here: nobody waits until their claims run out.
  if (database.capabilities.ownsServer) await releaseClaims(database);
  app.services.jobs.start();
  const jobs = [
    await startMaintenance(database, systemClock, logger),
    startRetention({ ...app.services, database, dialects }),
    startSettling({ ...app.services, database }),
    ...dialects.flatMap(({ startRounds }) => startRounds?.(app.services) ?? []),
  ];
  try {
    const baseUrl = await listen(app, config);
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
      signInLink: credentials && (await makeSignInLink(app, credentials.admin.token)),
      publicUrl: config.publicUrl,
    });
    return { app, jobs, banner };
  } catch (error) {
    await drain(app, jobs, logger);
    throw error;
  }
}

/** The secret part of a link to the console for the administrator; undefined when the key of the credentials file has ended. */
async function makeSignInLink({ services }: App, token: string): Promise<string | undefined> {
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

/** Answers the address at which this machine reaches the server. */
async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    await app.http.listen({ host, port });
  } catch (error) {
    throw explainListening(error, host, port);
  }
  const { address, family, port: chosen } = app.http.server.address() as AddressInfo;
  const reachable = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${family === 'IPv6' ? `[${reachable}]` : reachable}:${chosen}`;
}

function explainListening(error: unknown, host: string, port: number): unknown {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new StartupError(`port ${port} of ${host} is taken; choose another with --port or PORT`);
    case 'EACCES':
      return new StartupError(`this account may not listen on port ${port}; choose one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError(`${host} is no address of this machine; choose another with --host or HOST`);
    default:
      return error;
  }
}

/** Answers what was accepted, then stops the rest. A client that keeps its connection busy is cut off in the end. */
async function drain(app: App, jobs: readonly Rounds[], logger: Logger): Promise<void> {
  const deadline = setTimeout(() => {
    logger.warn('connections that did not finish are cut');
    app.http.server.closeAllConnections();
  }, drainMilliseconds);
  await app.close();
  clearTimeout(deadline);
  await Promise.all(jobs.map((job) => job.stop()));
}
