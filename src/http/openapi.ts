import swagger from '@fastify/swagger';
import reference from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** The OpenAPI document of all routes at /openapi.json, made from their schemas, and a page to read it by at /docs. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      // From 3.1 on null is a type, which values here can be.
      openapi: '3.1.0',
      info: {
        title: 'Throughline',
        description: 'Five tracking APIs on one port, and the native API that reads them back as one.',
        version: '1',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ bearer: [] }],
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(reference, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'none' },
    theme: {
      title: 'Throughline API',
      css: [{ filename: 'throughline.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  });
}
