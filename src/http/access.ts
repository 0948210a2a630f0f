import type { FastifyRequest } from 'fastify';
import type { Access } from '../core/credential/authenticator.ts';
import { isRecord } from '../core/value/text.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once a dialect's authentication has found out. */
    access: Access | null;
    /** Whose counters a refusal goes to where no key is shown (a page's message). It opens nothing. */
    refusedFor: WorkspaceId | null;
  }
}

const bearerPattern = /^Bearer +([^\s]+) *$/i;

export function bearerToken(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  return bearerPattern.exec(request.headers.authorization ?? '')?.[1];
}

/** The access that the route's authentication has set. */
export function accessOf(request: FastifyRequest): Access {
  if (!request.access) throw new RequestError('unauthenticated');
  return request.access;
}

/** A part of the path by its name, for guards: they run before any schema is checked. Blank when the route has none of that name. */
export function pathParameter({ params }: Pick<FastifyRequest, 'params'>, name: string): string {
  const value = isRecord(params) ? params[name] : undefined;
  return typeof value === 'string' ? value : '';
}
