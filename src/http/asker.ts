import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Asker, onBehalfOf } from '../store/asker.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** On whose behalf this request asks the database. */
    asker: Asker | null;
  }
}

/**
 * From here on whatever a request asks of the database, it asks on behalf of its workspace and its caller (store/lanes.ts). Twice,
 * since what reads the body comes back from the socket, and so from outside.
 */
export function registerAskers(app: FastifyInstance): void {
  app.decorateRequest('asker', null);
  const enter = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    request.asker ??= askerOf(request, reply);
    onBehalfOf(request.asker, done);
  };
  app.addHook('onRequest', enter);
  app.addHook('preValidation', enter);
}

function askerOf(request: FastifyRequest, { raw }: FastifyReply): Asker {
  return {
    tenant: () => request.access?.workspace.id,
    isGone: () => raw.destroyed && !raw.writableFinished,
    onGone(listener) {
      raw.once('close', listener);
      return () => raw.off('close', listener);
    },
  };
}
