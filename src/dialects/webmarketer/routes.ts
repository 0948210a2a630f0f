import type { FastifyInstance } from 'fastify';
import type { Dialect, Services } from '../dialect.ts';
import { presentError } from './errors.ts';
import { replayEvent } from './event-submission.ts';
import { registerEventTypeRoutes } from './routes-event-types.ts';
import { registerEventRoutes } from './routes-events.ts';
import { registerTokenRoute } from './routes-token.ts';

/** spec/webmarketer.md. Octeth's own paths under /api/v1/ come before these in the registry (ruling 12). */
export const webmarketer: Dialect = {
  name: 'webmarketer',
  owns: (path) => path.startsWith('/oidc/') || path.startsWith('/api/v1/'),
  register,
  presentError,
  replay: replayEvent,
};

async function register(app: FastifyInstance, services: Services): Promise<void> {
  // Replies hold what the event types of a workspace define, so their schemas document and do not shape them.
  app.setSerializerCompiler(() => (reply) => JSON.stringify(reply));
  await app.register(async (scope) => registerTokenRoute(scope, services));
  registerEventRoutes(app, services);
  registerEventTypeRoutes(app, services);
}
