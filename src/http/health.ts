import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { NodeHealth } from '../store/node-health.ts';
import type { Readiness } from '../store/readiness.ts';
import { bearerToken } from './access.ts';

export interface HealthServices {
  readonly readiness: Readiness;
  readonly nodeHealth: NodeHealth;
  readonly ingest: Ingest;
  /** As Prometheus reads them. */
  readonly readMetrics: () => Promise<string>;
  /** Their content type. */
  readonly metricsType: string;
  /** What /metrics asks for, if for anything. */
  readonly metricsToken: string | undefined;
}

/**
 * /healthz: the process answers. /readyz: the database does too, and takes writes; of a distributed one which nodes answer; and how much waits. /metrics: for Prometheus.
 */
export function registerHealth(
  app: FastifyInstance,
  { readiness, nodeHealth, ingest, readMetrics, metricsType, metricsToken }: HealthServices,
): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const queue = { items: ingest.queuedItems, bytes: ingest.queuedBytes };
    const [state, nodes] = await Promise.all([readiness.look(), nodeHealth.look()]);
    const seen = { database: state, ...(nodes ? { nodes } : {}), queue };
    // With a node away the workspaces of the others go on.
    if (state === 'up') return { status: 'ready', ...seen };
    return reply
      .code(503)
      .header('retry-after', '1')
      .send({ status: 'not ready', ...seen });
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (metricsToken !== undefined && !isSame(bearerToken(request), metricsToken))
      throw new RequestError(
        'unauthenticated',
        'Metrics are shown for the token of THROUGHLINE_METRICS_TOKEN.',
      );
    return reply.type(metricsType).send(await readMetrics());
  });
  // Who opens the address in a browser looks for something to look at.
  app.get('/', { schema: { hide: true } }, async (request, reply) =>
    request.headers.accept?.includes('text/html')
      ? reply.redirect('/console')
      : { name: 'Throughline', console: '/console', reference: '/docs', openapi: '/openapi.json' },
  );
}

/** Compares hashes, in a time that says nothing of how much of it was right. */
function isSame(given: string | undefined, wanted: string): boolean {
  if (given === undefined) return false;
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
}
