import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../../dialect.ts';
import { admit } from '../access.ts';

export interface ProjectRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  /** 200 unless said. */
  readonly status?: 200 | 201;
  readonly summary: string;
  readonly params?: object;
  readonly querystring?: object;
  readonly body?: object;
  readonly reply: object;
  readonly handle: (services: Services, request: FastifyRequest) => Promise<object> | object;
}

/** A route that answers JSON to who may see the project in its path, or to anybody with a token where there is none in it. */
export function registerProjectRoute(app: FastifyInstance, services: Services, route: ProjectRoute): void {
  const { method, url, status = 200, summary, params, querystring, body, reply, handle } = route;
  app.route({
    method,
    url,
    schema: {
      tags: ['Webmarketer'],
      summary,
      ...(params ? { params } : {}),
      ...(querystring ? { querystring } : {}),
      ...(body ? { body } : {}),
      response: { [status]: reply },
    },
    onRequest: (request) => admit(services, request),
    handler: async (request, answer) => answer.code(status).send(await handle(services, request)),
  });
}
