import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findUnstorable } from '../core/event/storable.ts';
import { RequestError } from '../errors.ts';
import { type Operation, registerOperations } from '../http/operation.ts';
import { accountingOperations } from './accounting/operations.ts';
import { campaignAttributionOperations } from './attribution/campaign-operations.ts';
import { attributionOperations } from './attribution/operations.ts';
import { bindingOperations } from './bindings/operations.ts';
import { campaignOperations } from './campaigns/operations.ts';
import { consentOperations } from './consents/operations.ts';
import { conversionOperations } from './conversions/operations.ts';
import { dialectOperations } from './dialects/operations.ts';
import { erasureOperations } from './erasures/operations.ts';
import { typeMetrics } from './event-types/metrics.ts';
import { eventTypeOperations } from './event-types/operations.ts';
import { eventOperations } from './events/operations.ts';
import { exchangeRateOperations } from './exchange-rates/operations.ts';
import { exportOperations } from './export/operations.ts';
import { insightOperations } from './insights/operations.ts';
import { jobOperations } from './jobs/operations.ts';
import { keyOperations } from './keys/operations.ts';
import { linkOperations } from './links/operations.ts';
import { Listeners } from './live/listeners.ts';
import { liveOperations } from './live/operations.ts';
import { metricHistoryOperations } from './metric-history/operations.ts';
import { nodeOperations } from './nodes/operations.ts';
import { peopleOperations } from './people/operations.ts';
import { personTitles } from './people/titles.ts';
import { quarantineOperations } from './quarantine/operations.ts';
import { rebuildOperations } from './rebuild/operations.ts';
import { retentionOperations } from './retention/operations.ts';
import type { NativeDialect, NativeServices } from './services.ts';
import { sessionOperations } from './session/operations.ts';
import { sourceOperations } from './sources/operations.ts';
import { summaryOperations } from './summary/operations.ts';
import { systemOperations } from './system/operations.ts';
import { touchpointOperations } from './touchpoints/operations.ts';
import { transitionOperations } from './transitions/operations.ts';
import { compileNative } from './validation.ts';
import { verifyOperations } from './verify/operations.ts';
import { viewOperations } from './views/operations.ts';
import { visitOperations } from './visits/operations.ts';
import { workspaceOperations } from './workspaces/operations.ts';

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

/**
 * The product's own API, under /throughline/v1 (docs/native-api.md): a room a resource. Its `present.ts` lists every field of an
 * answer: what a store gains is not shown by itself.
 */
export async function registerNative<Services extends NativeServices>(
  app: FastifyInstance,
  services: Services,
  dialects: readonly (NativeDialect & {
    readonly registerNative?: (scope: FastifyInstance, services: Services) => void;
  })[],
): Promise<void> {
  await app.register(
    async (scope) => {
      scope.addHook('preValidation', refuseUnstorable);
      const listeners = new Listeners(services.ingest, services.others, services.config.processes);
      scope.addHook('preClose', async () => listeners.close());
      for (const [tag, operations] of tablesOf(dialects, listeners))
        registerOperations(scope, services, operations, { tag, compile: compileNative });
      for (const dialect of dialects) dialect.registerNative?.(scope, services);
    },
    { prefix: '/throughline/v1' },
  );
}

/** Each with its heading in the API's document. */
function tablesOf(
  dialects: readonly NativeDialect[],
  listeners: Listeners,
): readonly (readonly [string, readonly Operation<NativeServices>[]])[] {
  return [
    [
      'Native: workspaces',
      [
        ...workspaceOperations(dialects),
        ...summaryOperations,
        ...systemOperations,
        ...rebuildOperations,
        ...verifyOperations,
        ...jobOperations,
        ...retentionOperations(dialects),
      ],
    ],
    [
      'Native: configuration',
      [
        ...dialectOperations(dialects),
        ...nodeOperations,
        ...sourceOperations(dialects),
        ...eventTypeOperations(dialects),
        typeMetrics,
        ...bindingOperations(dialects),
        ...exchangeRateOperations,
      ],
    ],
    ['Native: keys', [...keyOperations(dialects), ...sessionOperations]],
    [
      'Native: events',
      [
        ...eventOperations,
        ...accountingOperations,
        ...liveOperations(listeners),
        ...transitionOperations,
        ...metricHistoryOperations,
      ],
    ],
    [
      'Native: people',
      [
        ...peopleOperations,
        personTitles,
        ...consentOperations,
        ...erasureOperations(dialects),
        ...exportOperations(dialects),
      ],
    ],
    ['Native: links', linkOperations],
    ['Native: quarantine', quarantineOperations(dialects)],
    [
      'Native: attribution',
      [
        ...conversionOperations,
        ...attributionOperations(dialects),
        ...campaignAttributionOperations(dialects),
      ],
    ],
    ['Native: insights', [...insightOperations(dialects), ...viewOperations]],
    ['Native: visits', [...visitOperations, ...campaignOperations, ...touchpointOperations]],
  ];
}
