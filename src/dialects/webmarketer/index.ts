import type { FastifyInstance } from 'fastify';
import { type Operation, registerOperations } from '../../http/operation.ts';
import { compileAllButBodies } from '../../http/validation.ts';
import type { Dialect, Services } from '../dialect.ts';
import { accountOperations } from './api/account/operations.ts';
import { customAdsOperations } from './api/custom-ads/operations.ts';
import { customColumnOperations } from './api/custom-columns/operations.ts';
import { eventTypeOperations } from './api/event-types/operations.ts';
import { eventOperations } from './api/events/operations.ts';
import { replayEvent } from './api/events/prepare.ts';
import { fieldOperations } from './api/fields/operations.ts';
import { insightOperations } from './api/insights/operations.ts';
import { integrationOperations } from './api/integrations/operations.ts';
import { interactionOperations } from './api/interactions/operations.ts';
import { metricOperations } from './api/metrics/operations.ts';
import { tokenOperations } from './api/token/operations.ts';
import { parseForms } from './api/token/parse.ts';
import { userOperations } from './api/users/operations.ts';
import { readSpend } from './campaign/read-spend.ts';
import { contactFieldsOf } from './definition/contact-fields.ts';
import { explainTrashed } from './definition/explain-trashed.ts';
import { keysOfMember } from './definition/keys-of-member.ts';
import { demo } from './demo.ts';
import { presentError } from './errors.ts';
import { registerEventTypes } from './native/event-types.ts';
import { registerOutlays } from './native/outlays.ts';
import { provision } from './provision.ts';
import { campaignDirectory } from './query/known-campaigns.ts';
import { retention } from './retention/stages.ts';
import { IntegrationSettings, ProjectSettings } from './settings.ts';
import { transfer } from './transfer.ts';

/** docs/spec/webmarketer.md. Octeth's own paths under /api/v1/ come before these in the registry (ruling 12). */
export const webmarketer: Dialect = {
  name: provision.dialect,
  provision,
  transfer,
  finders: ['field'],
  contactFieldsOf,
  settings: ProjectSettings,
  sourceSettings: IntegrationSettings,
  rateGroups: [],
  owns: (path) => path.startsWith('/oidc/') || path.startsWith('/api/v1/'),
  register,
  demo,
  addresses: [
    { host: 'https://api.webmarketer.io', path: '/api/v1' },
    { host: 'https://oauth.webmarketer.io', path: '/oidc' },
  ],
  presentError,
  retention,
  replay: replayEvent,
  explainer: explainTrashed,
  erasure: { keysOfMember },
  attribution: { spend: readSpend, campaigns: campaignDirectory },
  registerNative: (scope, services) => {
    registerEventTypes(scope, services);
    registerOutlays(scope, services);
  },
};

const operations: readonly Operation<Services>[] = [
  ...eventOperations,
  ...metricOperations,
  ...insightOperations,
  ...eventTypeOperations,
  ...integrationOperations,
  ...customAdsOperations,
  ...interactionOperations,
  ...fieldOperations,
  ...customColumnOperations,
  ...userOperations,
  ...accountOperations,
];

const table = { tag: 'Webmarketer', compile: compileAllButBodies };

async function register(app: FastifyInstance, services: Services): Promise<void> {
  // Replies hold what the event types of a workspace define, so their schemas document and do not shape them.
  app.setSerializerCompiler(() => (reply) => JSON.stringify(reply));
  await app.register(async (scope) => {
    parseForms(scope);
    registerOperations(scope, services, tokenOperations, table);
  });
  registerOperations(app, services, operations, table);
}
