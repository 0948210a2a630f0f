import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { enterWorkspace, workspaceOf } from '../../../native/admission.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import { ConversionsQuery, ConversionsReply } from '../../../native/schemas/signals.ts';
import type { NativeServices } from '../../../native/services.ts';
import type { Conversion } from '../conversation/rules.ts';
import { listConversions } from '../conversion/conversion-store.ts';
import { warningsOf } from '../conversion/generic-text.ts';

/** The vendor's API sets conversions and shows none. */
export function registerConversions(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/workspaces/:workspace/signals/conversions', {
    schema: {
      tags: ['Native: Signals'],
      summary: 'By which event each campaign’s success is counted, with warnings',
      params: WorkspaceParameters,
      querystring: ConversionsQuery,
      response: { 200: ConversionsReply, ...errors(404) },
    },
    onRequest: enterWorkspace.bind(null, services),
    handler: async (request) => {
      const { after, limit } = request.query;
      const found = await listConversions(services.database, workspaceOf(request).id, after, limit + 1);
      const page = found.slice(0, limit);
      return {
        conversions: page.map(presentConversion),
        next: found.length > limit ? page.at(-1)!.campaignId : null,
      };
    },
  });
}

function presentConversion({ campaignId, type, typeValue, typeId, createdAt }: Conversion) {
  return {
    campaignId,
    type,
    typeValue,
    typeId,
    createdAt: createdAt.toISOString(),
    warnings: warningsOf({ type, typeValue }),
  };
}
