import type { FastifyRequest } from 'fastify';
import type { Access } from '../core/credential/authenticator.ts';
import type { Credential } from '../core/credential/credential.ts';
import { RequestError } from '../errors.ts';
import { bearerToken, pathParameter } from '../http/access.ts';
import { requireOwnPage } from '../http/own-page.ts';
import type { NativeServices } from './services.ts';
import { readSessionCookie } from './session/cookie.ts';

const administratorsKey = "it takes the administrator's key (admin.token of credentials.json).";

/** Ids and slugs; anything else need not be looked for. */
const namePattern = /^[A-Za-z0-9-]{1,64}$/;

/**
 * A key, shown as a bearer token, or a session of the console, shown by its cookie; none opens what the other is for. Where a token is
 * shown, the cookie is not looked at. @throws RequestError `unauthenticated`; `forbidden` for what another site's page may have sent
 */
export async function authenticate(services: NativeServices, request: FastifyRequest): Promise<Credential> {
  if (request.headers.authorization === undefined) {
    const session = await findSession(services, request);
    if (!session) throw new RequestError('unauthenticated');
    requireOwnPage(request);
    return session;
  }
  const key = await services.authenticator.findCredential('native', bearerToken(request), ['key']);
  if (!key || !opensNative(key)) throw new RequestError('unauthenticated');
  return key;
}

/** The session whose cookie the request shows. */
export async function findSession(
  services: NativeServices,
  request: FastifyRequest,
): Promise<Credential | undefined> {
  const secret = readSessionCookie(request);
  const session = await services.authenticator.findCredential('native', secret, ['session']);
  return session && opensNative(session) ? session : undefined;
}

/** Above workspaces there is one role alone. */
export function opensNative({ workspaceId, role }: Credential): boolean {
  return workspaceId !== null || role === 'admin';
}

/** The administrator's key alone. @throws RequestError `unauthenticated`, `forbidden` */
export async function admitAdministrator(
  services: NativeServices,
  request: FastifyRequest,
): Promise<Credential> {
  const credential = await authenticate(services, request);
  if (credential.workspaceId !== null)
    throw new RequestError('forbidden', `This is above workspaces: ${administratorsKey}`);
  return credential;
}

/**
 * The tenant check, the only place where a path's id becomes a workspace: the administrator's key opens each one, a workspace's key
 * its own. Others are not there for it, whether they exist or not. @throws RequestError `unauthenticated`, `not-found`, `conflict`
 */
export async function enterWorkspace(services: NativeServices, request: FastifyRequest): Promise<Access> {
  const access = await enterEvenDeleted(services, request);
  if (access.workspace.status === 'deleting')
    throw new RequestError('conflict', 'The workspace is being deleted; GET …/jobs shows how far that is.', {
      path: 'params/workspace',
    });
  if (access.workspace.status === 'importing')
    throw new RequestError('conflict', 'The workspace is being imported.', { path: 'params/workspace' });
  return access;
}

/** As `enterWorkspace`, of a workspace that is being deleted, too. @throws RequestError `unauthenticated`, `not-found` */
export async function enterEvenDeleted(services: NativeServices, request: FastifyRequest): Promise<Access> {
  const credential = await authenticate(services, request);
  const name = pathParameter(request, 'workspace');
  const workspace = namePattern.test(name) ? await services.workspaces.find(name) : undefined;
  const mayEnter = credential.workspaceId === null || credential.workspaceId === workspace?.id;
  if (!workspace || !mayEnter)
    throw new RequestError(
      'not-found',
      'There is no such workspace for this key; GET /throughline/v1/workspaces lists those it opens.',
      {
        path: 'params/workspace',
      },
    );
  const access = { credential, workspace };
  request.access = access;
  return access;
}

/**
 * Within a workspace, for what holds in all of the installation: names that another workspace may have, or want. `path`: what of the
 * request asks for it. @throws RequestError `forbidden`
 */
export function requireAdministrator({ credential }: Access, path: string): void {
  if (credential.workspaceId === null) return;
  throw new RequestError('forbidden', `${path} is a name in all of the installation: ${administratorsKey}`, {
    path,
  });
}
