import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { ConsentAuthor } from '../../core/consent/consent.ts';
import type { Access } from '../../core/credential/authenticator.ts';
import type { Credential } from '../../core/credential/credential.ts';
import { cutText } from '../../core/cut-text.ts';
import type { Node } from '../../core/node/node.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { bearerToken, pathParameter } from '../../http/access.ts';
import { type Guard, open } from '../../http/operation.ts';
import type { Services } from '../dialect.ts';
import { notFound } from './errors.ts';
import { type HubOperation, hubOperations, type OperationRow, type Role } from './roles.ts';

/** A token of the workspace that the path names, of whatever role. */
export const anyToken: Guard<Services, Access> = { admit: (services, request) => admit(services, request) };

/** Where an operation is, and the guard that lets in tokens of the workspace that the path names, of the roles that may do this. */
export function at(name: HubOperation) {
  const { method, path, roles } = rowOf(name);
  const guard: Guard<Services, Access> = {
    admit: (services, request) => admit(services, request, roles),
    roles,
  };
  return { method, path, guard };
}

/** As `at`, of an operation whose path names no workspace: the token's own is meant. */
export function atOwn(name: HubOperation) {
  const { method, path, roles } = rowOf(name);
  const guard: Guard<Services, Access> = {
    admit: async (services, request) =>
      admitTo(services, request, await authenticate(services, request), roles),
    roles,
  };
  return { method, path, guard };
}

/** Where an operation is that needs no token. */
export function atOpen(name: HubOperation) {
  const { method, path }: OperationRow = hubOperations[name];
  return { method, path, guard: open<Services>() };
}

function rowOf(name: HubOperation) {
  const { method, path, roles }: OperationRow = hubOperations[name];
  if (roles === null) throw new Error(`${name} needs no token`);
  return { method, path, roles };
}

/**
 * The token, then the workspace of the path, then the role, then the rate; all before the body is read. Another workspace is
 * answered as an unknown one, 403 (docs/spec/contacthub.md F).
 */
async function admit(
  services: Services,
  request: FastifyRequest,
  roles?: readonly string[],
): Promise<Access> {
  const access = await authenticate(services, request);
  const workspaceId = pathParameter(request, 'workspaceId');
  if (workspaceId.toLowerCase() !== access.workspace.publicId)
    throw new RequestError('forbidden', `workspace not found: ${cutText(workspaceId, 100)}`);
  return admitTo(services, request, access, roles);
}

async function authenticate(services: Services, request: FastifyRequest): Promise<Access> {
  const access = await services.authenticator.authenticate('contacthub', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  return access;
}

function admitTo(
  services: Services,
  request: FastifyRequest,
  access: Access,
  roles?: readonly string[],
): Access {
  if (roles && !roles.includes(access.credential.role))
    throw new RequestError('forbidden', 'The client is not authorized to access the resource');
  request.access = access;
  const rate = services.rateLimiter.take(access.workspace, 'contacthub');
  if (rate && !rate.allowed) {
    throw new RequestError('rate-limited', 'Too many requests', { retryAfterSeconds: rate.resetSeconds });
  }
  return access;
}

/** The entry node of this id among those of the dialect. @throws RequestError `not-found` */
export function requireNode(workspace: Workspace, publicId: string): Node {
  const node = findNode(workspace, publicId);
  if (!node) throw notFound('node', publicId);
  return node;
}

export function findNode(workspace: Workspace, publicId: string): Node | undefined {
  const wanted = publicId.toLowerCase();
  return nodesOf(workspace).find((node) => node.publicId === wanted);
}

/** The entry node that the engine has under this number; undefined for one of another dialect, whose records are no customers. */
export function findOwnNode(workspace: Workspace, id: number): Node | undefined {
  const node = workspace.nodes.get(id);
  return node?.dialect === 'contacthub' ? node : undefined;
}

/** The nodes whose records are this dialect's customers. */
export function nodesOf(workspace: Workspace): Node[] {
  return [...workspace.nodes.values()].filter((node) => node.dialect === 'contacthub');
}

/** The roles of tokens that sources have; the others are users'. */
const sourceRoles: readonly string[] = ['TRUSTED_APPLICATION', 'UNTRUSTED_APPLICATION'] satisfies Role[];

/** Who writes by a token, as the log of consents tells it. */
export function authorOf({ id, role }: Credential): ConsentAuthor {
  return sourceRoles.includes(role) ? { sourceId: id, userId: null } : { sourceId: null, userId: id };
}

/** The number that a user goes by on the wire, where ids of users are integers: made of the token's id, positive, of 31 bits. */
export function userNumberOf(credentialId: string): number {
  return hash('sha256', credentialId, 'buffer').readUInt32BE() >>> 1;
}

/** `https://host/hub/v1`, as the client called it. */
export function baseUrlOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}/hub/v1`;
}
