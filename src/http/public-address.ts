import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** `https://host[:port]`, where it is set. */
    publicUrl: string | undefined;
  }
}

/** `https://host[:port]`: where clients reach this server, as it is set, else as the caller has called it. */
export function publicAddressOf(request: FastifyRequest): string {
  return request.server.publicUrl ?? `${request.protocol}://${request.host}`;
}
