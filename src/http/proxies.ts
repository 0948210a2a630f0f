import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/**
 * For where no proxy is trusted: says once that there seems to be one. Who forgets to name it has all visitors counted as one
 * address, which nobody would see before the first of them is refused.
 */
export function warnOfProxies(app: FastifyInstance, logger: Logger): void {
  let isSaid = false;
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isSaid && request.headers['x-forwarded-for'] !== undefined) {
      isSaid = true;
      logger.warn(
        'a request came with X-Forwarded-For, which is not read: if a proxy stands before this server, name it in TRUSTED_PROXIES',
      );
    }
    done();
  });
}
