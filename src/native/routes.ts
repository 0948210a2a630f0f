import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findUnstorable } from '../core/event/storable.ts';
import { registerAdvertisingAccounts } from '../dialects/signals/native/accounts.ts';
import { registerAds } from '../dialects/signals/native/ads.ts';
import { registerConversions } from '../dialects/signals/native/conversions.ts';
import { registerRecount } from '../dialects/signals/native/recount.ts';
import { RequestError } from '../errors.ts';
import { registerOperations } from '../http/operation.ts';
import { registerBindings } from './bindings.ts';
import { registerCampaigns } from './campaigns.ts';
import { registerConfiguration } from './configuration.ts';
import { registerEventTypes } from './event-types.ts';
import { registerEvents } from './events.ts';
import { jobOperations } from './jobs/operations.ts';
import { registerKeys } from './keys.ts';
import { registerLinks } from './links.ts';
import { registerLive } from './live.ts';
import { registerMetricHistory } from './metric-history.ts';
import { registerPeople } from './people.ts';
import { registerQuarantine } from './quarantine.ts';
import { registerRebuild } from './rebuild.ts';
import { registerRetention } from './retention.ts';
import type { NativeDialect, NativeServices } from './services.ts';
import { registerTouchpoints } from './touchpoints.ts';
import { registerTransitions } from './transitions.ts';
import { compileNative } from './validation.ts';
import { registerVisits } from './visits.ts';
import { registerWorkspaces } from './workspaces.ts';

/** What PostgreSQL can't take (U+0000, lone surrogates) can neither be looked for nor kept. */
async function refuseUnstorable(request: FastifyRequest): Promise<void> {
  for (const [part, value] of Object.entries({ query: request.query, body: request.body })) {
    if (typeof value !== 'object' || value === null) continue;
    const found = findUnstorable(value as Record<string, unknown>);
    if (found)
      throw new RequestError('invalid-request', `Part of the ${part} can't be stored (${found.rule}).`, {
        path: `${part}${found.path}`,
      });
  }
}

/** The product's own API, under /throughline/v1 (docs/native-api.md). */
export async function registerNative(
  app: FastifyInstance,
  services: NativeServices,
  dialects: readonly NativeDialect[],
): Promise<void> {
  await app.register(
    async (scope) => {
      scope.setValidatorCompiler(compileNative);
      scope.addHook('preValidation', refuseUnstorable);
      registerWorkspaces(scope, services, dialects);
      registerConfiguration(scope, services, dialects);
      registerEventTypes(scope, services);
      registerBindings(scope, services);
      registerKeys(scope, services);
      registerEvents(scope, services);
      registerLive(scope, services);
      registerPeople(scope, services);
      registerLinks(scope, services);
      registerQuarantine(scope, services, dialects);
      registerRebuild(scope, services);
      registerRecount(scope, services);
      registerOperations(scope, services, jobOperations, {
        tag: 'Native: workspaces',
        compile: compileNative,
      });
      registerRetention(scope, services);
      registerTransitions(scope, services);
      registerVisits(scope, services);
      registerCampaigns(scope, services);
      registerTouchpoints(scope, services);
      registerMetricHistory(scope, services);
      registerAdvertisingAccounts(scope, services);
      registerAds(scope, services);
      registerConversions(scope, services);
    },
    { prefix: '/throughline/v1' },
  );
}
