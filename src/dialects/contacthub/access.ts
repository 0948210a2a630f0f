import type { FastifyRequest } from 'fastify';
import { cutText } from '../../core/cut-text.ts';
import type { Node } from '../../core/node/node.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { accessOf, bearerToken } from '../../http/access.ts';
import type { Services } from '../dialect.ts';

/** What a token may be (docs/spec/contacthub.md, scopes). */
export type Role =
  | 'CLAB_OPERATOR'
  | 'ADMIN'
  | 'USER'
  | 'GUEST'
  | 'TRUSTED_APPLICATION'
  | 'UNTRUSTED_APPLICATION'
  | 'PLATFORM_UPDATES'
  | 'DPO';

/** Who may do what, by the vendor's own list of version 1.51; CLAB_OPERATOR, which is younger, may do what ADMIN may. */
export const rolesOf = {
  searchCustomers: [
    'CLAB_OPERATOR',
    'ADMIN',
    'USER',
    'GUEST',
    'TRUSTED_APPLICATION',
    'UNTRUSTED_APPLICATION',
  ],
  readCustomer: ['CLAB_OPERATOR', 'ADMIN', 'USER', 'GUEST', 'TRUSTED_APPLICATION'],
  write: ['CLAB_OPERATOR', 'ADMIN', 'USER', 'TRUSTED_APPLICATION', 'UNTRUSTED_APPLICATION'],
  deleteOrReadDetails: ['CLAB_OPERATOR', 'ADMIN', 'USER', 'TRUSTED_APPLICATION'],
  readConfiguration: ['CLAB_OPERATOR', 'ADMIN', 'USER', 'GUEST', 'TRUSTED_APPLICATION'],
} as const satisfies Record<string, readonly Role[]>;

/**
 * The token, then the workspace of the path, then the role, then the rate; all before the body is read. Another workspace is
 * answered as an unknown one, 403 (docs/spec/contacthub.md F).
 */
export async function admit(
  services: Services,
  request: FastifyRequest,
  roles?: readonly Role[],
): Promise<void> {
  const access = await services.authenticator.authenticate('contacthub', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  const { workspaceId } = request.params as { workspaceId?: string };
  if (workspaceId !== undefined && workspaceId.toLowerCase() !== access.workspace.publicId) {
    throw new RequestError('forbidden', `workspace not found: ${cutText(workspaceId, 100)}`);
  }
  if (roles && !roles.includes(access.credential.role as Role)) {
    throw new RequestError('forbidden', 'The client is not authorized to access the resource');
  }
  request.access = access;
  const rate = services.rateLimiter.take(access.workspace, 'contacthub');
  if (rate && !rate.allowed) {
    throw new RequestError('rate-limited', 'Too many requests', { retryAfterSeconds: rate.resetSeconds });
  }
}

/** The entry node of this id among those of the dialect. @throws RequestError `not-found` */
export function requireNode(workspace: Workspace, publicId: string): Node {
  const node = findNode(workspace, publicId);
  if (!node) throw new RequestError('not-found', `node not found ${cutText(publicId, 100)}`);
  return node;
}

export function findNode(workspace: Workspace, publicId: string): Node | undefined {
  const wanted = publicId.toLowerCase();
  return nodesOf(workspace).find((node) => node.publicId === wanted);
}

/** The nodes whose records are this dialect's customers. */
export function nodesOf(workspace: Workspace): Node[] {
  return [...workspace.nodes.values()].filter((node) => node.dialect === 'contacthub');
}

export function workspaceOf(request: FastifyRequest): Workspace {
  return accessOf(request).workspace;
}

/** `https://host/hub/v1`, as the client called it. */
export function baseUrlOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}/hub/v1`;
}
