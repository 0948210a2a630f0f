import type { FastifyRequest } from 'fastify';
import type { Access } from '../../core/credential/authenticator.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken, pathParameter } from '../../http/access.ts';
import type { Guard } from '../../http/operation.ts';
import type { Services } from '../dialect.ts';

/** Any token of the API. */
export const anyToken: Guard<Services, Access> = { admit: authenticate };

/** A token whose project is the one in the path (`:projectId`). */
export const inProject: Guard<Services, Access> = {
  admit: async (services, request) => {
    const access = await authenticate(services, request);
    await requireProject(services, access, pathParameter(request, 'projectId'));
    return access;
  },
};

async function authenticate(services: Services, request: FastifyRequest): Promise<Access> {
  const access = await services.authenticator.authenticate('webmarketer', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  request.access = access;
  return access;
}

/** C3: 404 for a project that there is not, 403 for one that is another workspace's. */
export async function requireProject(services: Services, access: Access, projectId: string): Promise<void> {
  const workspace = await services.workspaces.findBound('webmarketer', 'project', projectId);
  if (!workspace) throw new RequestError('not-found', 'Project not found');
  if (workspace.id !== access.workspace.id) throw new RequestError('forbidden', 'Forbidden resource');
}
