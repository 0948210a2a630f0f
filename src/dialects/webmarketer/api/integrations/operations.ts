import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { parsePage } from '../parse.ts';
import { presentPage } from '../present.ts';
import { ProjectParameters } from '../schemas.ts';
import { requireIntegration } from './find-integration.ts';
import { presentIntegration } from './present.ts';
import { IntegrationParameters, IntegrationReply, IntegrationsQuery, IntegrationsReply } from './schemas.ts';

const path = '/api/v1/projects/:projectId/integrations';

/** docs/spec/webmarketer.md A2. They are made by the native API (ruling 2). */
export const integrationOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List integrations',
    guard: inProject,
    checks: { path: ProjectParameters, query: IntegrationsQuery },
    replies: { 200: IntegrationsReply },
    handle: async ({ services, access, path: { projectId }, query }) => {
      const page = parsePage(query);
      // Read anew: who has just made one by another process wants to see it.
      const { sources } = await services.workspaces.reload(access.workspace.id);
      const integrations = [...sources.values()].filter(
        (source) =>
          source.dialect === 'webmarketer' && source.kind === 'integration' && source.archivedAt === null,
      );
      const shown = integrations.slice(page.offset, page.offset + page.limit);
      return presentPage(
        shown.map((source) => presentIntegration(projectId, source)),
        integrations.length,
        page,
      );
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:wmktId`,
    summary: 'Get an integration',
    guard: inProject,
    checks: { path: IntegrationParameters },
    replies: { 200: IntegrationReply },
    handle: async ({ services, access, path: { projectId, wmktId } }) =>
      presentIntegration(projectId, await requireIntegration(services, access.workspace, wmktId)),
  }),
];
