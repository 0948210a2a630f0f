import type { FastifyRequest } from 'fastify';
import type { Access } from '../core/credential/authenticator.ts';
import { RequestError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once a dialect's authentication has found out. */
    access: Access | null;
  }
}

const bearerPattern = /^Bearer +([^\s]+) *$/i;

export function bearerToken(request: FastifyRequest): string | undefined {
  return bearerPattern.exec(request.headers.authorization ?? '')?.[1];
}

/** The access that the route's authentication has set. */
export function accessOf(request: FastifyRequest): Access {
  if (!request.access) throw new RequestError('unauthenticated');
  return request.access;
}
