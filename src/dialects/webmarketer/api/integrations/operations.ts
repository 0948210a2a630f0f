import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../../../dialect.ts';
import { admit, projectOf } from '../../access.ts';
import { type Page, parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import { ProjectParameters } from '../schemas.ts';
import { integrationOf } from './find-integration.ts';
import { presentIntegration } from './present.ts';
import { IntegrationParameters, IntegrationReply, IntegrationsQuery, IntegrationsReply } from './schemas.ts';

const path = '/api/v1/projects/:projectId/integrations';

/** docs/spec/webmarketer.md A2. They are made by the native API (ruling 2). */
export function registerIntegrationRoutes(app: FastifyInstance, services: Services): void {
  const onRequest = (request: FastifyRequest) => admit(services, request);
  app.get(path, {
    schema: {
      tags: ['Webmarketer'],
      summary: 'List integrations',
      params: ProjectParameters,
      querystring: IntegrationsQuery,
      response: { 200: IntegrationsReply },
    },
    onRequest,
    handler: (request) => listIntegrations(services, request),
  });
  app.get(`${path}/:wmktId`, {
    schema: {
      tags: ['Webmarketer'],
      summary: 'Get an integration',
      params: IntegrationParameters,
      response: { 200: IntegrationReply },
    },
    onRequest,
    handler: async (request) =>
      presentIntegration(projectOf(request).projectId, await integrationOf(services, request)),
  });
}

async function listIntegrations(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const page = parsePage(request.query as Partial<Page>);
  // Read anew: who has just made one by another process wants to see it.
  const { sources } = await services.workspaces.reload(access.workspace.id);
  const integrations = [...sources.values()].filter(
    (source) =>
      source.dialect === 'webmarketer' && source.kind === 'integration' && source.archivedAt === null,
  );
  return presentPage(
    integrations
      .slice(page.offset, page.offset + page.limit)
      .map((source) => presentIntegration(projectId, source)),
    integrations.length,
    page,
  );
}
