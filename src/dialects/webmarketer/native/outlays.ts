import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import Type from 'typebox';
import { lowestId } from '../../../core/id.ts';
import { operation, registerOperations } from '../../../http/operation.ts';
import { queryObject } from '../../../http/validation.ts';
import { timeOf } from '../../../native/date-times.ts';
import { inWorkspace } from '../../../native/guards.ts';
import { noSuch } from '../../../native/refusals.ts';
import { errors, Id, nullable, resourceParameters, Time } from '../../../native/schemas/common.ts';
import type { NativeServices } from '../../../native/services.ts';
import { compileNative } from '../../../native/validation.ts';
import type { Outlay } from '../campaign/outlay.ts';
import { listOutlaysById } from '../campaign/outlay-store.ts';
import { campaignDirectory } from '../query/known-campaigns.ts';

const OutlaysQuery = queryObject({
  after: Type.Optional(Type.String({ format: 'uuid', description: '`next` of the page before.' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
});

const OutlaySchema = Type.Object({
  id: Id,
  amount: Type.Number({ description: 'In the units, not the cents, of the currency.' }),
  currency: Type.String({ description: 'ISO 4217.', examples: ['EUR'] }),
  startsAt: Time,
  endsAt: Type.String({ format: 'date-time', description: 'The first instant that it does not cover.' }),
  country: nullable(Type.String()),
  region: nullable(Type.String()),
  createdAt: Time,
  updatedAt: Time,
});

const OutlaysReply = Type.Object({
  outlays: Type.Array(OutlaySchema, { description: 'By age, the first that was made first.' }),
  next: nullable(Type.String({ description: '`after` of the next page.' })),
});

/** The vendor's API makes and changes outlays; here they are read beside what campaigns have brought. */
export function registerOutlays(scope: FastifyInstance, services: NativeServices): void {
  registerOperations(scope, services, [outlays], { tag: 'Native: attribution', compile: compileNative });
}

const outlays = operation({
  method: 'GET',
  path: '/workspaces/:workspace/campaigns/:campaignId/outlays',
  summary: 'What was spent on a campaign of an integration, and when',
  description: 'Reports of attribution spread each evenly over its time.',
  guard: inWorkspace,
  checks: { path: resourceParameters('campaignId', "The campaign's id."), query: OutlaysQuery },
  replies: { 200: OutlaysReply, ...errors(404) },
  handle: async ({ services, access: { workspace }, path: { campaignId }, query }) => {
    const { after = lowestId, limit } = query;
    const [campaign, found] = await Promise.all([
      campaignDirectory.find(services.database, workspace, campaignId),
      listOutlaysById(services.database, workspace.id, campaignId, after, limit + 1),
    ]);
    if (!campaign) throw noSuch('params/campaignId', 'The workspace has no campaign of this id.');
    const page = found.slice(0, limit);
    return {
      outlays: page.map(presentOutlay),
      next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  },
});

function presentOutlay(outlay: Outlay): Static<typeof OutlaySchema> {
  return {
    id: outlay.id,
    amount: outlay.amount,
    currency: outlay.currency,
    startsAt: timeOf(outlay.startsAt),
    endsAt: timeOf(outlay.endsAt),
    country: outlay.country,
    region: outlay.region,
    createdAt: timeOf(outlay.createdAt),
    updatedAt: timeOf(outlay.updatedAt),
  };
}
