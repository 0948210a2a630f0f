import swagger from '@fastify/swagger';
import reference from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './errors.ts';
import { pageHeaders } from './page-headers.ts';
import { type PreparedFile, prepareFile, sendPrepared } from './prepared-file.ts';

/** The OpenAPI document of all routes at /openapi.json, made from their schemas, and a page to read it by at /docs. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      // From 3.1 on null is a type, which values here can be.
      openapi: '3.1.0',
      info: {
        title: 'Throughline',
        description: 'Vendors’ tracking APIs on one port, and the native API that reads them back as one.',
        version: '1',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ bearer: [] }],
    },
  });
  // Made when it is first asked for: by then every route is registered, and a start need not wait for it.
  let document: PreparedFile | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (request, reply) => {
    document ??= prepareFile(JSON.stringify(app.swagger()), 'application/json; charset=utf-8');
    return sendPrepared(request, reply.header('cache-control', 'public, no-cache'), document);
  });
  await app.register(registerReference);
}

const referenceHeaders = pageHeaders();

async function registerReference(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(referenceHeaders);
  });
  await app.register(reference, {
    routePrefix: '/docs',
    // Without the bar of the standalone layout, whose logo has a style inline.
    uiConfig: { docExpansion: 'none', layout: 'BaseLayout' },
    uiHooks: {
      // The page asks for the document beside it, and the package would write it out anew for each who asks.
      async onRequest(request, reply) {
        if (/\/(?:json|yaml)$/.test(pathOf(request))) return reply.redirect('../openapi.json', 308);
      },
    },
    theme: { title: 'Throughline API' },
  });
}
