import type { FastifyRequest } from 'fastify';
import type { Credential } from '../core/credential/credential.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import { accessOf, bearerToken } from '../http/access.ts';
import type { NativeServices } from './services.ts';

/** Ids and slugs; anything else need not be looked for. */
const namePattern = /^[A-Za-z0-9-]{1,64}$/;

/** @throws RequestError `unauthenticated` */
export async function authenticate(services: NativeServices, request: FastifyRequest): Promise<Credential> {
  const credential = await services.authenticator.findCredential('native', bearerToken(request));
  if (!credential || (credential.workspaceId === null && credential.role !== 'admin'))
    throw new RequestError('unauthenticated');
  return credential;
}

/** The administrator's key alone. @throws RequestError `unauthenticated`, `forbidden` */
export async function admitAdministrator(services: NativeServices, request: FastifyRequest): Promise<void> {
  const credential = await authenticate(services, request);
  if (credential.workspaceId !== null)
    throw new RequestError('forbidden', 'This takes the key of the administrator.');
}

/**
 * The tenant check, the only place where a path's id becomes a workspace: the administrator's key opens each one, a workspace's key
 * its own. Others are not there for it, whether they exist or not. @throws RequestError `unauthenticated`, `not-found`
 */
export async function enterWorkspace(services: NativeServices, request: FastifyRequest): Promise<void> {
  const credential = await authenticate(services, request);
  const { workspace: name } = request.params as { workspace: string };
  const workspace = namePattern.test(name) ? await services.workspaces.find(name) : undefined;
  const mayEnter = credential.workspaceId === null || credential.workspaceId === workspace?.id;
  if (!workspace || !mayEnter) throw new RequestError('not-found', 'There is no such workspace.');
  request.access = { credential, workspace };
}

/** The workspace that `enterWorkspace` has found. */
export function workspaceOf(request: FastifyRequest): Workspace {
  return accessOf(request).workspace;
}
