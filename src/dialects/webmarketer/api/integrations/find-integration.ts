import type { Source } from '../../../../core/source/source.ts';
import { findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';

/** The workspace's integration of this id, archived or not, also one that another process has just made. */
export async function findIntegration(
  services: Services,
  workspace: Workspace,
  wmktId: string,
): Promise<Source | undefined> {
  return (
    findSource(workspace, 'webmarketer', 'integration', wmktId) ??
    findSource(await services.workspaces.reload(workspace.id), 'webmarketer', 'integration', wmktId)
  );
}

/** One that is in use. @throws RequestError `not-found` */
export async function requireIntegration(
  services: Services,
  workspace: Workspace,
  wmktId: string,
): Promise<Source> {
  const found = await findIntegration(services, workspace, wmktId);
  if (!found || found.archivedAt) throw new RequestError('not-found', 'Integration not found');
  return found;
}
