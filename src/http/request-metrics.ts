import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { pathOf } from './errors.ts';

/** Counts an answer by its status, and the seconds that it took. */
export type MeasureAnswer = (status: number, seconds: number) => void;

/**
 * Counts answers and their times, by API. `apiOf`: the name of the API whose path it is. Answers how to count what is answered without
 * Fastify, by a path.
 */
export function measureRequests(
  app: FastifyInstance,
  registry: Registry,
  apiOf: (path: string) => string,
): (path: string) => MeasureAnswer {
  const answers = new Counter({
    name: 'throughline_http_requests_total',
    help: 'Requests that were answered, by API and status.',
    labelNames: ['api', 'status'],
    registers: [registry],
  });
  const times = new Histogram({
    name: 'throughline_http_request_seconds',
    help: 'From the headers of a request to the end of its answer, by API.',
    labelNames: ['api'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15],
    registers: [registry],
  });
  const measureOf = (path: string): MeasureAnswer => {
    const api = apiOf(path);
    return (status, seconds) => {
      answers.inc({ api, status });
      times.observe({ api }, seconds);
    };
  };
  app.addHook('onResponse', (request, reply, done) => {
    measureOf(pathOf(request))(reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  return measureOf;
}

/** A line for each answer: the route as it is declared, so that no id, name or address of anybody is in it. */
export function logRequests(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    );
    done();
  });
}
