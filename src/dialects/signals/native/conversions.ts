import type { FastifyInstance } from 'fastify';
import { type Operation, operation, registerOperations } from '../../../http/operation.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { errors, WorkspaceParameters } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import type { Conversion } from '../conversation/rules.ts';
import { listConversions } from '../conversion/conversion-store.ts';
import { warningsOf } from '../conversion/generic-text.ts';
import { ConversionsQuery, ConversionsReply } from './schemas.ts';

/** The vendor's API sets conversions and shows none. */
export function registerConversions(scope: FastifyInstance, services: NativeServices): void {
  registerOperations(scope, services, conversionOperations, {
    tag: 'Native: Signals',
    compile: compileNative,
  });
}

const conversionOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path: '/workspaces/:workspace/signals/conversions',
    summary: 'By which event each campaign’s success is counted, with warnings',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, query: ConversionsQuery },
    replies: { 200: ConversionsReply, ...errors(404) },
    handle: async ({ services, access, query }) => {
      const { after, limit } = query;
      const found = await listConversions(services.database, access.workspace.id, after, limit + 1);
      const page = found.slice(0, limit);
      return {
        conversions: page.map(presentConversion),
        next: found.length > limit ? (page.at(-1)?.campaignId ?? null) : null,
      };
    },
  }),
];

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
