import type { FastifyInstance } from 'fastify';
import type { Dialect, Services } from '../dialect.ts';
import { registerAccountRoutes } from './api/account/operations.ts';
import { registerCustomAdsRoutes } from './api/custom-ads/operations.ts';
import { registerCustomColumnRoutes } from './api/custom-columns/operations.ts';
import { registerEventTypeRoutes } from './api/event-types/operations.ts';
import { replayEvent } from './api/events/event-submission.ts';
import { registerEventRoutes } from './api/events/operations.ts';
import { registerFieldRoutes } from './api/fields/operations.ts';
import { registerInsightRoutes } from './api/insights/operations.ts';
import { registerIntegrationRoutes } from './api/integrations/operations.ts';
import { registerInteractionRoutes } from './api/interactions/operations.ts';
import { registerMetricRoutes } from './api/metrics/operations.ts';
import { registerTokenRoute } from './api/token/operations.ts';
import { registerUserRoutes } from './api/users/operations.ts';
import { presentError } from './errors.ts';
import { IntegrationSettings, ProjectSettings } from './settings.ts';

/** docs/spec/webmarketer.md. Octeth's own paths under /api/v1/ come before these in the registry (ruling 12). */
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
