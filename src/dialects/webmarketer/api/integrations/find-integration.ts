import type { FastifyRequest } from 'fastify';
import type { Source } from '../../../../core/source/source.ts';
import { findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';

/** The workspace's live integration of this id, also one that another process has just made. */
export async function findIntegration(
  services: Services,
  workspace: Workspace,
  wmktId: string,
): Promise<Source | undefined> {
  const known =
    findSource(workspace, 'webmarketer', 'integration', wmktId) ??
    findSource(await services.workspaces.reload(workspace.id), 'webmarketer', 'integration', wmktId);
  return known?.archivedAt === null ? known : undefined;
}

/** The integration that the path names. @throws RequestError `not-found` */
export async function integrationOf(services: Services, request: FastifyRequest): Promise<Source> {
  const { wmktId } = request.params as { wmktId: string };
  const found = await findIntegration(services, accessOf(request).workspace, wmktId);
  if (!found) throw new RequestError('not-found', 'Integration not found');
  return found;
}
