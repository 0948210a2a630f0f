import type { FastifyRequest } from 'fastify';
import type { Access } from '../../core/credential/authenticator.ts';
import { RequestError } from '../../errors.ts';
import { accessOf, bearerToken } from '../../http/access.ts';
import type { Services } from '../dialect.ts';

/** Before anything of the request is read: who asks, and whether the project in the path is theirs. */
export async function admit(services: Services, request: FastifyRequest): Promise<void> {
  const access = await services.authenticator.authenticate('webmarketer', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  request.access = access;
  const { projectId } = request.params as { projectId?: string };
  if (projectId !== undefined) await requireProject(services, access, projectId);
}

/** C3: 404 for a project that there is not, 403 for one that is another workspace's. */
export async function requireProject(services: Services, access: Access, projectId: string): Promise<void> {
  const workspace = await services.workspaces.findBound('webmarketer', 'project', projectId);
  if (!workspace) throw new RequestError('not-found', 'Project not found');
  if (workspace.id !== access.workspace.id) throw new RequestError('forbidden', 'Forbidden resource');
}

export interface ProjectRequest {
  readonly projectId: string;
  readonly access: Access;
}

/** The project of an admitted request and who asks. */
export function projectOf(request: FastifyRequest): ProjectRequest {
  const { projectId } = request.params as { projectId: string };
  return { projectId, access: accessOf(request) };
}
