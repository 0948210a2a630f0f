import type { FastifyInstance } from 'fastify';
import { RequestError } from '../../errors.ts';
import type { Dialect, Services } from '../dialect.ts';
import { admit } from './access.ts';
import { configurationOperations } from './api/configuration/operations.ts';
import { customerOperations } from './api/customers/operations.ts';
import { eventOperations, replay } from './api/events/operations.ts';
import type { Operation } from './api/operation.ts';
import { sessionOperations } from './api/sessions/operations.ts';
import { presentError } from './errors.ts';
import { HubSettings } from './settings.ts';

const prefix = '/hub/v1';

/** docs/spec/contacthub.md. Each resource has a folder of its own. */
export const contacthub: Dialect = {
  name: 'contacthub',
  settings: HubSettings,
  rateGroups: ['contacthub'],
  owns: (path) => path === prefix || path.startsWith(`${prefix}/`),
  register,
  presentError,
  replay,
  overridesMethods: true,
  // docs/spec/contacthub.md D: pages of any origin call it, and carry a token of their own.
  cors: {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Contactlab-ClientId',
      'Content-Type',
      'X-HTTP-Method-Override',
      'X-Tracing-ID',
      'Contactlab-Tracing-ID',
    ],
    maxAge: 86_400,
  },
};

const operations: readonly Operation[] = [
  ...eventOperations,
  ...customerOperations,
  ...sessionOperations,
  ...configurationOperations,
];

function register(app: FastifyInstance, services: Services): void {
  for (const operation of operations) registerOperation(app, services, operation);
  const methodsByPath = Map.groupBy(operations, (operation) => operation.path);
  for (const [path, known] of methodsByPath) refuseOtherMethods(app, services, path, known);
}

function registerOperation(app: FastifyInstance, services: Services, operation: Operation): void {
  const { method, path, summary, roles, schema, bodyLimit, handle } = operation;
  app.route({
    method,
    url: `${prefix}${path}`,
    schema: { tags: ['Contacthub'], summary, ...(roles ? {} : { security: [] }), ...schema },
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    ...(roles ? { onRequest: (request) => admit(services, request, roles) } : {}),
    handler: (request, reply) => handle(services, request, reply),
  });
}

/** A path that is there, by a method that is not, is refused in the form of messages (docs/spec/contacthub.md F). */
function refuseOtherMethods(
  app: FastifyInstance,
  services: Services,
  path: string,
  known: readonly Operation[],
): void {
  const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
    (method) => !known.some((operation) => operation.method === method),
  );
  const refuse = async (method: string): Promise<never> => {
    throw new RequestError('method-not-allowed', `Request method '${method}' not supported`);
  };
  app.route({
    method: others,
    url: `${prefix}${path}`,
    schema: { hide: true },
    // Before the body is read.
    onRequest: async (request) => {
      if (known.some((operation) => operation.roles)) await admit(services, request);
      return refuse(request.method);
    },
    handler: (request) => refuse(request.method),
  });
}
