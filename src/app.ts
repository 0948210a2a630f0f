import cors, { type FastifyCorsOptions } from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Registry as MetricsRegistry } from 'prom-client';
import type { Config } from './config.ts';
import { Refusals } from './core/accounting/refusals.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { Authenticator } from './core/credential/authenticator.ts';
import { LastUses } from './core/credential/last-uses.ts';
import { Turns } from './core/credential/turns.ts';
import { ErasureKeyFile } from './core/erasure/erasure-key.ts';
import { newId } from './core/id.ts';
import { RateLimiter } from './core/rate-limit/rate-limiter.ts';
import { alone, type Together } from './core/together.ts';
import { WorkspaceCache } from './core/workspace/workspace-cache.ts';
import type { Services } from './dialects/dialect.ts';
import { type Registry, registry as theRegistry } from './dialects/registry.ts';
import type { RequestError } from './errors.ts';
import { registerAskers } from './http/asker.ts';
import { registerBodies } from './http/body.ts';
import { registerConsole } from './http/console.ts';
import { watchDatabase } from './http/database-metrics.ts';
import { createErrorAnswer, pathOf, registerErrors } from './http/errors.ts';
import { registerHealth } from './http/health.ts';
import { overrideMethod } from './http/method-override.ts';
import { ProcessMetrics } from './http/metrics.ts';
import { presentNativeError } from './http/native-errors.ts';
import { registerOpenApi } from './http/openapi.ts';
import { trustIn, warnOfProxies } from './http/proxies.ts';
import { logRequests, measureRequests } from './http/request-metrics.ts';
import { buildSerializer } from './http/serialization.ts';
import { createClientErrorHandler, createServerFactory, endSlowReaders, letGoAtEnd } from './http/server.ts';
import { ShortWays } from './http/short-way.ts';
import { compileAllButBodies } from './http/validation.ts';
import { Ingest } from './ingest/ingest.ts';
import { JobRunner } from './jobs/run-jobs.ts';
import { registerNative } from './native/routes.ts';
import type { OpenDatabase } from './store/database.ts';
import { FairLine } from './store/fair-line.ts';
import { NodeHealth } from './store/node-health.ts';
import { Readiness } from './store/readiness.ts';

/** A hash takes 16 MB and a thread of the four that all files and names share. */
const hashesAtOnce = 2;
/** About a second's work. */
const maximumWaitingHashes = 20;

export interface App {
  readonly http: FastifyInstance;
  readonly services: Services;
  /** What this process measures. */
  readonly registry: MetricsRegistry;
  /** Answers what was accepted, then stops taking requests. The database stays open. */
  close(): Promise<void>;
}

/** Everything there is of these dialects, in the order in which it is registered. It does not listen: tests inject. */
export async function buildApp(
  config: Config,
  database: OpenDatabase,
  logger: Logger,
  clock: Clock = systemClock,
  registry: Registry = theRegistry,
  together: Together = alone(config.visitorAllowance, clock),
): Promise<App> {
  const { dialects, dialectOf } = registry;
  const { services, metrics } = createServices(config, database, logger, clock, registry, together);
  const refusals = new Refusals(database, clock, logger);
  const present = (error: RequestError, path: string) =>
    dialectOf(path)?.presentError(error, path) ?? presentNativeError(error);
  const answerError = createErrorAnswer(
    present,
    (request, error) => {
      const dialect = dialectOf(pathOf(request))?.name ?? 'native';
      if (error.details.accounted) return;
      metrics.refused(dialect, error.code);
      const workspaceId = request.access?.workspace.id ?? request.refusedFor;
      if (workspaceId && dialect !== 'native') refusals.count(workspaceId, dialect, error.code);
    },
    logger,
  );
  const isTrusted = trustIn(config.trustedProxies);
  const newServer = createServerFactory(config, isTrusted);
  // Who may be a proxy that nobody trusts is warned of on the whole way.
  const shortWays = new ShortWays(config.trustedProxies.length === 0 ? ['x-forwarded-for'] : []);
  const http = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustedProxies.length > 0 ? isTrusted : false,
    serverFactory: (handler) => newServer(config.logsRequests ? handler : shortWays.before(handler)),
    clientErrorHandler: createClientErrorHandler(present, config),
    genReqId: () => newId(Date.now()),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    // Who has a connection is answered to the end (http/server.ts).
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildSerializer } },
    frameworkErrors: answerError,
    rewriteUrl(request) {
      if (request.method === 'POST') overrideMethod(request, (path) => dialectOf(path)?.overridesMethods);
      return request.url ?? '/';
    },
  });
  http.decorate('publicUrl', config.publicUrl);
  registerShortWays(http, shortWays, metrics, dialectOf);
  await registerEdge(http, dialectOf, answerError);
  watchClients(http, config, logger);
  await registerOpenApi(http);
  registerHealth(http, {
    ...services,
    readMetrics: together.readMetrics ?? (() => metrics.registry.metrics()),
    metricsType: metrics.registry.contentType,
    metricsToken: config.metricsToken,
  });
  registerConsole(http);
  for (const dialect of dialects) {
    await http.register(async (scope) => {
      scope.setValidatorCompiler(compileAllButBodies);
      await dialect.register(scope, services);
    });
  }
  // Behind those that clients were written for, as the reference shows them.
  await registerNative(http, services, dialects);
  // The last of all: streams are ended by the rooms that they are of, and would be waited for.
  await http.register(async (scope) => letGoAtEnd(scope));
  return {
    http,
    services,
    registry: metrics.registry,
    async close() {
      await closeServices(services, () => http.close());
      await refusals.flush();
    },
  };
}

/** Ends what is under way: what serves requests first, so that all that was accepted is answered. */
export async function closeServices(services: Services, stopServing: () => Promise<void>): Promise<void> {
  // Who waits for a job is told that it goes on later.
  const stopped = services.jobs.stop();
  await stopServing();
  await services.ingest.drain();
  await stopped;
  await services.lastUses.flush();
}

/** What the log says of who asks, if it is to say anything. */
function watchClients(http: FastifyInstance, config: Config, logger: Logger): void {
  if (config.logsRequests) logRequests(http, logger);
  if (config.trustedProxies.length === 0) warnOfProxies(http, logger);
}

/** Whoever answers, answers are counted. */
function registerShortWays(
  http: FastifyInstance,
  shortWays: ShortWays,
  { registry }: ProcessMetrics,
  dialectOf: Registry['dialectOf'],
): void {
  const measureOf = measureRequests(http, registry, (path) => dialectOf(path)?.name ?? 'native');
  shortWays.follow(http, (path) => dialectOf(path)?.cors, measureOf);
}

/** What every route has around it: who asks, bodies, errors, other origins. */
async function registerEdge(
  http: FastifyInstance,
  dialectOf: Registry['dialectOf'],
  answerError: ReturnType<typeof createErrorAnswer>,
): Promise<void> {
  http.decorateRequest('access', null);
  http.decorateRequest('refusedFor', null);
  http.decorateRequest('guarded', undefined);
  registerAskers(http);
  registerBodies(http);
  registerErrors(http, answerError);
  endSlowReaders(http);
  await http.register(
    cors,
    () => (request: FastifyRequest, done: (error: null, options: FastifyCorsOptions) => void) => {
      done(null, dialectOf(pathOf(request))?.cors ?? { origin: false });
    },
  );
}

/** Exports are long; those of one tenant leave places to the others, and beyond these it is refused. Each process has its share. */
function exportPlaces(processes: number) {
  const [places, placesPerTenant] = [Math.ceil(8 / processes), Math.ceil(2 / processes)];
  return { places, placesPerTenant, waitMilliseconds: 0, waitingPerTenant: 0 };
}

/** What routes and jobs work with. */
export function createServices(
  config: Config,
  database: OpenDatabase,
  logger: Logger,
  clock: Clock,
  {
    dialects,
    projections,
    saleTypes,
    knownTypes,
    adPlatforms,
    workspaceParts,
    jobKindsOf,
    erasureRules,
  }: Registry,
  together: Together,
): { readonly services: Services; readonly metrics: ProcessMetrics } {
  const { others, lookForJobs } = together;
  const { admission, requests, ingest: events } = database.lanes;
  const metrics = new ProcessMetrics(dialects.map(({ name }) => name));
  const workspaces = new WorkspaceCache(admission, workspaceParts, others);
  const erasureKey = new ErasureKeyFile(config.dataDir);
  const ingest = new Ingest(
    events,
    workspaces,
    clock,
    logger,
    metrics,
    projections,
    {
      queueBytes: config.queueLimitBytes,
    },
    { key: erasureKey, rules: erasureRules },
  );
  ingest.onCommit((workspaceId) => others.committed(workspaceId));
  metrics.watchQueue(ingest);
  const readiness = new Readiness(admission);
  const nodeHealth = new NodeHealth(database);
  const { registry } = metrics;
  // It is one for all processes: that which runs the jobs watches it.
  if (!lookForJobs)
    watchDatabase({ registry, database: admission, readiness, nodeHealth, dataDir: config.dataDir, clock });
  const lastUses = new LastUses(admission, logger);
  const jobs = new JobRunner({ database, clock, logger, lookElsewhere: lookForJobs }, () => jobKindsOf(all));
  const all: Services = {
    config,
    database: requests,
    jobDatabase: database,
    workspaces,
    authenticator: new Authenticator(admission, workspaces, clock, lastUses, others),
    lastUses,
    rateLimiter: new RateLimiter(together.rateWindows, clock),
    visitors: together.visitors,
    signInThrottle: together.signInThrottle,
    signInLinks: together.signInLinks,
    others,
    exports: new FairLine(exportPlaces(config.processes)),
    passwordTurns: new Turns(hashesAtOnce, maximumWaitingHashes),
    ingest,
    erasureKey,
    jobs,
    provided: dialects,
    readiness,
    nodeHealth,
    shards: database,
    projections,
    saleTypes,
    knownTypes,
    adPlatforms,
    clock,
    logger,
  };
  return { services: all, metrics };
}
