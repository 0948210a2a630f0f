import type { FastifyInstance } from 'fastify';
import { leaveBodiesUnparsed } from '../../http/body.ts';
import { type Operation, registerOperations } from '../../http/operation.ts';
import { compileAllButBodies } from '../../http/validation.ts';
import type { Dialect, Services } from '../dialect.ts';
import { upsertAdAccount } from './advertising/ad-account-store.ts';
import { readCampaignsOfAds } from './advertising/ad-store.ts';
import { campaignDirectory } from './advertising/query/known-campaigns.ts';
import { readAdNames } from './advertising/read-ad-names.ts';
import { readSpend } from './advertising/read-spend.ts';
import { refreshJob } from './advertising/refresh-job.ts';
import { refreshLimits } from './advertising/refresh-limits.ts';
import { startAdvertisingRefresh } from './advertising/refresh-rounds.ts';
import { accountOperations } from './api/accounts/operations.ts';
import { advertisingOperations } from './api/advertising/operations.ts';
import { conversionOperations } from './api/conversions/operations.ts';
import { eventGroupOperations } from './api/event-groups/operations.ts';
import { eventOperations } from './api/events/operations.ts';
import { externalEventOperations } from './api/external-events/operations.ts';
import { isExternalEvent, replayExternalEvent } from './api/external-events/prepare.ts';
import { hubOperations } from './api/hub/operations.ts';
import { refreshOperations } from './api/refresh/operations.ts';
import { tokenOperations } from './api/token/operations.ts';
import { replayMessage, webhookOperations } from './api/webhook/operations.ts';
import { advertisingOf } from './connector/connect-advertising.ts';
import { factTypes } from './conversation/fact.ts';
import { conversations } from './conversation/projection/conversations.ts';
import { recountJob } from './conversation/projection/recount-leads.ts';
import { requestRecount } from './conversation/recount.ts';
import { windowOf } from './conversation/rules.ts';
import { conversationRules } from './conversion/conversation-rules-store.ts';
import { externalEventType } from './conversion/external-event.ts';
import { demo } from './demo.ts';
import { erasure } from './erasure/erasure.ts';
import { presentError } from './errors.ts';
import { registerAdvertisingAccounts } from './native/accounts.ts';
import { registerAds } from './native/ads.ts';
import { registerConversions } from './native/conversions.ts';
import { registerAdFigures } from './native/read-ads.ts';
import { registerRecount } from './native/recount.ts';
import { provision } from './provision.ts';
import { AppSettings, ConversationSettings } from './settings.ts';
import { transfer } from './transfer.ts';

const ownedPaths = ['/webhooks/whatsapp', '/api/v2/', '/v1/clients/', '/v1/app/', '/clients/'];

/** docs/spec/signals.md. */
export const signals: Dialect = {
  name: provision.dialect,
  provision,
  transfer,
  settings: ConversationSettings,
  sourceSettings: AppSettings,
  parts: [conversationRules],
  // Where conversations are open for longer or shorter from then on, past ones are, too, once the leads are counted anew.
  followSettings: async (tx, before, settings, now) => {
    if (windowOf(settings) !== before.parts.get(conversationRules).windowMilliseconds)
      await requestRecount(tx, before.id, 'all', now);
  },
  // Without connection, so that ads and numbers can be imported; a token that opens it connects it.
  setUp: (tx, { id, currency, timezone }, { source }, now) => {
    const account = { facebookAccountId: null, name: 'Ad account', currency, timezone };
    return upsertAdAccount(tx, id, { id: String(source?.settings.adAccountId), ...account }, now);
  },
  rateGroups: [],
  saleTypes: [externalEventType],
  keptTypes: factTypes,
  // Leads are found by their number.
  finders: ['phone'],
  projections: [conversations],
  campaignsOfAds: readCampaignsOfAds,
  erasure,
  attribution: { spend: readSpend, adNames: readAdNames, campaigns: campaignDirectory },
  owns: (path) => ownedPaths.some((owned) => path.startsWith(owned)),
  commands: {
    signals: {
      summary: 'set up ad accounts and the tracking of WhatsApp numbers',
      load: async () => (await import('./cli/signals.ts')).signals,
    },
  },
  register,
  registerNative(scope, services) {
    registerRecount(scope, services);
    registerAdvertisingAccounts(scope, services);
    registerAds(scope, services);
    registerAdFigures(scope, services);
    registerConversions(scope, services);
  },
  jobKinds: (services) => [
    recountJob(services),
    // A recount that a refresh asks for is taken up by whoever looks for jobs.
    refreshJob(() => ({
      ...advertisingOf(services),
      database: services.jobDatabase,
      startJobs: () => {},
    })),
  ],
  startRounds: ({ jobDatabase: database, clock, logger }) => [
    startAdvertisingRefresh({ database, clock, logger }),
  ],
  demo,
  addresses: [
    { host: 'https://api.signals.360dialog.io', path: '' },
    { host: 'https://hub.360dialog.io', path: '/api/v2' },
  ],
  presentError,
  explainer: {
    remedyOf: ({ rule }) =>
      rule === 'missing-field' || rule === 'invalid-field'
        ? { text: 'It came so over the webhook: ask who sends the webhooks, and let it be sent again.' }
        : undefined,
  },
  replay: (event) => (isExternalEvent(event) ? replayExternalEvent(event) : replayMessage(event)),
};

const operations: readonly Operation<Services>[] = [
  ...tokenOperations,
  ...eventOperations,
  ...hubOperations,
  ...accountOperations,
  ...advertisingOperations,
  ...conversionOperations,
  ...eventGroupOperations,
  ...externalEventOperations,
];

/**
 * FastAPI names every parameter that is wrong, which parse.ts does: the schemas of queries and bodies are documentation, and only
 * paths are checked by theirs.
 */
const table = { tag: 'Signals', compile: compileAllButBodies };

async function register(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(async (scope) => {
    leaveBodiesUnparsed(scope);
    registerOperations(scope, services, webhookOperations, table);
  });
  registerOperations(app, services, operations, table);
  registerOperations(app, services, refreshOperations(refreshLimits(app)), table);
}
