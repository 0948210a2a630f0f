import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionMilliseconds } from '../../core/credential/console-session.ts';
import { readCookie, writeCookie } from '../../http/cookies.ts';

const name = 'throughline_session';
/** No vendor's path ever sees it. */
const path = '/throughline/v1';

export function readSessionCookie(request: FastifyRequest): string | undefined {
  return readCookie(request, name);
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  const terms = { path, maxAgeSeconds: sessionMilliseconds / 1000 };
  reply.header('set-cookie', writeCookie(request, name, secret, terms));
}

export function forgetSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', writeCookie(request, name, '', { path, maxAgeSeconds: 0 }));
}
