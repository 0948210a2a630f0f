import type { FastifyInstance } from 'fastify';
import type { PlatformLimits } from './ad-platform.ts';

/** How long a request may wait for Meta: less than proxies commonly allow. */
const requestMilliseconds = 25_000;

/** Limits of a refresh that a request waits for; all are broken off when the server closes. */
export function refreshLimits(app: FastifyInstance): () => PlatformLimits {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  return () => ({ deadline: Date.now() + requestMilliseconds, signal: closing.signal });
}
