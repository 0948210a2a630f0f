import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Campaign } from '../core/campaign/campaign.ts';
import { listImplicitCampaigns } from '../core/campaign/campaign-store.ts';
import { deleteCampaign } from '../core/campaign/delete-campaign.ts';
import { lowestId } from '../core/id.ts';
import { findSource, type Workspace } from '../core/workspace/workspace.ts';
import { RequestError } from '../errors.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { errors, Id, nullable, Time, WorkspaceParameters } from './schemas/common.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: visits'];
const path = '/workspaces/:workspace/campaigns';
/** Of 1,000 touchpoints each, so that the answer comes within a few seconds. */
const slicesPerCall = 20;

const CampaignSchema = Type.Object({
  id: Id,
  integration: nullable(Type.String({ description: 'Its wmktId.' })),
  slug: Type.String(),
  keyless: Type.Boolean({ description: 'Visits of a page’s visitors made it, without a key.' }),
  createdAt: Time,
});

const CampaignsQuery = Type.Object({
  integration: Type.Optional(Type.String({ maxLength: 64, description: 'A wmktId.' })),
  keyless: Type.Optional(Type.Boolean()),
  after: Type.Optional(Type.String({ format: 'uuid' })),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});

/** Campaigns that appeared from traffic: what is none of one's own can be deleted. */
export function registerCampaigns(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(path, {
    schema: {
      tags,
      summary: 'List the campaigns that appeared from traffic',
      params: WorkspaceParameters,
      querystring: CampaignsQuery,
      response: {
        200: Type.Object({
          campaigns: Type.Array(CampaignSchema),
          next: nullable(Type.String({ description: '`after` of the next page.' })),
        }),
        ...errors(404),
      },
    },
    onRequest,
    handler: async (request) => {
      const { integration, keyless, after, limit } = request.query;
      const workspace = workspaceOf(request);
      const sourceId = integration === undefined ? undefined : sourceOf(workspace, integration);
      const question = { sourceId, keyless, after: after ?? lowestId, limit: limit + 1 };
      const found = await listImplicitCampaigns(services.database, workspace.id, question);
      const page = found.slice(0, limit);
      return {
        campaigns: page.map((campaign) => presentCampaign(workspace, campaign)),
        next: found.length > limit ? page.at(-1)!.id : null,
      };
    },
  });
  app.delete(`${path}/:campaignId`, {
    schema: {
      tags,
      summary: 'Delete a campaign that appeared from traffic',
      description: 'Its visits stay, without a campaign. The next visit that names it makes another.',
      params: Type.Object({ ...WorkspaceParameters.properties, campaignId: Type.String({ format: 'uuid' }) }),
      response: {
        200: Type.Object({ more: Type.Boolean({ description: 'A call has its limit: call again.' }) }),
        ...errors(404, 409),
      },
    },
    onRequest,
    handler: async (request) => {
      const { campaignId } = request.params;
      const deleted = await deleteCampaign(services, workspaceOf(request).id, campaignId, slicesPerCall);
      if (!deleted) throw new RequestError('not-found', 'There is no such campaign.');
      if (deleted === 'kept')
        throw new RequestError('conflict', 'A call has made this campaign, or it has outlays: it stays.');
      return deleted;
    },
  });
}

function sourceOf(workspace: Workspace, wmktId: string): number {
  const source = findSource(workspace, 'webmarketer', 'integration', wmktId);
  if (!source) throw new RequestError('not-found', 'There is no such integration.');
  return source.id;
}

function presentCampaign(workspace: Workspace, campaign: Campaign): Static<typeof CampaignSchema> {
  return {
    id: campaign.id,
    integration: workspace.sources.get(campaign.sourceId)?.externalId ?? null,
    slug: campaign.slug,
    keyless: campaign.keyless,
    createdAt: campaign.createdAt.toISOString(),
  };
}
