import type { FastifyInstance } from 'fastify';
import type { Dialect, Services } from '../dialect.ts';
import { registerAccountRoutes } from './account/routes.ts';
import { registerCustomAdsRoutes } from './custom-ads/routes.ts';
import { registerCustomColumnRoutes } from './custom-columns/routes.ts';
import { presentError } from './errors.ts';
import { replayEvent } from './event-submission.ts';
import { registerFieldRoutes } from './fields/routes.ts';
import { registerInsightRoutes } from './insights/routes.ts';
import { registerIntegrationRoutes } from './integrations/routes.ts';
import { registerInteractionRoutes } from './interactions/routes.ts';
import { registerMetricRoutes } from './metrics/routes.ts';
import { registerEventTypeRoutes } from './routes-event-types.ts';
import { registerEventRoutes } from './routes-events.ts';
import { registerTokenRoute } from './routes-token.ts';
import { IntegrationSettings, ProjectSettings } from './settings.ts';
import { registerUserRoutes } from './users/routes.ts';

/** spec/webmarketer.md. Octeth's own paths under /api/v1/ come before these in the registry (ruling 12). */
export const webmarketer: Dialect = {
  name: 'webmarketer',
  settings: ProjectSettings,
  sourceSettings: IntegrationSettings,
  rateGroups: [],
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
  registerMetricRoutes(app, services);
  registerInsightRoutes(app, services);
  registerEventTypeRoutes(app, services);
  registerIntegrationRoutes(app, services);
  registerCustomAdsRoutes(app, services);
  registerInteractionRoutes(app, services);
  registerFieldRoutes(app, services);
  registerCustomColumnRoutes(app, services);
  registerUserRoutes(app, services);
  registerAccountRoutes(app, services);
}
