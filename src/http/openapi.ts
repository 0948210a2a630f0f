import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import reference from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './errors.ts';
import { pageHeaders } from './page-headers.ts';
import { type PreparedFile, prepareFile, sendPrepared } from './prepared-file.ts';

/** The OpenAPI document of all routes at /openapi.json, made from their schemas, and a page to read it by at /docs. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  const examples = collectExamples(app);
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
    transformObject: showExamples(examples),
  });
  // Made when it is first asked for: by then every route is registered, and a start need not wait for it.
  let document: PreparedFile | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (request, reply) => {
    document ??= prepareFile(JSON.stringify(app.swagger()), 'application/json; charset=utf-8');
    return sendPrepared(request, reply.header('cache-control', 'public, no-cache'), document);
  });
  await app.register(registerReference);
}

/** The bodies that operations show, by the method and the path of their routes. */
type Examples = ReadonlyMap<string, object>;

function collectExamples(app: FastifyInstance): Examples {
  const examples = new Map<string, object>();
  app.addHook('onRoute', ({ url, method, config }) => {
    const example = config?.operation?.example;
    if (example)
      for (const each of [method].flat())
        examples.set(`${each} ${url.replaceAll(/:(\w+)/g, '{$1}')}`, example);
  });
  return examples;
}

/** Put in once the document is made: what makes it would take an example's own `properties` for those of a schema. */
function showExamples(examples: Examples): SwaggerTransformObject {
  return (made) => {
    if (!('openapiObject' in made)) return made.swaggerObject;
    for (const [path, item] of Object.entries(made.openapiObject.paths ?? {})) {
      for (const method of ['post', 'put', 'patch'] as const) {
        const body = item?.[method]?.requestBody;
        const example = examples.get(`${method.toUpperCase()} ${path}`);
        if (example && body && 'content' in body)
          for (const media of Object.values(body.content)) media.example = example;
      }
    }
    return made.openapiObject;
  };
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
